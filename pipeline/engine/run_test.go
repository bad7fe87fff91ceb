package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/steps"
)

func TestAllDone(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 3)
	n.want(n.run(), pipeline.Totals{In: 6, Done: 6})
	for _, key := range []string{"A", "B", "C", "D", "E", "F"} {
		text, err := os.ReadFile(filepath.Join(n.cfg.Dir, "files", key+".txt"))
		if err != nil || string(text) != "the file of "+key {
			t.Errorf("%s: %q, %v", key, text, err)
		}
	}
	if again := n.run(); again.Done != 0 || n.site.attempts["A"] != 1 {
		t.Errorf("the second run did %d items, A was asked for %d times", again.Done, n.site.attempts["A"])
	}
}

// Each class of failure has its own rule.
func TestClasses(t *testing.T) {
	t.Parallel()
	status := func(code int) error {
		return &steps.StatusError{URL: "http://site/A", Status: code, RetryAfter: time.Millisecond}
	}
	for name, c := range map[string]struct {
		fault error
		body  string
		// times is how often it strikes; then the file comes.
		times    int
		status   pipeline.Status
		class    pipeline.Class
		attempts int
		costs    bool
	}{
		"a slip":               {fault: errors.New("reset"), times: 2, status: pipeline.Done, class: pipeline.Transient, attempts: 3, costs: true},
		"a slip too many":      {fault: errors.New("reset"), times: 3, status: pipeline.Failed, class: pipeline.Transient, attempts: 3, costs: true},
		"server error":         {fault: status(500), times: 1, status: pipeline.Done, class: pipeline.Transient, attempts: 2, costs: true},
		"not found":            {fault: status(404), times: 9, status: pipeline.Failed, class: pipeline.NotFound, attempts: 2},
		"gone":                 {fault: status(410), times: 9, status: pipeline.Failed, class: pipeline.NotFound, attempts: 2},
		"slow down":            {fault: status(429), times: 6, status: pipeline.Done, class: pipeline.RateLimited, attempts: 7},
		"unavailable":          {fault: status(503), times: 6, status: pipeline.Done, class: pipeline.RateLimited, attempts: 7},
		"no gateway":           {fault: &steps.StatusError{Status: 502}, times: 6, status: pipeline.Done, class: pipeline.SiteDown, attempts: 7},
		"refused":              {fault: fmt.Errorf("asking: %w", syscall.ECONNREFUSED), times: 6, status: pipeline.Done, class: pipeline.SiteDown, attempts: 7},
		"no such host":         {fault: errors.New("opening \"/\": net::ERR_NAME_NOT_RESOLVED at http://site/"), times: 99, status: pipeline.Failed, class: pipeline.SiteDown, attempts: 20},
		"reset":                {fault: errors.New("net::ERR_CONNECTION_RESET"), times: 2, status: pipeline.Done, class: pipeline.Transient, attempts: 3, costs: true},
		"session lost":         {fault: fmt.Errorf("opening: %w", steps.ErrSessionLost), times: 6, status: pipeline.Done, class: pipeline.SessionLost, attempts: 7},
		"session always lost":  {fault: steps.ErrSessionLost, times: 99, status: pipeline.Failed, class: pipeline.SessionLost, attempts: 20},
		"crashed":              {fault: steps.ErrClosed, times: 2, status: pipeline.Done, class: pipeline.Crashed, attempts: 3, costs: true},
		"rejected by the spec": {fault: &steps.ClassError{Class: "rejected", Err: errors.New("not yours")}, times: 9, status: pipeline.Failed, class: pipeline.Rejected, attempts: 2},
		"another's file":       {body: "the file of B", times: 2, status: pipeline.Done, class: pipeline.ProofFailed, attempts: 3, costs: true},
		"never the file":       {body: "the file of B", times: 9, status: pipeline.Failed, class: pipeline.ProofFailed, attempts: 3, costs: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, func(_ context.Context, key string, attempt int) (string, error) {
				if attempt > c.times {
					return "the file of " + key, nil
				}
				return c.body, c.fault
			})
			n := newTestRun(t, s, 1, "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A}]")
			n.run()
			row := n.items()["A"]
			if row.Status != c.status || row.Attempts != c.attempts {
				t.Errorf("it is %s after %d attempts (%s: %s), want %s after %d", row.Status, row.Attempts, row.Class, row.Reason, c.status, c.attempts)
			}
			failed := append(n.kinds(pipeline.AttemptFailed), n.kinds(pipeline.ItemFailed)...)
			for _, e := range failed {
				if e.Class != c.class || !strings.HasPrefix(e.Step, "download[0].capture (night.yaml:6:5)") {
					t.Errorf("an attempt failed as %s at %s, want %s", e.Class, e.Step, c.class)
				}
			}
			runs, err := n.ledger.Runs(t.Context())
			if err != nil || c.costs == (runs[0].Uncounted > 0) {
				t.Errorf("%d attempts cost nothing (%v)", runs[0].Uncounted, err)
			}
		})
	}
}

// A file that does not come within its time is one failed attempt.
func TestHang(t *testing.T) {
	t.Parallel()
	inBubble(t, "once", func(t *testing.T) {
		s := newSite(t, func(ctx context.Context, key string, attempt int) (string, error) {
			if attempt == 1 {
				<-ctx.Done()
				return "", ctx.Err()
			}
			return good(ctx, key, attempt)
		})
		n := newTestRun(t, s, 2, "retry:", "timeouts: {capture: 100ms}\nretry:")
		n.want(n.run(), pipeline.Totals{In: 6, Done: 6})
	})
}

// The same bytes, or the same name, are no two items'.
func TestUnique(t *testing.T) {
	t.Parallel()
	same := newTestRun(t, newSite(t, func(context.Context, string, int) (string, error) { return "one file of A for all", nil }), 1,
		`, contains: "file of ${{ item.ref }}"`, "")
	same.want(same.run(), pipeline.Totals{In: 6, Done: 1, Failed: 5})
	for key, row := range same.items() {
		if row.Status == pipeline.Failed && !strings.HasPrefix(row.Reason, "file has the same bytes as ") {
			t.Errorf("%s failed: %s", key, row.Reason)
		}
	}
	evidence, err := os.ReadDir(filepath.Join(same.cfg.Dir, "evidence"))
	if err != nil || len(evidence) == 0 {
		t.Errorf("%d files set aside, %v", len(evidence), err)
	}
	name := newTestRun(t, newSite(t, good), 1, "${{ item.ref }}.txt", "report${{ len(item.ref) }}.txt")
	name.want(name.run(), pipeline.Totals{In: 6, Done: 1, Failed: 5})
	owner := name.done()
	for key, row := range name.items() {
		if want := fmt.Sprintf("named %q, which is item %q's", "report1.txt", owner); key != owner && !strings.Contains(row.Reason, want) {
			t.Errorf("%s failed: %s, want %s", key, row.Reason, want)
		}
	}
	text, err := os.ReadFile(filepath.Join(name.cfg.Dir, "files", "report1.txt"))
	if err != nil || string(text) != "the file of "+owner {
		t.Errorf("%s's file is %q, %v", owner, text, err)
	}
}

func TestLimitAndOnly(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 2)
	n.cfg.Limit = 2
	n.want(n.run(), pipeline.Totals{In: 6, Done: 2, Pending: 4})
	n.cfg.Limit, n.cfg.Only = 0, []string{"E", "A"}
	n.want(n.run(), pipeline.Totals{In: 6, Done: 3, Pending: 3})
	if n.site.attempts["E"] != 1 || n.site.attempts["A"] != 1 {
		t.Errorf("attempts: %v", n.site.attempts)
	}
}

// While the site produces files no page is held, and no more files are asked
// for than pool.fetches.
func TestFetchHoldsNoPage(t *testing.T) {
	t.Parallel()
	inBubble(t, "three", func(t *testing.T) {
		s := newSite(t, func(ctx context.Context, key string, attempt int) (string, error) {
			select { // the one page frees itself meanwhile
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
			return good(ctx, key, attempt)
		})
		n := newTestRun(t, s, 1, "source:", "pool: {fetches: 3}\nsource:")
		n.want(n.run(), pipeline.Totals{In: 6, Done: 6})
		if s.most != 3 {
			t.Errorf("%d files were on their way at once, want 3 with one page", s.most)
		}
	})
}

// A site that asks for rest is left alone by all.
func TestHold(t *testing.T) {
	t.Parallel()
	inBubble(t, "two seconds", func(t *testing.T) {
		const rest = 2 * time.Second
		var mu sync.Mutex
		var told time.Time
		s := newSite(t, func(_ context.Context, key string, attempt int) (string, error) {
			if key == "A" && attempt == 1 {
				mu.Lock()
				told = time.Now()
				mu.Unlock()
				return "", &steps.StatusError{Status: 429, RetryAfter: rest}
			}
			return "the file of " + key, nil
		})
		n := newTestRun(t, s, 1, "source:", "pool: {fetches: 1, pace: {delay: 50ms}}\nsource:")
		n.want(n.run(), pipeline.Totals{In: 6, Done: 6})
		held := 0
		for _, at := range s.begun {
			// What was in hand already may still be asked for.
			since := at.Sub(told)
			if since > time.Second && since < rest {
				t.Errorf("an item was begun %v after the site had asked for %v of rest", since, rest)
			}
			if since >= rest {
				held++
			}
		}
		if held == 0 {
			t.Error("no item was held back")
		}
	})
}

func TestPaceRate(t *testing.T) {
	t.Parallel()
	inBubble(t, "four a second", func(t *testing.T) {
		s := newSite(t, good)
		n := newTestRun(t, s, 3, "source:", "pool: {pace: {rate: 4/s}}\nsource:")
		began := time.Now()
		n.run()
		if took := s.begun[5].Sub(began); took != 1250*time.Millisecond {
			t.Errorf("six items began within %v, want 1.25s at 4 a second", took)
		}
	})
}

func TestRowsOfTheSource(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 1, "{ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}", `{ref: B}, {ref: A}, {ref: ""}`)
	n.want(n.run(), pipeline.Totals{In: 4, Done: 2, Duplicates: 1, Bad: 1})
	if e := n.kinds(pipeline.DuplicateRow); len(e) != 1 || e[0].Key != "A" {
		t.Errorf("duplicates told: %+v", e)
	}
	if e := n.kinds(pipeline.BadRow); len(e) != 1 || e[0].Reason != "row 4: its key is empty" {
		t.Errorf("bad rows told: %+v", e)
	}
}
