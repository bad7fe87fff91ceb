package engine_test

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// A session that is gone without a sign when a page comes home may have been gone for the
// item before: that is done again, at no cost.
func TestItemBeforeGuest(t *testing.T) {
	t.Parallel()
	s := newSite(t, good)
	visits := 0
	s.home = func() error {
		if visits++; visits == 3 {
			return &pipeline.GuestError{Err: fmt.Errorf("%w: at home", steps.ErrSessionLost)}
		}
		return nil
	}
	n := newTestRun(t, s, 1, "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A}, {ref: B}, {ref: C}, {ref: D}]", "attempts: 3", "attempts: 1")
	result := n.run()
	n.want(result, pipeline.Totals{In: 4, Done: 4})
	if result.Done != 4 {
		t.Errorf("this run has done %d", result.Done)
	}
	for ref, attempts := range map[string]int{"A": 1, "B": 2, "C": 2, "D": 1} {
		if row := n.items()[ref]; row.Attempts != attempts {
			t.Errorf("%s was done by %d attempts, not %d", ref, row.Attempts, attempts)
		}
	}
}

// So it is where another page of the session comes to an item's end as a guest's.
func TestItemBesideGuest(t *testing.T) {
	t.Parallel()
	s := newSite(t, good)
	var mu sync.Mutex
	visits, ends := 0, 0
	both, ended, found := make(chan struct{}), make(chan struct{}), make(chan struct{})
	s.home = func() error {
		mu.Lock()
		visits++
		n := visits
		mu.Unlock()
		switch n {
		case 1: // each page has an item before one ends
			<-both
		case 2:
			close(both)
		case 3: // the page whose item has come to its end goes on to its next
			close(ended)
			<-found
		}
		return nil
	}
	s.guest = func(bool) error {
		mu.Lock()
		ends++
		second := ends == 2
		mu.Unlock()
		if !second {
			return nil
		}
		<-ended
		return &pipeline.GuestError{Err: fmt.Errorf("%w: at its end", steps.ErrSessionLost)}
	}
	n := newTestRun(t, s, 2, "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A}, {ref: B}, {ref: C}]", "attempts: 3", "attempts: 1")
	n.cfg.Log = slog.New(slog.NewTextHandler(told(func(line string) {
		if strings.Contains(line, "a guest may have been served") {
			close(found)
		}
	}), nil))
	n.want(n.run(), pipeline.Totals{In: 3, Done: 3})
	twice := 0
	for _, row := range n.items() {
		if row.Attempts == 2 {
			twice++
		}
	}
	if twice != 2 {
		t.Errorf("%d items were done again, want the guest's and the one before", twice)
	}
}

// told is given the lines of a log.
type told func(line string)

func (f told) Write(line []byte) (int, error) {
	f(string(line))
	return len(line), nil
}
