package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/specs"
)

// OnceLedger keeps which steps that are once have acted for an item. What it has been
// told is on disk when the call returns.
type OnceLedger interface {
	// Find tells what is known of a step, nil when it has not begun. item has the
	// values of the item that it is made of, as texts by their names.
	Find(ctx context.Context, step *specs.Step, item map[string]string) (*OnceEntry, error)
	// Begin notes that a step is about to act.
	Begin(ctx context.Context, step *specs.Step, item map[string]string) error
	// TakeBack notes that it has not acted after all.
	TakeBack(ctx context.Context, step *specs.Step) error
	// Finish notes that it is done, and what it has found.
	Finish(ctx context.Context, step *specs.Step, found Found) error
	// Doubt notes that it was done for other values of the item than those of now.
	Doubt(ctx context.Context, step *specs.Step) error
}

// OnceEntry is what is known of a step that has begun.
type OnceEntry struct {
	// Done is false while it is not known whether the site has taken what the step did.
	Done  bool
	Begun time.Time
	// Doubted is true for one that was done for other values of the item.
	Doubted bool
	// Item holds the values of the item that it was made of, nil where none is to be
	// held against those of now.
	Item map[string]string
	// Found is nil where nobody knows what it found.
	Found *Found
}

// Found is what a step has found: results and vars by their names.
type Found struct {
	Steps map[string]any `json:"steps,omitempty"`
	Vars  map[string]any `json:"vars,omitempty"`
}

// UncertainError is a step that is once and of which nobody knows whether the site has
// taken what it did. It is not done again before somebody has looked.
type UncertainError struct {
	Step *specs.Step
	// Err is why the step failed after it had begun, nil for one that was begun before.
	Err    error
	reason string
}

func (e *UncertainError) Error() string {
	return fmt.Sprintf("%q is to be done once, and %s: look on the site whether it is done, and say so by --uncertain done, or by --uncertain redo", e.Step.Name, e.reason)
}

// Unwrap gives the cause.
func (e *UncertainError) Unwrap() error { return e.Err }

func isUncertain(err error) bool {
	var uncertain *UncertainError
	return errors.As(err, &uncertain)
}
