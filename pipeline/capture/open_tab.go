package capture

import (
	"context"
	"errors"
	"fmt"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// awaitedTab is a page's wait for a tab that a step opens on purpose.
type awaitedTab struct{ tabs chan playwright.Page }

// OpenTab calls open, which makes the page open a tab, and gives that tab. Of
// several, the first counts; the others are the page's strays.
func (p *Page) OpenTab(ctx context.Context, open func(context.Context) error) (playwright.Page, error) {
	w := &awaitedTab{tabs: make(chan playwright.Page, 1)}
	if !p.awaited.CompareAndSwap(nil, w) {
		return nil, errors.New("the page waits for another tab already")
	}
	defer p.awaited.Store(nil)
	if err := open(ctx); err != nil {
		return nil, err
	}
	const what = "waiting for the tab"
	select {
	case tab := <-w.tabs:
		return tab, nil
	case <-p.page.Life().Done():
		return nil, fmt.Errorf("%s: %w", what, steps.ErrClosed)
	case <-ctx.Done():
		return nil, steps.ContextError(ctx, what)
	}
}

// takeAwaited takes a tab for one that a step waits for.
func (p *Page) takeAwaited(tab playwright.Page) bool {
	w := p.awaited.Load()
	if w == nil {
		return false
	}
	select {
	case w.tabs <- tab:
		return true
	default:
		return false
	}
}
