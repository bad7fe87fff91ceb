package specs

import (
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/definition"
	"pipe/specs/document"
	"pipe/specs/expr"
)

// Verb is what a step can do, as its package defines it.
type Verb struct {
	// Name is the word in the spec.
	Name string
	// Doc says in a sentence what it does.
	Doc string
	// Example is such a step, in one line.
	Example string
	// New gives a pointer to a fresh struct, whose tags say what it takes.
	New func() any
}

// Step is one thing to do on a page: a verb and what goes on any step.
type Step struct {
	Name      string          `yaml:"name" doc:"names the step in reports, and its result as steps.NAME"`
	If        *expr.Condition `yaml:"if" doc:"the step runs only when this holds"`
	Optional  bool            `yaml:"optional" doc:"skipped when its target is not there by the time that the next step's is; its failure fails nothing"`
	Timeout   Duration        `yaml:"timeout" doc:"the most that one try of it may take; default timeouts.step"`
	Retry     int             `yaml:"retry" doc:"how many more times it is tried when it fails; default 0"`
	Exclusive string          `yaml:"exclusive" example:"search" doc:"a name: of the pages of one account, one at a time does steps of this name, and holds it until its next step that has it not, with the files captured meanwhile; for what the site keeps once for all pages of a login, such as the last search"`
	Once      bool            `yaml:"once" doc:"what it does on the site is done once for an item, whatever fails, and whenever a run is stopped: an order, a letter, a booking. The ledger knows the step by its name; see the page on it in the guide"`
	FailOn    *FailOn         `yaml:"fail_on" doc:"what shows that it has failed, before its time-out; default: the spec's fail_on"`
	Writes    *bool           `yaml:"writes" doc:"whether it changes something on the site, which a dry run announces and leaves; default: as its verb does, and no for clicks, but yes for those within a step that is once"`

	// Verb is the verb's name and Do its decoded struct.
	Verb string
	Do   any
	// WithinOnce is true for a step that stands in one that is once.
	WithinOnce bool
	// Pos is the place of the verb, Path leads to it: navigate.steps[2].click.
	Pos  document.Pos
	Path string
}

// Checker is a verb whose fields hang together: Fault says what is wrong with
// them all, or nothing.
type Checker interface{ Fault() string }

// Adviser is a verb that may be right and not wise: Advice says why, or nothing.
type Adviser interface {
	Advice(of expr.Varying, key expr.Template) string
}

// Modifiers names what goes on any step.
func Modifiers() []string { return FieldNames(definition.Fields(reflect.TypeFor[Step]())) }

func (s *Step) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	// A step whose verb is not known has a place too: what is checked of all steps tells it.
	s.Pos, s.Path = d.Pos(n), at.path
	if n.Kind == yaml.ScalarNode && d.verb(n.Value) != nil {
		// A bare verb: `- dismiss`.
		key, nothing := *n, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: n.Line, Column: n.Column}
		n = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Column: n.Column, Content: []*yaml.Node{&key, nothing}}
	}
	if n.Kind != yaml.MappingNode {
		d.Fault(n, "want a step such as `click: \"#button\"`, not %s", document.Describe(n))
		return
	}
	var own, beside []*yaml.Node
	var verb, body *yaml.Node
	for key, value := range d.Pairs(n) {
		switch {
		case slices.Contains(Modifiers(), key.Value):
			own = append(own, key, value)
		case slices.Contains([]string{"use", "include"}, key.Value):
			d.Fault(key, "%q stands for steps in a list, and this is one step", key.Value)
			verb = key
		case d.companionOf(key.Value) != "":
			beside = append(beside, key, value)
		case d.verb(key.Value) == nil:
			d.Fault(key, "unknown step %q%s", key.Value, document.DidYouMean(key.Value, append(d.stepWords(), "use", "include")))
			if verb == nil {
				verb = key
			}
		case verb != nil:
			d.Fault(key, "a step has one verb: this one has %q already", verb.Value)
		default:
			verb, body = key, value
		}
	}
	if verb == nil {
		d.Fault(n, "a step needs a verb: %s", strings.Join(d.verbNames(), ", "))
	}
	before := len(d.Faults)
	if body != nil {
		s.Verb, s.Pos, s.Path = verb.Value, d.Pos(verb), at.path+"."+verb.Value
		s.Do = d.verb(verb.Value).New()
		d.order[n] = stepOrder(append([]string{verb.Value}, companions(definition.Fields(reflect.TypeOf(s.Do).Elem()))...))
		own = s.decodeVerb(d, body, own, at)
	}
	s.decodeBeside(d, beside, at)
	mods := *n
	mods.Content = own
	d.decodeStruct(&mods, reflect.ValueOf(s).Elem(), at)
	if body != nil && len(d.Faults) == before {
		s.check(d, at)
		d.advise(s, at)
	}
	if s.Name != "" {
		d.env.DeclareStep(s.Name)
	}
}

// stepOrder is the order of a step's fields, or of a verb's with what goes on
// any step among them: what it is called, and when and how often it runs come first.
func stepOrder(own []string) []string {
	var before, after []string
	for _, m := range Modifiers() {
		switch {
		case slices.Contains(own, m):
		case m == "name" || m == "if" || m == "once":
			before = append(before, m)
		default:
			after = append(after, m)
		}
	}
	return slices.Concat(before, own, after)
}

// liftModifiers moves `optional: true` and the like out of a verb's own
// mapping, where they read well too. A field of the verb's own goes first.
func liftModifiers(body *yaml.Node, own []*yaml.Node, fields []definition.Field) (*yaml.Node, []*yaml.Node) {
	if body.Kind != yaml.MappingNode {
		return body, own
	}
	rest := *body
	rest.Content = nil
	for i := 0; i+1 < len(body.Content); i += 2 {
		key := body.Content[i]
		mine := slices.ContainsFunc(fields, func(f definition.Field) bool {
			return f.Key == key.Value || f.Inline && isLocatorKey(key.Value)
		})
		if !mine && slices.Contains(Modifiers(), key.Value) {
			own = append(own, key, body.Content[i+1])
		} else {
			rest.Content = append(rest.Content, key, body.Content[i+1])
		}
	}
	return &rest, own
}

func (d *decoder) verb(name string) *Verb {
	if i := slices.IndexFunc(d.verbs, func(v Verb) bool { return v.Name == name }); i >= 0 {
		return &d.verbs[i]
	}
	return nil
}

func (d *decoder) verbNames() []string {
	names := make([]string, len(d.verbs))
	for i, v := range d.verbs {
		names[i] = v.Name
	}
	return names
}

// StepsIn lists the steps of a list and those that stand in them, in the order
// of the spec.
func StepsIn(list []Step) []*Step {
	var all []*Step
	for i := range list {
		all = append(all, &list[i])
		all = append(all, stepsIn(reflect.ValueOf(list[i].Do))...)
	}
	return all
}

func stepsIn(v reflect.Value) []*Step {
	var all []*Step
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if step, ok := v.Interface().(*Step); ok {
			return append([]*Step{step}, stepsIn(reflect.ValueOf(step.Do))...)
		}
		return stepsIn(v.Elem())
	case reflect.Slice:
		if list, ok := v.Interface().([]Step); ok {
			return StepsIn(list)
		}
		for i := range v.Len() {
			all = append(all, stepsIn(v.Index(i))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				all = append(all, stepsIn(v.Field(i))...)
			}
		}
	}
	return all
}
