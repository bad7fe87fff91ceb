package browser

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"pipe/pipeline"
)

// current gives the browser, started anew when it has died. One that is worn
// out serves on while its successor is started.
func (p *Pool) current(ctx context.Context) (*machine, error) {
	if err := p.gate.lock(ctx); err != nil {
		return nil, err
	}
	defer p.gate.unlock()
	if p.shut {
		return nil, errors.New("the browser is closed")
	}
	if m := p.machine; m != nil && m.alive() {
		if !p.renewing && p.life.Err() == nil && p.worn(ctx, m) {
			p.renewing = true
			p.closing.Go(p.renew)
		}
		return m, nil
	}
	dead := p.machine
	p.machine = nil
	if dead != nil {
		p.opts.Log.WarnContext(ctx, "the browser is gone, starting a new one")
	}
	m, err := p.start(ctx, dead)
	if dead != nil {
		p.retire(dead)
		if m == nil || m.driver != dead.driver {
			dead.driver.browsers.leave()
		}
	}
	if err != nil {
		return nil, &pipeline.StartError{Err: err}
	}
	p.machine = m
	return m, nil
}

// start starts a browser: on the driver of the one before, when that has only
// lost its browser, and on a new driver else.
func (p *Pool) start(ctx context.Context, before *machine) (*machine, error) {
	var failed error
	if before != nil && before.driver.answers(ctx, p.opts.CloseLimit) {
		m, err := start(ctx, p.opts, before.driver, p.gone)
		if err == nil {
			p.began(ctx, m)
		}
		if err == nil || ctx.Err() != nil {
			return m, err
		}
		p.opts.Log.WarnContext(ctx, "no browser starts on this driver, starting a new one", "error", err)
		failed = err
	}
	d, err := startDriver(ctx, p.opts, p.stop)
	if err != nil {
		return nil, errors.Join(failed, err)
	}
	m, err := start(ctx, p.opts, d, p.gone)
	if err != nil {
		d.browsers.leave()
		return nil, errors.Join(failed, err)
	}
	p.began(ctx, m)
	return m, nil
}

func (p *Pool) began(ctx context.Context, m *machine) {
	p.note(ctx, m, true)
	go p.mourn(m)
}

// mourn tells the pages of a browser that it is gone: when the driver dies,
// nobody else does.
func (p *Pool) mourn(m *machine) {
	<-m.dead
	// A file that a tab was to bring must not be waited for.
	for _, id := range m.tap.ids() {
		m.tap.onDestroyed(map[string]any{"targetId": id})
	}
	for _, s := range p.sessions {
		for _, pg := range s.all() {
			if pg.machine == m {
				pg.kill()
			}
		}
	}
}

// ids are the tabs that pages of the pool have opened.
func (t *tap) ids() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Collect(maps.Keys(t.tabs))
}

// retire has a browser closed once no context lives in it any more, and its
// driver once no browser hangs on it. A dead one is closed now.
func (p *Pool) retire(m *machine) {
	if !m.alive() {
		p.gone(m)
		return
	}
	m.contexts.leave()
}

// gone closes a browser that nothing needs any more.
func (p *Pool) gone(m *machine) {
	p.closeSoon("closing a browser", func() error {
		err := m.close(context.Background(), p.opts.CloseLimit)
		p.note(context.Background(), m, false)
		return err
	})
}

func (p *Pool) stop(d *driver) {
	p.closeSoon("stopping a driver", func() error { return d.close(context.Background(), p.opts.CloseLimit) })
}

// note keeps the list of the processes that are this run's.
func (p *Pool) note(ctx context.Context, m *machine, runs bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if runs {
		p.running[m] = true
	} else {
		delete(p.running, m)
	}
	var records []processRecord
	for m := range p.running {
		records = append(records, m.driver.process, m.process)
	}
	if err := noteProcesses(p.opts.Processes, records); err != nil {
		p.opts.Log.WarnContext(ctx, "the processes could not be written down", "error", err)
	}
}

// renews tells whether sessions can move to a new context without a new login.
func (p *Pool) renews() bool { return p.opts.Login == nil || p.opts.Resume != nil }

// measureEvery is how long a look at the memory serves.
const measureEvery = 5 * time.Second

// worn tells whether a browser is due to be made new.
func (p *Pool) worn(ctx context.Context, m *machine) bool {
	limits := p.opts.Recycle
	if !p.renews() {
		return false
	}
	if limits.Browser > 0 && m.lent >= limits.Browser {
		p.opts.Log.InfoContext(ctx, "the browser is made new", "items", m.lent)
		return true
	}
	// A browser that is above the limit from its start must be let work too.
	if limits.Memory <= 0 || m.lent < 5*len(p.slots) || time.Since(m.measured) < measureEvery {
		return false
	}
	m.measured = time.Now()
	if has := memoryOf(ctx, family(ctx, m.driver.process.PID)); has > limits.Memory {
		p.opts.Log.InfoContext(ctx, "the browser is made new", "items", m.lent, "memory", fmt.Sprintf("%d MB", has>>20))
		return true
	}
	return false
}

// renew starts the successor of a browser that is worn out. The sessions move
// one by one, each when its next page is asked for.
func (p *Pool) renew() {
	ctx := p.life
	m, err := p.start(ctx, nil)
	_ = p.gate.lock(context.Background()) // held for moments
	defer p.gate.unlock()
	p.renewing = false
	if err != nil {
		p.opts.Log.WarnContext(ctx, "a new browser does not start, the old one goes on", "error", err)
		if p.machine != nil {
			p.machine.lent = 0
		}
		return
	}
	old := p.machine
	if p.shut || old == nil || !old.alive() {
		// The old one died meanwhile, and has a successor already.
		old = m
	} else {
		p.machine = m
	}
	p.retire(old)
	old.driver.browsers.leave()
}

// lent counts an item of the browser.
func (p *Pool) lent(ctx context.Context, m *machine) {
	if p.gate.lock(ctx) == nil {
		m.lent++
		p.gate.unlock()
	}
}

// Close logs out where the spec says so, keeps the logins where it does not,
// and closes the browser with all its contexts, and the driver.
func (p *Pool) Close(ctx context.Context) error {
	p.end()
	p.logout(ctx)
	p.keepAll(ctx)
	if err := p.gate.lock(ctx); err != nil {
		return fmt.Errorf("closing the browser: %w", err)
	}
	p.shut = true
	p.machine = nil
	p.gate.unlock()
	var err error
	for _, m := range p.all() {
		err = errors.Join(err, m.close(ctx, p.opts.CloseLimit))
		m.driver.browsers.leave()
	}
	p.closing.Wait() // each has its limit
	// What came that nobody took is there still.
	return errors.Join(err, os.RemoveAll(p.opts.Downloads), noteProcesses(p.opts.Processes, nil))
}

// all are the browsers that are not closed yet.
func (p *Pool) all() []*machine {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Keys(p.running))
}
