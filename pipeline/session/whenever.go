package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// Whenever does what a spec has for what may show at any moment, on each page that
// there is, with its popups, for as long as it lives: while steps run, while a file is
// waited for, while the page waits for its next item.
type Whenever struct {
	spec *specs.Spec
	dir  string
	log  *slog.Logger

	mu sync.Mutex
	// met counts how often each was dealt with; pages are those that are attended.
	met   []int
	pages map[playwright.Page]bool
}

// NewWhenever gives what attends the pages of a spec's site, nil where the spec has
// nothing of the kind; dir is where screenshots go.
func NewWhenever(spec *specs.Spec, dir string, log *slog.Logger) *Whenever {
	if len(spec.Whenever) == 0 {
		return nil
	}
	return &Whenever{spec: spec, dir: dir, log: log, met: make([]int, len(spec.Whenever)), pages: map[playwright.Page]bool{}}
}

// attend looks after a page, and its popups, until it is gone.
func (w *Whenever) attend(page *Page) {
	if w == nil {
		return
	}
	// In goroutines: the page's listeners are locked while one runs.
	page.Playwright().OnPopup(func(popup playwright.Page) { w.start(page, popup) })
	w.start(page, page.Playwright())
}

func (w *Whenever) start(page *Page, shown playwright.Page) {
	ctx, end := context.WithCancel(page.Life())
	shown.OnClose(func(playwright.Page) { end() })
	page.Context.Browser.Go(func(context.Context) {
		defer end()
		if !w.enter(shown) {
			return // a tab is its opener's popup, and a page of its own
		}
		defer w.leave(shown)
		for ctx.Err() == nil {
			err := w.watch(ctx, page, shown)
			if err == nil {
				return
			}
			w.log.WarnContext(ctx, "what shows on a page does not go away", "session", page.session.name, "error", err)
			page.Tell(err)
			// Whoever is at work on the page takes it elsewhere.
			if steps.Pause(ctx, restAfterFailure) != nil {
				return
			}
		}
	})
}

// restAfterFailure is how long a page is left alone whose overlay does not go away.
const restAfterFailure = 2 * time.Second

func (w *Whenever) watch(ctx context.Context, page *Page, shown playwright.Page) error {
	on := pipeline.NewStepContext(w.spec, page, pipeline.AccountValues(w.spec, page.session.account.index), w.dir)
	on.Page = shown
	on.OnLog = said(w.log, page.session.account.index)
	defer on.StopDialogs()
	return on.Attend(ctx, w.spec.Whenever, func(i int) {
		w.log.InfoContext(ctx, "something showed, and was dealt with",
			"whenever", pathOf(i), "what", w.spec.Whenever[i].Visible.String(), "session", page.session.name, "times", w.count(i))
	})
}

func pathOf(i int) string { return fmt.Sprintf("whenever[%d]", i) }

func (w *Whenever) count(i int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.met[i]++
	return w.met[i]
}

func (w *Whenever) enter(page playwright.Page) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pages[page] {
		return false
	}
	w.pages[page] = true
	return true
}

func (w *Whenever) leave(page playwright.Page) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.pages, page)
}

// tell says how often each was dealt with, those too that never showed.
func (w *Whenever) tell(ctx context.Context) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, times := range w.met {
		w.log.InfoContext(ctx, "of what may show at any moment", "whenever", pathOf(i), "what", w.spec.Whenever[i].Visible.String(), "times", times)
	}
}

// Met tells of each of what may show at any moment how often it was dealt with.
func (p *Pool) Met() []string {
	w := p.opts.Whenever
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	told := make([]string, len(w.met))
	for i, times := range w.met {
		told[i] = fmt.Sprintf("%s, %s: %d times", pathOf(i), w.spec.Whenever[i].Visible, times)
	}
	return told
}

// whileAttended runs f, which ends when something shows on the page that does not go
// away.
func whileAttended(ctx context.Context, page pipeline.Page, f func(context.Context) error) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	defer page.Watch(func(err error) {
		var stays *steps.WheneverError
		if errors.As(err, &stays) {
			fail(err)
		}
	})()
	err := f(ctx)
	if cause := context.Cause(ctx); err != nil && cause != nil && !errors.Is(err, cause) && !errors.Is(cause, context.Canceled) {
		err = fmt.Errorf("%w (%w)", cause, err)
	}
	return err
}
