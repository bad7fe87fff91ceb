package app

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/conc"

	"pipe/pipeline/report/web"
)

// runPages are the pages of `pipe run --http`; nil is none.
type runPages struct {
	server *web.Server
	live   *web.Live
	folder *servedFolder
	watch  conc.WaitGroup
	end    context.CancelFunc
}

// openPages serves the pages of the run, as long as it goes on.
func (r *specRun) openPages(ctx context.Context, path string) (*runPages, error) {
	if r.flags.HTTP == "" {
		return nil, nil
	}
	token, err := httpToken()
	if err != nil {
		return nil, err
	}
	p := &runPages{live: web.NewLive(), folder: &servedFolder{
		spec: r.spec, secrets: r.secrets, dir: r.out.dir, report: r.flags.summaryOptions(r.spec, r.out.dir),
	}}
	name := r.spec.OutName()
	p.server, err = web.Listen(ctx, web.Options{Addr: r.flags.HTTP, Token: token, Log: r.display.log, Specs: []*web.Spec{{
		ID: name, Name: name, Path: path, Folder: r.out.dir, Kept: p.folder, Live: p.live,
	}}})
	if err != nil {
		return nil, Exit(ExitEnvironment, err)
	}
	ledgers, err := watchLedgers(map[string]*web.Live{r.out.dir: p.live})
	if err != nil {
		return nil, Exit(ExitEnvironment, errors.Join(err, p.server.Close(ctx)))
	}
	ctx, p.end = context.WithCancel(ctx)
	p.watch.Go(func() { _ = ledgers.run(ctx) })
	p.live.Begin(&runSteering{steering: r.steer}, false, time.Now())
	r.display.also = append(r.display.also, p.live)
	r.display.say("the run is shown at " + p.server.URL())
	return p, nil
}

// close ends them, within 2 s.
func (p *runPages) close(ctx context.Context) error {
	if p == nil {
		return nil
	}
	p.live.End(nil)
	p.end()
	p.watch.Wait()
	return errors.Join(p.server.Close(ctx), p.folder.close())
}

// runSteering steers a run of this process from pages.
type runSteering struct {
	steering
	draining atomic.Bool
}

var _ web.Steering = (*runSteering)(nil)

// Pause has it begin no more items.
func (s *runSteering) Pause() { s.control.Pause() }

// Resume has it go on.
func (s *runSteering) Resume() { s.control.Resume() }

// SetWorkers has so many workers begin items.
func (s *runSteering) SetWorkers(n int) { s.control.SetWorkers(n) }

// Drain finishes the items in hand.
func (s *runSteering) Drain() {
	s.draining.Store(true)
	s.stop(drain)
}

// Stop stops it now.
func (s *runSteering) Stop() {
	s.draining.Store(true)
	s.stop(stopNow)
}

// State is how it is steered.
func (s *runSteering) State() web.Steered {
	state := s.control.State()
	return web.Steered{Paused: state.Paused, Workers: state.Workers, Most: state.Most, Draining: s.draining.Load()}
}
