package browser

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// Browser is one browser, alive or dead as a whole, and the driver that it hangs
// on.
type Browser struct {
	// CDP is the DevTools session of the browser itself.
	CDP *CDPSession

	supervisor *Supervisor
	driver     *driver
	pw         playwright.Browser
	// process is the browser's, with PID 0 when it is not known.
	process processRecord
	// contexts are those that live in it.
	contexts *refcount
	// life ends with the browser.
	life  context.Context
	end   context.CancelCauseFunc
	shut  sync.Once
	tasks *tasks

	// items counts those it has served, measured is when its memory was, last;
	// that is the supervisor's lock's.
	items    atomic.Int64
	measured time.Time

	mu    sync.Mutex
	pages map[*Page]bool
	died  []func()

	// headers puts on those that contexts have; nil until one has some.
	headersLock sync.Mutex
	headers     *originHeaders
}

// Kill says that the browser is of no use any more.
func (b *Browser) Kill() { b.end(steps.ErrClosed) }

// Alive tells whether the browser is there, as far as is known.
func (b *Browser) Alive() bool { return b.life.Err() == nil }

// Gone asks the browser whether it is there: its pages are told of its end before it is
// known. One that does not answer is not gone for that.
func (b *Browser) Gone() bool {
	if !b.Alive() {
		return true
	}
	ctx, cancel := context.WithTimeout(b.life, b.CloseLimit())
	defer cancel()
	_, err := b.CDP.Command(ctx, "Browser.getVersion", map[string]any{})
	return errors.Is(err, steps.ErrClosed)
}

// Dead is closed when the browser is gone.
func (b *Browser) Dead() <-chan struct{} { return b.life.Done() }

// Go runs something beside for as long as the browser lives: its context ends
// then, and the browser's close waits for it.
func (b *Browser) Go(f func(ctx context.Context)) { b.tasks.start(func() { f(b.life) }) }

// OnDeath has f called when the browser is gone, before its pages are told.
func (b *Browser) OnDeath(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.died = append(b.died, f)
}

// CountItem counts an item that the browser serves.
func (b *Browser) CountItem() { b.items.Add(1) }

// CloseLimit bounds each close.
func (b *Browser) CloseLimit() time.Duration { return b.supervisor.opts.CloseLimit }

// Downloads is the folder for what waits to be taken.
func (b *Browser) Downloads() string { return b.supervisor.opts.Downloads }

// reportDeath tells the pages of a browser that it is gone: when the driver dies,
// nobody else does.
func (b *Browser) reportDeath() {
	<-b.life.Done()
	b.mu.Lock()
	told := b.died
	b.mu.Unlock()
	for _, f := range told {
		f()
	}
	for _, p := range b.all() {
		p.kill()
	}
}

func (b *Browser) add(p *Page) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pages[p] = true
}

func (b *Browser) remove(p *Page) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.pages, p)
}

func (b *Browser) all() []*Page {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []*Page
	for p := range b.pages {
		all = append(all, p)
	}
	return all
}
