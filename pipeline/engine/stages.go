package engine

import (
	"context"
	"errors"

	"github.com/sourcegraph/conc/pool"
	"golang.org/x/time/rate"

	"pipe/pipeline"
	"pipe/pipeline/source"
	"pipe/specs"
)

// proveWorkers is how many files are read at once: the PDF reader takes them
// one by one, the hash beside it.
const proveWorkers = 2

// runStages runs all stages to their end.
func runStages(ctx context.Context, cfg *Config, records *recordStage, reporter *pipeline.Reporter) error {
	slots, fetches := cfg.Pages.Workers(), cfg.Spec.Pool.Fetches
	var (
		fed     = make(chan *job, fedMost)
		browsed = make(chan *Attempt, len(slots))
		fetched = make(chan *Attempt, fetches)
		proved  = make(chan *Attempt, max(proveWorkers, len(slots)))
		freed   = make(chan struct{})
		back    = make(chan settled)
		ended   = make(chan struct{})
	)
	assigner := newAssigner(slots, len(pipeline.Accounts(cfg.Spec)))
	warm, hold := newWarmUp(slots), &siteHold{}
	warm.allow(cfg.Control.begin(len(slots)))
	feed := &feedStage{
		spec: cfg.Spec, ledger: cfg.Ledger, source: cfg.Source(reporter, source.DefaultAttempts), reporter: reporter, run: records.result.Run,
		only: cfg.Only, left: limitOf(cfg), limit: limitOf(cfg), partial: cfg.partial(), stop: cfg.Stop, out: fed,
		siblings: newSiblings(cfg.Spec), acceptShrink: cfg.AcceptShrink, want: warm.want, pages: len(slots),
	}
	dispatch := &dispatcher{
		in: fed, settled: back, freed: freed, stop: cfg.Stop, assigner: assigner, pace: limiter(cfg.Spec.Pool.Pace.Rate, cfg.Spec.Pool.Pace.Burst),
		report: reporter.Report, fetches: fetches, hold: hold, control: cfg.Control, workers: len(slots), allow: warm.allow, limiter: limiterOf(cfg.Spec.Pool, len(slots)),
	}
	prove := &ProveStage{Spec: cfg.Spec, Store: cfg.Store, Reporter: reporter, siblings: feed.siblings}
	unproved, static := newUnproved(slots), newStaticStage(cfg.Spec, reporter)
	workers := newWorkers(cfg, records, reporter, func(w *worker) {
		w.browse.unproved, w.browse.static = unproved, static
		w.browse.prove, w.assigner, w.warmUp, w.hold, w.out, w.freed, w.back = prove, assigner, warm, hold, browsed, freed, back
	})
	fetch, noting := &FetchStage{Store: cfg.Store, Reporter: reporter}, records.stop.expected.noting

	p := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	p.Go(func(ctx context.Context) error {
		if cfg.Join {
			return feed.follow(ctx)
		}
		return feed.feed(ctx)
	})
	p.Go(func(ctx context.Context) error { return started(ctx, cfg) })
	p.Go(func(ctx context.Context) error { return heartbeat(ctx, cfg.Ledger, records.result.Run, ended) })
	p.Go(func(ctx context.Context) error {
		defer close(ended)
		return dispatch.run(ctx)
	})
	stage(p, len(workers), browsed, func(ctx context.Context, i int) error { return workers[i].work(ctx) })
	stage(p, fetches, fetched, func(ctx context.Context, _ int) error { return flow(ctx, browsed, fetched, noting(fetch.Run)) })
	stage(p, proveWorkers, proved, func(ctx context.Context, _ int) error { return flow(ctx, fetched, proved, noting(prove.Run)) })
	p.Go(func(ctx context.Context) error { return records.work(ctx, proved, back) })
	err := p.Wait()
	records.result.Bad, records.result.Short, records.result.Doubted = feed.bad, feed.short, unproved.left
	if err == nil {
		err = assigner.unassigned()
	}
	// Whatever a stop left in the channels is given up.
	for _, ch := range []chan *Attempt{browsed, fetched, proved} {
		for a := range ch {
			a.release()
		}
	}
	return err
}

// started waits for the browser to be there: without one there is no run, even one that
// finds nothing to do.
func started(ctx context.Context, cfg *Config) error {
	if cfg.Started == nil {
		return nil
	}
	ctx, done := untilStopped(ctx, cfg.Stop)
	defer done()
	err := cfg.Started(ctx)
	if errors.Is(context.Cause(ctx), errStopped) {
		return nil
	}
	return err
}

// newWorkers makes a worker for each page of the pool, joined to the other
// stages by join.
func newWorkers(cfg *Config, records *recordStage, reporter *pipeline.Reporter, join func(*worker)) []*worker {
	slots, pace := cfg.Pages.Workers(), cfg.Spec.Pool.Pace
	paces := map[int]*rate.Limiter{}
	contexts := &contextFailures{}
	workers := make([]*worker, len(slots))
	for i, slot := range slots {
		if paces[slot.Account] == nil {
			paces[slot.Account] = limiter(pace.Account.Rate, pace.Account.Burst)
		}
		workers[i] = &worker{index: i, slot: slot, reporter: reporter, pace: paces[slot.Account], delay: pace.Delay.Std(), stop: cfg.Stop, control: cfg.Control}
		workers[i].browse = &browseStage{
			spec: cfg.Spec, ledger: cfg.Ledger, configure: cfg.Configure, healing: cfg.Healing, placement: records.placement, pages: cfg.Pages, run: records.result.Run, screenshots: cfg.Screenshots(), reporter: reporter,
			classifier: records.classifier, stop: records.stop, evidence: records.evidence, recovery: &recovery{contexts: contexts, reporter: reporter},
		}
		join(workers[i])
	}
	return workers
}

// limitOf is how many items the run may begin; below 0 means any number.
func limitOf(cfg *Config) int {
	if cfg.Limit == 0 {
		return -1
	}
	return cfg.Limit
}

// limiterOf gives what bounds the pages at work, or nil.
func limiterOf(p specs.Pool, pages int) *concurrencyLimiter {
	if !p.Adaptive {
		return nil
	}
	return newConcurrencyLimiter(p.PagesMin, pages)
}

// limiter gives what bounds a rate, or nil.
func limiter(r specs.Rate, burst int) *rate.Limiter {
	if r.PerSecond() == 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(r.PerSecond()), max(burst, 1))
}
