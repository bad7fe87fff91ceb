package steps

import (
	"context"
	"errors"

	"pipe/specs/expr"
)

func init() {
	register[Skip](300, "skip", "settles the item without a file, which is no failure",
		`{if: 'item.reference == "none"', skip: "there is nothing to fetch"}`)
}

// Skip settles the item without a file and a record: there is nothing to fetch
// for it, and that is no failure.
type Skip struct {
	Reason expr.Template `yaml:",body" required:"true" per:"item" doc:"why there is nothing to fetch; the item counts as skipped then, with this on record, and has neither file nor record"`
}

func (*Skip) readOnly() {}

func (*Skip) withoutPage() string { return "" }

// Run ends the item's steps.
func (s *Skip) Run(_ context.Context, on *StepContext) error {
	reason, err := s.Reason.Text(on.Values)
	if err != nil {
		return err
	}
	return &SkipError{Reason: reason, Certain: on.onlyOfItem()}
}

// SkipError ends the steps of an item for which there is nothing to do. It is no
// failure: nothing retries, rescues or passes over it.
type SkipError struct {
	Reason string
	// Certain is true where the item's row alone says so, and not the page.
	Certain bool
}

func (e *SkipError) Error() string { return "skipped: " + e.Reason }

// isFinal tells an error that no step may pass over, retry or rescue.
func isFinal(err error) bool {
	return isSkip(err) || isUncertain(err) || DiskFault(err) != nil || needsPage(err)
}

func isSkip(err error) bool {
	var skip *SkipError
	return errors.As(err, &skip)
}
