package engine_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/steps"
)

// deep lends pages whose context can be given up, and whose steps fail as
// wanted.
type deep struct {
	pool
	fault    func(n int, url string) error
	n        int
	contexts int
}

type deepPage struct {
	page
	deep *deep
}

func (d *deep) Open(ctx context.Context, _ int) (pipeline.Page, error) {
	return &deepPage{page{site: d.site}, d}, ctx.Err()
}

func (p *deepPage) Files() steps.Capturer { return p }

func (p *deepPage) Fetch(ctx context.Context, pw playwright.Page, link steps.Link) (steps.Delivery, error) {
	p.deep.n++
	if err := p.deep.fault(p.deep.n, link.URL); err != nil {
		return nil, err
	}
	return p.page.Fetch(ctx, pw, link)
}

func (p *deepPage) DiscardContext() { p.deep.contexts++ }

// Recovery goes by class and by count, each is told, and what is
// not the page's fault costs no page.
func TestRecovery(t *testing.T) {
	t.Parallel()
	slip := errors.New("reset")
	until := func(last int, err error) func(int, string) error {
		return func(n int, _ string) error { return on(n <= last, err) }
	}
	tries := 0
	for name, c := range map[string]struct {
		fault    func(n int, url string) error
		actions  []string
		contexts int
	}{
		"nothing":        {until(0, slip), nil, 0},
		"one slip":       {until(1, slip), []string{"closed stray tabs"}, 0},
		"two in a row":   {until(2, slip), []string{"closed stray tabs", "new page: the second failure in a row on it"}, 0},
		"crashed":        {until(1, steps.ErrClosed), []string{"new page: it crashed"}, 0},
		"not the page's": {until(3, &steps.StatusError{Status: 404}), []string{"closed stray tabs", "closed stray tabs", "closed stray tabs"}, 0},
		"the context's": {until(4, slip), []string{
			"closed stray tabs", "new page: the second failure in a row on it", "closed stray tabs", "new context: 4 failures in a row on its pages",
		}, 1},
		"the item's, again": {func(_ int, url string) error {
			if url == "/A" {
				tries++
			}
			return on(url == "/A" && tries < 3, slip)
		}, []string{"closed stray tabs", "new page: the item fails again"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, good)
			// A failed item comes back after all the others.
			n := newTestRun(t, s, 1, "initial: 1ms, max: 2ms", "initial: 700ms, max: 1s", "source:", "pool: {fetches: 1}\nsource:")
			d := &deep{pool: pool{s, 1}, fault: c.fault}
			n.cfg.Pages = d
			n.run()
			var actions []string
			for _, e := range n.kinds(pipeline.Recovered) {
				actions = append(actions, e.Step)
			}
			if !slices.Equal(actions, c.actions) || d.contexts != c.contexts {
				t.Errorf("got %s and %d new contexts, want %s and %d", strings.Join(actions, "; "), d.contexts, strings.Join(c.actions, "; "), c.contexts)
			}
		})
	}
}
