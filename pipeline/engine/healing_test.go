package engine

import (
	"context"
	"errors"
	"testing"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// trying is an attempt that goes by something on trial, or by nothing.
type trying string

func (t trying) Replacement(target specs.Target) specs.Target { return target }

func (t trying) Heal(context.Context, *steps.StepContext, string, specs.Target, bool) bool {
	return false
}

func (t trying) OnTrial() string { return string(t) }

func (t trying) Asked() bool { return false }

func (t trying) End(bool, pipeline.Class) []pipeline.Event { return nil }

// received is a file that is there.
type received struct{ steps.Delivery }

func (received) Discard() {}

// What is on trial counts where all files have come, and where it fails of another cause. All
// other ends are no ends: that there is no file, or no such item, may be another's.
func TestOnTrial(t *testing.T) {
	t.Parallel()
	file := []CapturedFile{{Captured: steps.CapturedFile{Delivery: received{}}}}
	for name, c := range map[string]struct {
		trial  trying
		a      Attempt
		failed pipeline.Class
	}{
		"its files":           {"b", Attempt{Files: file}, ""},
		"no file":             {"b", Attempt{}, pipeline.ProofFailed},
		"one of two":          {"b", Attempt{Files: file, missing: "download[1]: none"}, pipeline.ProofFailed},
		"skipped":             {"b", Attempt{skipped: &steps.SkipError{Reason: "none"}}, pipeline.ProofFailed},
		"not there":           {"b", Attempt{Err: errors.New("none"), class: pipeline.NotFound}, pipeline.ProofFailed},
		"refused by the spec": {"b", Attempt{Err: errors.New("none"), class: pipeline.Spec}, pipeline.ProofFailed},
		"a time-out":          {"b", Attempt{Err: errors.New("late"), class: pipeline.Transient}, pipeline.Transient},
		"the site is down":    {"b", Attempt{Err: errors.New("down"), class: pipeline.SiteDown}, pipeline.SiteDown},
		"not tried, skipped":  {"", Attempt{skipped: &steps.SkipError{Reason: "none"}}, ""},
		"not tried, no item":  {"", Attempt{Err: errors.New("none"), class: pipeline.NotFound}, pipeline.NotFound},
	} {
		a := c.a
		a.healing = c.trial
		r := &recordStage{classifier: &classifier{}}
		if r.onTrial(t.Context(), &a); a.class != c.failed || (a.Err == nil) != (c.failed == "") || c.failed != "" && a.skipped != nil {
			t.Errorf("%s: %v, class %q, skipped %v; want class %q", name, a.Err, a.class, a.skipped, c.failed)
		}
	}
}
