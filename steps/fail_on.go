package steps

import (
	"context"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"
	"github.com/sourcegraph/conc"

	"pipe/specs"
)

// failWatch is what shows that steps have failed, and the requests of the page that
// may.
type failWatch struct {
	*specs.FailOn
	// sign names what its visible is about.
	sign     string
	requests *pageRequests
	// now is how many failed requests were there as the last step began, or once it had
	// failed by them.
	now int
}

// WatchRequests notes the requests of the page that fail, where the spec has steps
// fail by them, until the function that it gives is called.
func (s *StepContext) WatchRequests(on *specs.FailOn) (stop func(), err error) {
	outer := s.failing
	if on == nil || outer != nil && outer.FailOn == on {
		return func() {}, nil
	}
	s.failing = &failWatch{FailOn: on, sign: on.Visible.With(s.Values)}
	if len(on.Status) == 0 || s.Page == nil {
		return func() { s.failing = outer }, nil
	}
	requests, ignore, err := trackRequests(s.Page)
	s.failing.requests = requests
	return func() {
		ignore()
		s.failing = outer
	}, err
}

// failLook is the time between two looks at a page that may show that a step has
// failed.
const failLook = 200 * time.Millisecond

// runFailing runs an action, and ends it as soon as the page shows that it failed.
func (s *StepContext) runFailing(ctx context.Context, action Action) error {
	w := s.failing
	if _, made := action.(unlimitedAction); w == nil || made {
		return action.Run(ctx, s)
	}
	if s.static() != nil {
		return s.runFailingStatic(ctx, action)
	}
	// What failed since the step before began counts: its own failure, once told, does not.
	seen := w.now
	w.now = w.requests.count()
	sign, err := s.failSign()
	if err != nil {
		return err
	}
	limited, fail := context.WithCancelCause(ctx)
	watching, end := context.WithCancel(limited)
	var all conc.WaitGroup
	all.Go(func() {
		for Pause(watching, failLook) == nil {
			if err := w.failed(watching, sign, seen); err != nil {
				fail(err)
				return
			}
		}
	})
	err = action.Run(limited, s)
	end()
	all.Wait()
	cause := context.Cause(limited)
	fail(nil)
	switch {
	case ctx.Err() != nil || isSkip(err):
		return err
	case cause != nil:
		w.now = w.requests.count()
		return cause
	default:
		// An action that seems to have gone well may have seen what was there before.
		if failed := w.failed(ctx, sign, seen); failed != nil {
			w.now = w.requests.count()
			return failed
		}
		return err
	}
}

// runFailingStatic runs an action on a page that does not change by itself.
func (s *StepContext) runFailingStatic(ctx context.Context, action Action) error {
	sign, err := s.failSign()
	if err != nil {
		return err
	}
	if err := action.Run(ctx, s); err != nil {
		return err
	}
	return s.failing.failed(ctx, sign, 0)
}

// failSign is the element whose sight shows a failure, wherever on the page the step
// acts; nil for none.
func (s *StepContext) failSign() (playwright.Locator, error) {
	if !s.failing.Visible.Given() || s.Page == nil {
		return nil, nil
	}
	outer := s.root
	defer func() { s.root = outer }()
	s.root = nil
	loc, err := s.locate(s.failing.Visible)
	if err != nil {
		return nil, err
	}
	return loc.Filter(playwright.LocatorFilterOptions{Visible: playwright.Bool(true)}).First(), nil
}

// failed gives what shows that the step has failed, nil for nothing; seen are the
// requests that were known to have failed.
func (w *failWatch) failed(ctx context.Context, sign playwright.Locator, seen int) error {
	if err := w.requests.failedWith(w.Status, seen); err != nil {
		return fmt.Errorf("%w (fail_on)", err)
	}
	if sign == nil {
		return nil
	}
	there, err := CallWithin(ctx, lookAtRequests, "looking for "+w.sign, func() (bool, error) { return sign.IsVisible() })
	if err != nil || !there {
		return nil //nolint:nilerr // a page that moves shows nothing
	}
	text, _ := CallWithin(ctx, lookAtRequests, "reading "+w.sign, func() (string, error) {
		return sign.InnerText(playwright.LocatorInnerTextOptions{Timeout: playwright.Float(float64(lookAtRequests.Milliseconds()))})
	})
	return &FailOnError{Target: w.sign, Text: Printable(text)}
}

// count is how many of a page's requests have failed.
func (p *pageRequests) count() int {
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.failed)
}

// failedWith gives the first failure of the page's own requests, after so many, that
// has one of the statuses.
func (p *pageRequests) failedWith(statuses specs.StatusSet, after int) error {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.failed[min(after, len(p.failed)):] {
		switch {
		case !statuses.Has(f.status) || !sameSite(p.page.URL(), f.address):
		case f.err != nil:
			return f.err
		default:
			return fmt.Errorf("a request of the page failed: %s", f.what)
		}
	}
	return nil
}
