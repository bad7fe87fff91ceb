package session

import "context"

// Prepare opens the worker's page and logs it in, before there is an item for it.
// Pages of one context are opened at once. What goes wrong, Open will tell: nobody
// else tries ahead of it then.
func (p *Pool) Prepare(ctx context.Context, worker int) {
	if p.behind.Load() {
		return
	}
	sl := p.slots[worker]
	err := p.openAhead(ctx, sl)
	if err == nil {
		_, err = p.open(ctx, sl, true)
	}
	if err != nil && ctx.Err() == nil {
		p.behind.Store(true)
		p.log.DebugContext(ctx, "a page is not ready ahead of its items", "worker", sl.name, "error", err)
	}
}

// openAhead opens the worker's page while others of its context are opened, or log in.
func (p *Pool) openAhead(ctx context.Context, sl *slot) error {
	b, err := p.browsers.Current(ctx)
	if err != nil || sl.page != nil {
		return err
	}
	s := sl.session
	if err := s.lock.Acquire(ctx, 1); err != nil {
		return err
	}
	err = p.ensureContext(ctx, s, b)
	home := s.home
	s.lock.Release(1)
	if err != nil {
		return err
	}
	page, err := p.newPage(ctx, s, home)
	if err == nil {
		sl.page = page
	}
	return err
}
