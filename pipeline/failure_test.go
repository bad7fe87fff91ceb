package pipeline_test

import (
	"testing"
	"time"

	"pipe/pipeline"
)

func TestRetryRuleWaits(t *testing.T) {
	t.Parallel()
	r := pipeline.RetryRule{Initial: 2 * time.Second, Max: 9 * time.Second}
	for failures, want := range map[int]time.Duration{1: 2 * time.Second, 2: 4 * time.Second, 3: 8 * time.Second, 4: 9 * time.Second, 60: 9 * time.Second} {
		if got := r.Wait(failures); got != want {
			t.Errorf("after %d failures it waits %v, want %v", failures, got, want)
		}
	}
}
