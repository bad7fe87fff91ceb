package steps_test

import (
	"context"
	"testing"
	"time"

	"pipe/steps"
)

func TestSees(t *testing.T) {
	t.Parallel()
	s := show(t, `<h1>Too  Many
		requests</h1><p hidden>maintenance</p><div id="busy">wait</div>`)
	for _, c := range []struct {
		sign steps.PageSign
		want bool
	}{
		{steps.PageSign{Text: "too many REQUESTS"}, true},
		{steps.PageSign{Text: "maintenance"}, false},
		{steps.PageSign{Target: target(`"#busy"`)}, true},
		{steps.PageSign{Target: target(`p`)}, false},
		{steps.PageSign{Target: target(`"#busy"`), Text: "gone"}, false},
		{steps.PageSign{Target: target(`{role: heading, name: Too Many}`), Text: "wait"}, true},
	} {
		if got, err := s.IsShown(s.ctx, c.sign); got != c.want || err != nil {
			t.Errorf("%+v: %v, %v", c.sign, got, err)
		}
	}
}

// A sign that is not there yet is waited for, and not longer than there is time.
func TestWatchSigns(t *testing.T) {
	t.Parallel()
	s := show(t, `<script>setTimeout(() => document.body.append('slow down'), 300)</script>`)
	if i := s.WaitForAny(s.ctx, []steps.PageSign{{Text: "never"}, {Text: "slow down"}}); i != 1 {
		t.Errorf("got %d", i)
	}
	ctx, cancel := context.WithTimeout(s.ctx, 200*time.Millisecond)
	defer cancel()
	if i := s.WaitForAny(ctx, []steps.PageSign{{Text: "never"}}); i != -1 {
		t.Errorf("got %d", i)
	}
}
