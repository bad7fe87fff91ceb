package steps

import (
	"context"
	"errors"

	"pipe/specs/expr"
)

func init() {
	register[Fail](290, "fail", "fails the attempt at the item, as the class says",
		`{if: 'item.reference == ""', fail: {class: not_found, reason: "it has no reference"}}`)
}

// Fail fails the attempt at the item.
type Fail struct {
	Reason expr.Template `yaml:"reason" short:"true" required:"true" doc:"what is reported"`
	Class  string        `yaml:"class" enum:"not_found,rejected,transient,rate_limited,proof_failed,site_down,spec" default:"rejected" doc:"what the failure means, and so whether it is tried again"`
}

func (*Fail) readOnly() {}

func (*Fail) withoutPage() string { return "" }

// Run fails.
func (f *Fail) Run(_ context.Context, on *StepContext) error {
	reason, err := f.Reason.Text(on.Values)
	if err != nil {
		return err
	}
	// What the site has answered to what is done once is not asked for again.
	certain := on.onlyOfItem() || on.acted() > 0
	return &ClassError{Class: f.Class, Certain: certain, Err: errors.New(reason)}
}
