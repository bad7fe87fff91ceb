package steps

import (
	"context"
	"errors"
	"fmt"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Expect](110, "expect", "fails unless something holds",
		`expect: {hidden: ".no-results", class: not_found, reason: "there is no ${{ item.reference }}"}`)
}

// Expect fails unless something holds now. It does not wait: that is wait's. Only where
// the end of an item is seen for the second time it has patience.
type Expect struct {
	Visible specs.Target    `yaml:"visible" doc:"this is to be seen"`
	Hidden  specs.Target    `yaml:"hidden" doc:"this is not to be seen"`
	URL     expr.Address    `yaml:"url" doc:"the address matches this glob, as **/vehicle/*"`
	That    *expr.Condition `yaml:"that" short:"true" doc:"this expression is true"`
	Class   string          `yaml:"class" enum:"not_found,rejected,transient,rate_limited" doc:"what the failure means; default transient"`
	Reason  expr.Template   `yaml:"reason" doc:"what is reported when it does not hold"`
}

func (*Expect) readOnly() {}

func (*Expect) withoutPage() string { return "" }

// Run checks.
func (e *Expect) Run(ctx context.Context, on *StepContext) error {
	err := e.holds(ctx, on)
	if err == nil || ctx.Err() != nil {
		return err
	}
	reason, failed := e.Reason.Text(on.Values)
	if failed != nil {
		return failed
	}
	if reason != "" {
		err = errors.New(reason)
	}
	if e.Class != "" {
		page := e.Visible.Given() || e.Hidden.Given() || !e.URL.Empty()
		return &ClassError{Class: e.Class, Certain: !page && on.onlyOfItem(e.That), Err: err}
	}
	return err
}

// ClassError is a failure whose class the spec names.
type ClassError struct {
	Class string
	// Certain is true where no second look is to confirm it: the item's row alone says
	// so, and not the page.
	Certain bool
	Err     error
}

func (e *ClassError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *ClassError) Unwrap() error { return e.Err }

func (e *Expect) holds(ctx context.Context, on *StepContext) error {
	for _, one := range []struct {
		target specs.Target
		want   bool
		not    string
	}{{e.Visible, true, "not there"}, {e.Hidden, false, "there"}} {
		if !one.target.Given() {
			continue
		}
		loc, err := on.locate(one.target)
		if err != nil {
			return err
		}
		is, err := anyVisible(ctx, "looking for "+one.target.With(on.Values), loc)
		if err != nil {
			return err
		}
		on.recordTarget(ctx, one.target, loc)
		if is && one.want {
			on.foundElement(ctx, one.target, loc)
		}
		if is != one.want && !on.becomes(ctx, one.target, one.want) {
			return fmt.Errorf("%s is %s", one.target.With(on.Values), one.not)
		}
	}
	return e.conditionAndURL(on)
}

// becomes tells whether a target is to be seen, or not, within the patience that there
// is for the page.
func (s *StepContext) becomes(ctx context.Context, t specs.Target, seen bool) bool {
	if s.Patience <= 0 {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, s.Patience)
	defer cancel()
	if seen {
		return s.awaitTarget(limited, t) == nil
	}
	return s.awaitHidden(limited, t) == nil
}

func (e *Expect) conditionAndURL(on *StepContext) error {
	if holds, err := e.That.Holds(on.Values); err != nil {
		return err
	} else if !holds {
		err := fmt.Errorf("%s does not hold", e.That)
		if parts := e.That.Parts(on.Values); parts != "" {
			err = fmt.Errorf("%w: %s", err, parts)
		}
		return err
	}
	if e.URL.Empty() {
		return nil
	}
	pattern, err := e.URL.Text(on.Values)
	if err != nil {
		return err
	}
	if !Glob(pattern)(on.Page.URL()) {
		return fmt.Errorf("the address is %s, not %s", ShortURL(on.Page.URL()), pattern)
	}
	return nil
}
