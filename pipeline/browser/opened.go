package browser

import (
	"context"
	"errors"
	"fmt"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// opening is a page's wait for a tab that a step opens on purpose.
type opening struct{ tabs chan playwright.Page }

// openedTab is a tab that a step opened on purpose, as a page of its own.
type openedTab struct {
	*page
	by *page
}

var (
	_ steps.Opener  = (*page)(nil)
	_ steps.OpenTab = (*openedTab)(nil)
)

// Open calls open, which makes the page open a tab, and gives that tab. Of
// several, the first counts; the others are the page's strays.
func (p *page) Open(ctx context.Context, open func(context.Context) error) (steps.OpenTab, error) {
	o := &opening{tabs: make(chan playwright.Page, 1)}
	if !p.opens.CompareAndSwap(nil, o) {
		return nil, errors.New("the page waits for another tab already")
	}
	defer p.opens.Store(nil)
	if err := open(ctx); err != nil {
		return nil, err
	}
	const what = "waiting for the tab"
	select {
	case pw := <-o.tabs:
		pg, err := p.pool.attach(ctx, p.session, p.lodging, pw)
		if err != nil {
			return nil, err
		}
		pg.gen.Store(p.gen.Load())
		pg.Watch(func(err error) {
			// Steps notice by themselves when their tab closes, and the last may
			// well be what closes it.
			if !errors.Is(err, steps.ErrClosed) {
				p.tell(err)
			}
		})
		return &openedTab{pg, p}, nil
	case <-p.dead:
		return nil, fmt.Errorf("%s: %w", what, steps.ErrClosed)
	case <-ctx.Done():
		return nil, waited(ctx, what)
	}
}

// awaited takes a tab for one that a step waits for.
func (p *page) awaited(pw playwright.Page) bool {
	o := p.opens.Load()
	if o == nil {
		return false
	}
	select {
	case o.tabs <- pw:
		return true
	default:
		return false
	}
}

// Close closes the tab with its strays, and those that were opened with it.
func (t *openedTab) Close(ctx context.Context) error {
	err := errors.Join(t.CloseStrays(ctx), t.by.CloseStrays(ctx))
	t.Discard()
	return err
}
