package steps

import (
	"context"

	"pipe/specs"
)

func init() {
	register[Set](220, "set", "gives vars values, for the item from there on",
		`set: {total: "${{ 1 + 1 }}"}`)
}

// Set gives vars values, for the item from there on.
type Set struct {
	Values specs.Assigns `yaml:",body" required:"true" doc:"names and their values, which are vars.NAME from there on; one that is a single expression keeps its type"`
}

func (*Set) readOnly() {}

func (*Set) withoutPage() string { return "" }

// Run evaluates the values, one after the other.
func (s *Set) Run(_ context.Context, on *StepContext) error {
	for _, one := range s.Values {
		v, err := one.Value.Value(on.Values)
		if err != nil {
			return err
		}
		on.SetVar(one.Name, v)
	}
	return nil
}
