package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// A browser that is lost, or the connection to it, costs an item no try, whatever
// the failure looks like; what the item itself does wrong does.
func TestLostBrowserIsFree(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  error
		status pipeline.Status
		class  pipeline.Class
	}{
		"the page closed":        {steps.ErrClosed, pipeline.Done, ""},
		"the call hung":          {fmt.Errorf("clicking: %w", steps.ErrTimeout), pipeline.Done, ""},
		"the item was not there": {&steps.StatusError{Status: 404}, pipeline.Failed, pipeline.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const lost = 8 // more than an item may fail
			s := newSite(t, func(_ context.Context, key string, attempt int) (string, error) {
				if attempt > lost {
					return "the file of " + key, nil
				}
				return "", c.fault
			})
			s.goneUntil = lost
			n := newTestRun(t, s, 1, six, "[{ref: A}]")
			n.run()
			row := n.items()["A"]
			if row.Status != c.status || row.Class != c.class {
				t.Errorf("it is %s after %d attempts (%s: %s)", row.Status, row.Attempts, row.Class, row.Reason)
			}
			for _, e := range n.kinds(pipeline.AttemptFailed) {
				if e.Class != pipeline.Crashed || !strings.Contains(e.Reason, "the browser, or the connection to it, was lost") {
					t.Errorf("an attempt failed as %s: %s", e.Class, e.Reason)
				}
			}
		})
	}
}
