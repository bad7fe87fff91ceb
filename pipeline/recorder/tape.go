package recorder

import (
	"regexp"
	"slices"
	"strings"

	"pipe/pipeline/codegen"
	"pipe/specs"
	"pipe/steps"
)

// message is a line of the script's: a step, or what came of one.
type message struct {
	Ready bool   `json:"ready"`
	End   bool   `json:"end"`
	Fault string `json:"fault"`
	// At is the number of the step.
	At     int     `json:"at"`
	Step   *step   `json:"step"`
	Effect *effect `json:"effect"`
}

// step is an action as the driver's recorder has it, with what page.js adds.
type step struct {
	Tab    int      `json:"tab"`
	Frames []string `json:"frames"`
	// Address is that of the tab before the action.
	Address string       `json:"address"`
	Action  driverAction `json:"action"`
}

type driverAction struct {
	Name       string   `json:"name"`
	Selector   string   `json:"selector"`
	URL        string   `json:"url"`
	Text       string   `json:"text"`
	Key        string   `json:"key"`
	Modifiers  int      `json:"modifiers"`
	ClickCount int      `json:"clickCount"`
	Button     string   `json:"button"`
	Options    []string `json:"options"`
	Labels     []string `json:"labels"`
	Files      []string `json:"files"`
	Known      *known   `json:"known"`
}

// known is what was known of an action's element before it.
type known struct {
	Element *steps.Element `json:"element"`
	List    *list          `json:"list"`
	Secret  bool           `json:"secret"`
}

type list struct {
	Rows    string            `json:"rows"`
	Columns []codegen.Column  `json:"columns"`
	Values  map[string]string `json:"values"`
	Index   int               `json:"index"`
	Count   int               `json:"count"`
	LeftOut int               `json:"leftOut"`
	// Others has the texts of each row, in the order of the columns.
	Others [][]string `json:"others"`
	// Next, More and Numbers are the ways that it goes on, Scroller scrolls in the page.
	Next     string `json:"next"`
	More     string `json:"more"`
	Numbers  string `json:"numbers"`
	Scroller string `json:"scroller"`
	Grows    bool   `json:"grows"`
	// Total finds what tells how many rows there are in all, and AllRows is that number.
	Total   string `json:"total"`
	AllRows int    `json:"allRows"`
}

type effect struct {
	Tab      int    `json:"tab"`
	Address  string `json:"address"`
	Opened   int    `json:"opened"`
	Dialog   string `json:"dialog"`
	Accepted bool   `json:"accepted"`
	File     *file  `json:"file"`
	// Leave finds what logs out, on the page LeaveAt.
	Leave   string `json:"leave"`
	LeaveAt string `json:"leaveAt"`
	// Download is true for a file that the browser has saved.
	Download bool `json:"download"`
	// Refused is how the site has refused the page, Posted is true where a form was sent to it.
	Refused string `json:"refused"`
	Posted  bool   `json:"posted"`
}

type file struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Address string `json:"address"`
	Body    []byte `json:"body"`
	Printed bool   `json:"printed"`
}

// tape is what was heard until now.
type tape struct {
	start string
	say   func(codegen.Action)
	steps []step
	// effects are by the number of their step, said is the number of steps that were told.
	effects []outcome
	said    int
	// leave are what logs out, as pages have come.
	leave []effect
}

func newTape(start string, say func(codegen.Action)) *tape {
	if say == nil {
		say = func(codegen.Action) {}
	}
	return &tape{start: start, say: say}
}

// hear takes a line. A step is complete once there is another, or the end.
func (t *tape) hear(m message) error {
	switch {
	case m.Step != nil && m.At == len(t.steps):
		t.steps = append(t.steps, *m.Step)
		t.effects = append(t.effects, outcome{})
		t.tell(m.At)
	case m.Step != nil && m.At >= 0 && m.At < len(t.steps):
		t.steps[m.At] = *m.Step
	case m.Effect != nil && m.Effect.Leave != "":
		t.leave = append(t.leave, *m.Effect)
	case m.Effect != nil && m.At >= 0 && m.At < len(t.effects):
		t.steps[m.At].came(&t.effects[m.At], *m.Effect)
	case m.End:
		t.tell(len(t.steps))
	}
	return nil
}

// tell tells the steps before one that were not told yet.
func (t *tape) tell(before int) {
	for ; t.said < before; t.said++ {
		if a := t.action(t.said); t.counts(t.said, a) {
			t.say(a)
		}
	}
}

// recording gives all that was heard.
func (t *tape) recording() codegen.Recording {
	rec := codegen.Recording{Start: t.start, LoggedIn: t.loggedIn()}
	for i := range t.steps {
		a := t.action(i)
		if !t.counts(i, a) {
			continue
		}
		rec.Actions = append(rec.Actions, a)
	}
	rec.Actions = codegen.PointedAt(rec.Actions)
	return rec
}

// loggedIn finds what logs out on the page that the login has led to.
func (t *tape) loggedIn() *specs.LocatorText {
	landing := ""
	for i, s := range t.steps {
		if landing == "" && t.secretBefore(i) && s.Action.Name != "goto" {
			landing = t.effects[i].Address
		}
	}
	for _, l := range t.leave {
		if l.LeaveAt == landing {
			found := specs.LocatorOf(l.Leave)
			return &found
		}
	}
	return nil
}

// secretBefore tells whether a secret was typed before a step.
func (t *tape) secretBefore(i int) bool {
	return slices.ContainsFunc(t.steps[:i], func(s step) bool { return s.Action.Known != nil && s.Action.Known.Secret && s.Action.Name == "fill" })
}

// counts tells whether a step is one of a recording's.
func (t *tape) counts(i int, a codegen.Action) bool {
	return (a.Verb != "" || a.Note != "") && !t.isFocus(i)
}

// isFocus tells whether a step is the click into a field that is then typed into.
func (t *tape) isFocus(i int) bool {
	if i+1 >= len(t.steps) {
		return false
	}
	one, next := t.steps[i], t.steps[i+1]
	return one.Action.Name == "click" && next.Action.Name == "fill" && one.Tab == next.Tab &&
		one.Action.Selector == next.Action.Selector && slices.Equal(one.Frames, next.Frames)
}

// action gives a step as codegen has it; one with neither verb nor note is left out.
func (t *tape) action(i int) codegen.Action {
	s := t.steps[i]
	a := codegen.Action{Tab: s.Tab, Address: s.Address, Effect: t.effects[i].Effect}
	if k := s.Action.Known; k != nil {
		a.Element, a.Secret = k.Element, k.Secret
		a.List = k.List.of(s)
	}
	if s.Action.Selector != "" {
		a.Locators = s.locators()
	}
	s.Action.verb(&a)
	return a
}

// alternatives are so many locators at most.
const alternatives = 8

// weak are selectors that find the element among those that happen to be there: by its role
// or its kind alone. As an alternative of a better one they would find another's.
var weak = regexp.MustCompile(`(^|>> )(internal:role=[a-z]+|[a-z][a-z0-9-]*)$`)

// locators are the driver's for the element: what the recorder took first, and others.
func (s step) locators() []specs.LocatorText {
	all := []string{s.Action.Selector}
	if k := s.Action.Known; k != nil && k.Element != nil {
		all = append(all, slices.DeleteFunc(slices.Clone(k.Element.Selectors), weak.MatchString)...)
	}
	if len(all) > 1 && weak.MatchString(all[0]) {
		all = all[1:]
	}
	var out []specs.LocatorText
	var texts []string
	for _, selector := range all {
		l := specs.LocatorOf(inFrames(s.Frames, selector))
		if text := l.String(); len(out) < alternatives && !slices.Contains(texts, text) {
			out, texts = append(out, l), append(texts, text)
		}
	}
	return out
}

// inFrames is a selector as the driver has it, within frames.
func inFrames(frames []string, selector string) string {
	return strings.Join(append(slices.Clone(frames), selector), " >> internal:control=enter-frame >> ")
}

func (l *list) of(s step) *codegen.List {
	if l == nil {
		return nil
	}
	found := func(selector string) *specs.LocatorText {
		if selector == "" {
			return nil
		}
		l := specs.LocatorOf(inFrames(s.Frames, selector))
		return &l
	}
	others := make([]map[string]string, len(l.Others))
	for i, row := range l.Others {
		others[i] = map[string]string{}
		for c, value := range row {
			others[i][l.Columns[c].Name] = value
		}
	}
	return &codegen.List{
		Address: s.Address, Rows: specs.LocatorOf(inFrames(s.Frames, l.Rows)), Columns: l.Columns, Values: l.Values, Index: l.Index, Count: l.Count, LeftOut: l.LeftOut, Others: others,
		Next: found(l.Next), More: found(l.More), Numbers: found(l.Numbers), Scroll: l.Grows, Scroller: found(l.Scroller),
		Total: found(l.Total), AllRows: l.AllRows,
	}
}
