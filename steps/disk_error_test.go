package steps_test

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"pipe/specs"
	"pipe/steps"
)

// failingAction is an action that fails.
type failingAction struct {
	err   error
	tries int
}

func (f *failingAction) Run(context.Context, *steps.StepContext) error {
	f.tries++
	return f.err
}

// Nothing passes over, retries or rescues what the disk has no room for: the item
// would be done without it.
func TestDiskFaultIsFinal(t *testing.T) {
	t.Parallel()
	full := fmt.Errorf("keeping a file: %w", syscall.ENOSPC)
	for name, wrap := range map[string]func(specs.Step) specs.Step{
		"optional": func(s specs.Step) specs.Step { s.Optional = true; return s },
		"retry":    func(s specs.Step) specs.Step { s.Retry = 3; return s },
		"rescue": func(s specs.Step) specs.Step {
			return specs.Step{Verb: "try", Do: &steps.Try{Steps: []specs.Step{s}, Rescue: []specs.Step{{Verb: "log", Do: &failingAction{}}}}}
		},
	} {
		at := &failingAction{err: full}
		on := &steps.StepContext{}
		err := on.Run(t.Context(), []specs.Step{wrap(specs.Step{Verb: "fail", Do: at})})
		if steps.DiskFault(err) == nil || !errors.Is(err, syscall.ENOSPC) || at.tries != 1 {
			t.Errorf("%s: %v after %d tries", name, err, at.tries)
		}
	}
	if err := steps.ExplainFullDisk(syscall.EDQUOT); !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, syscall.EDQUOT) {
		t.Errorf("quota: %v", err)
	}
	if steps.DiskFault(errors.New("the site broke it off")) != nil || steps.DiskFault(nil) != nil {
		t.Error("a fault of the site's is taken for one of the disk's")
	}
}
