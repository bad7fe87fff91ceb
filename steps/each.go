package steps

import (
	"context"
	"errors"
	"fmt"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Each](250, "each", "runs steps for each value of a list, or for each element that matches",
		`each: {element: "#files tr", index: n, do: [{capture: {from: a, as: "${{ item.reference }}-${{ vars.n }}.pdf"}}]}`)
}

// Each runs steps once for each value of a list, or for each element of the
// page that matches; targets inside are looked for within that element then.
type Each struct {
	In      []expr.Template `yaml:"in" doc:"the values: an expression that gives a list, or a list of texts"`
	Element specs.Target    `yaml:"element" doc:"the elements; targets in do are looked for within each, and :scope is the element itself"`
	Absent  string          `yaml:"absent" enum:"fail,empty" default:"fail" doc:"with element: whether it is a failure when none is there within timeouts.step, or just no round"`
	As      specs.VarName   `yaml:"as" doc:"with in: the name under which do knows the value, as vars.NAME"`
	Index   specs.VarName   `yaml:"index" doc:"the name under which do knows the number of the round, from 1, as vars.NAME"`
	Most    int             `yaml:"most" doc:"how many rounds there are at most, the rest is left; default: all"`
	Do      []specs.Step    `yaml:"do" required:"true" doc:"the steps of each round"`
}

// Fault tells of values that come from nowhere, or have no name.
func (e *Each) Fault() string {
	switch {
	case e.Element.Given() == (len(e.In) > 0):
		return "give one of in and element"
	case e.Element.Given() && e.As != "":
		return "as goes with in: with element, targets in do are looked for within the element"
	case len(e.In) > 0 && e.As == "":
		return "say as what do knows each value: give as, a name"
	default:
		return noSteps(e.Do)
	}
}

// noSteps says that do has none.
func noSteps(list []specs.Step) string {
	if len(list) == 0 {
		return "do has no steps"
	}
	return ""
}

func (*Each) unlimited() {}

func (e *Each) target() specs.Target { return e.Element }

func (e *Each) nestedSteps() [][]specs.Step { return [][]specs.Step{e.Do} }

func (e *Each) firstSteps() ([][]specs.Step, bool) { return e.nestedSteps(), false }

func (*Each) withoutPage() string { return "" }

// Run runs the rounds; their number is steps.NAME.
func (e *Each) Run(ctx context.Context, on *StepContext) error {
	run := e.values
	if e.Element.Given() {
		run = e.elements
	}
	before := on.currentVars()
	rounds, err := run(ctx, on)
	on.restoreVars(before, e.As, e.Index)
	on.setValue(rounds)
	return err
}

func (e *Each) values(ctx context.Context, on *StepContext) (int, error) {
	list, err := expr.ListOf(e.In, on.Values, "for each")
	if err != nil {
		return 0, err
	}
	for i, v := range list {
		if e.Most > 0 && i == e.Most {
			return i, nil
		}
		on.SetVar(e.As, v)
		if err := e.round(ctx, on, i, i+1 < len(list)); err != nil {
			return i, err
		}
	}
	return len(list), nil
}

// elements are those that are there when the first round begins. One that stands in
// another place later, as others have come or gone, is looked for there; one that has
// gone before its round is a failure.
func (e *Each) elements(ctx context.Context, on *StepContext) (int, error) {
	loc, err := on.locate(e.Element)
	if err != nil {
		return 0, err
	}
	if e.Absent != "empty" {
		if err := on.withStepLimit(ctx, func(ctx context.Context) error { return on.awaitAttached(ctx, e.Element) }); err != nil {
			return 0, err
		}
	}
	outer := on.root
	defer func() { on.root = outer }()
	texts := func() (all []string, err error) {
		err = on.withStepLimit(ctx, func(ctx context.Context) (err error) {
			all, err = Call(ctx, "looking at "+e.Element.String(), func() ([]string, error) { return contentHashes(loc) })
			return err
		})
		return all, err
	}
	begun, err := texts()
	if err != nil {
		return 0, err
	}
	if len(begun) == 0 {
		return 0, on.absentWithout("looking for " + e.Element.With(on.Values))
	}
	for i := range begun {
		if e.Most > 0 && i == e.Most {
			return i, nil
		}
		on.root = outer
		now, err := texts()
		if err != nil {
			return i, err
		}
		at := placeOf(begun, i, now)
		if at < 0 {
			return i, fmt.Errorf("%d of the %d elements %s were left before round %d, and its own is not among them", len(now), len(begun), e.Element, i+1)
		}
		on.root = loc.Nth(at)
		if err := e.round(ctx, on, i, false); err != nil {
			return i, err
		}
	}
	return len(begun), nil
}

// contentHashes sums up each element that there is.
func contentHashes(loc playwright.Locator) ([]string, error) {
	if element, is := loc.(StaticElement); is {
		return element.Contents()
	}
	answer, err := loc.EvaluateAll(`els => els.map(e => (` + contentHashJS + `)([e]))`)
	list, _ := answer.([]any)
	all := make([]string, len(list))
	for i, one := range list {
		all[i], _ = one.(string)
	}
	return all, err
}

// placeOf finds the i-th of elements as they were among those that there are now, -1
// where it has gone. One that no longer is what it was is in its place as long as none
// has gone.
func placeOf(before []string, i int, now []string) int {
	if len(now) == len(before) && now[i] == before[i] {
		return i
	}
	// Of equal ones it is the one with as many equals behind it.
	behind := countOf(before[i+1:], before[i])
	for at := len(now) - 1; at >= 0; at-- {
		if now[at] != before[i] {
			continue
		}
		if behind == 0 {
			return at
		}
		behind--
	}
	if len(now) == len(before) {
		return i
	}
	return -1
}

func countOf(list []string, text string) (n int) {
	for _, one := range list {
		if one == text {
			n++
		}
	}
	return n
}

func (e *Each) round(ctx context.Context, on *StepContext, i int, again bool) error {
	if e.Index != "" {
		on.SetVar(e.Index, i+1)
	}
	return on.runNested(e.Do, again, func(list []specs.Step) error { return on.Run(ctx, list) })
}

// withStepLimit bounds a look of an action that has no limit itself.
func (s *StepContext) withStepLimit(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.StepTimeout)
	defer cancel()
	return f(ctx)
}

var errTooMany = errors.New("there is no end to it")
