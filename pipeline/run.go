package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/conc/pool"
	"golang.org/x/time/rate"

	"pipe/specs"
	"pipe/steps"
)

// Config is what a run is made of.
type Config struct {
	Spec   *specs.Spec
	Ledger Ledger
	Store  Store
	Pages  Pages
	// ReadRows reads the source's files and queries.
	ReadRows RowReader
	// Observer is told what happens; nil for nobody.
	Observer Observer
	// Redact takes the secrets out of a text; nil leaves it as it is.
	Redact func(string) string
	// Dir is the output folder, as an absolute path.
	Dir string
	// Shared is true when other runs may be at work with the ledger; Join takes
	// the items from them in place of the source.
	Shared, Join bool
	// Exclusive keeps other runs from putting files in place until unlock is
	// called; nil when there are none.
	Exclusive func(ctx context.Context) (unlock func(), err error)
	// Limit is the most items that this run does; 0 means all.
	Limit int
	// Only names the items that this run does; empty means all.
	Only []string
	// Stop, when closed, lets the items in hand end and starts no more.
	Stop <-chan struct{}
	// Log is told what is no item's business; nil discards it.
	Log *slog.Logger
}

// Result is how a run ended.
type Result struct {
	// Run is its number in the ledger.
	Run int64
	// Done, Skipped and Failed count the items that this run settled.
	Done, Skipped, Failed int
	// Interrupted is true when Stop or the context ended it.
	Interrupted bool
	Totals      Totals
}

// run is a run under way.
type run struct {
	cfg    Config
	number int64
	// done, skipped and lost count the items that this run finished, passed over
	// and gave up; they are the record stage's.
	done, skipped, lost int
	sense               *sense
	ladder              ladder
	// open is when the site may be asked again, in Unix nanoseconds.
	open atomic.Int64
	// through is set once an item is done.
	through atomic.Bool
	// dress, if set, is given each scene that the run sets up.
	dress func(*steps.Scene)
}

// proveWorkers is how many files are read at once: the PDF reader takes them
// one by one, the hash beside it.
const proveWorkers = 2

// endLimit bounds what a run that was stopped still has to write.
const endLimit = 30 * time.Second

// Run does what the spec says with all items that are not done. The error is
// what stopped the run; items that fail are in the ledger. A cancelled context
// stops the run now, and what was in hand is pending again.
func Run(ctx context.Context, cfg Config) (Result, error) {
	r := newRun(cfg)
	var err error
	r.number, err = cfg.Ledger.BeginRun(ctx, RunInfo{
		Spec: cfg.Spec.OutName(), Revision: cfg.Spec.Revision, Started: time.Now(), Partial: r.partial(), Shared: cfg.Shared,
	})
	if err != nil {
		return Result{}, err
	}
	r.tell(Event{Kind: RunStarted, Run: r.number, Spec: cfg.Spec.Name, Workers: r.workerNames()})
	// What a killed run had still to remove.
	failed := r.exclusive(ctx, func() error { return r.discard(ctx) })
	if failed == nil {
		failed = r.stages(ctx)
	}
	return r.end(ctx, failed)
}

// stages runs all stages to their end.
func (r *run) stages(ctx context.Context) error {
	workers := r.cfg.Pages.Workers()
	fetches, pace := r.cfg.Spec.Pool.Fetches, r.cfg.Spec.Pool.Pace
	var (
		fed     = make(chan *job)
		crew    = newCrew(workers, len(Accounts(r.cfg.Spec)))
		browsed = make(chan *attempt, len(workers))
		fetched = make(chan *attempt, fetches)
		proved  = make(chan *attempt, proveWorkers)
		freed   = make(chan struct{})
		back    = make(chan settled)
	)
	d := &dispatcher{
		in: fed, crew: crew, freed: freed, settled: back, stop: r.cfg.Stop, pace: limiter(pace.Rate, pace.Burst), tell: r.tell, fetches: fetches, open: &r.open,
	}
	if r.cfg.Spec.Pool.Adaptive {
		d.tide = newTide(r.cfg.Spec.Pool.PagesMin, len(workers))
	}
	accounts := map[int]*rate.Limiter{}
	for _, w := range workers {
		if accounts[w.Account] == nil {
			accounts[w.Account] = limiter(pace.Account.Rate, pace.Account.Burst)
		}
	}
	left := r.cfg.Limit
	if left == 0 {
		left = -1
	}
	f := &feeder{run: r, out: fed, left: left}
	p := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	p.Go(f.feed)
	quit := make(chan struct{})
	p.Go(func(ctx context.Context) error { return r.beat(ctx, quit) })
	p.Go(func(ctx context.Context) error {
		defer close(quit)
		return d.run(ctx)
	})
	stage(p, len(workers), func() { close(browsed) }, func(ctx context.Context, i int) error {
		b := &browser{run: r, index: i, worker: workers[i], crew: crew, pace: accounts[workers[i].Account], freed: freed, back: back}
		return b.work(ctx, browsed)
	})
	stage(p, fetches, func() { close(fetched) }, func(ctx context.Context, _ int) error {
		return flow(ctx, browsed, fetched, r.fetch)
	})
	stage(p, proveWorkers, func() { close(proved) }, func(ctx context.Context, _ int) error {
		return flow(ctx, fetched, proved, r.prove)
	})
	p.Go(func(ctx context.Context) error { return r.record(ctx, proved, back) })
	err := p.Wait()
	if err == nil {
		err = crew.verdict()
	}
	// Whatever a stop left in the channels is given up.
	for _, ch := range []chan *attempt{browsed, fetched, proved} {
		for a := range ch {
			a.release()
		}
	}
	return err
}

// limiter gives what bounds a rate, or nil.
func limiter(r specs.Rate, burst int) *rate.Limiter {
	if r.PerSecond() == 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(r.PerSecond()), max(burst, 1))
}

// end notes in the ledger how the run ended, whatever the context says.
func (r *run) end(ctx context.Context, failed error) (Result, error) {
	interrupted := ctx.Err() != nil || r.stopped()
	if interrupted && errors.Is(failed, context.Canceled) {
		failed = nil
	}
	reason := "finished"
	switch {
	case failed != nil:
		reason = r.redact(failed.Error())
	case interrupted:
		reason = "interrupted"
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
	defer cancel()
	var stop *StopError
	if errors.As(failed, &stop) && stop.Drift != nil {
		// It was the spec that failed, not they.
		n, err := r.cfg.Ledger.Reopen(ctx, r.number)
		r.lost -= n
		failed = errors.Join(failed, err)
	}
	err := r.cfg.Ledger.EndRun(ctx, r.number, RunEnd{Ended: time.Now(), Reason: reason})
	totals, counted := r.cfg.Ledger.Totals(ctx)
	r.tell(Event{Kind: RunEnded, Run: r.number, Reason: reason, Totals: &totals})
	result := Result{Run: r.number, Done: r.done, Skipped: r.skipped, Failed: r.lost, Interrupted: interrupted, Totals: totals}
	return result, errors.Join(failed, err, counted)
}

func (r *run) partial() bool { return r.cfg.Limit > 0 || len(r.cfg.Only) > 0 || r.cfg.Join }

func (r *run) stopped() bool {
	select {
	case <-r.cfg.Stop:
		return true
	default:
		return false
	}
}

func (r *run) tell(e Event) {
	if r.cfg.Observer == nil {
		return
	}
	e.Time = time.Now()
	e.Reason = r.redact(e.Reason)
	r.cfg.Observer.Observe(e)
}

func (r *run) redact(text string) string {
	if r.cfg.Redact == nil {
		return text
	}
	return r.cfg.Redact(text)
}

func (r *run) workerNames() []string {
	workers := r.cfg.Pages.Workers()
	names := make([]string, len(workers))
	for i, w := range workers {
		names[i] = w.Name
	}
	return names
}

// values gives the values that an account's steps start from.
func (r *run) values(account int) specs.Values { return accountValues(r.cfg.Spec, account) }

func accountValues(spec *specs.Spec, account int) specs.Values {
	values := spec.Values.With("account", map[string]any{}).With("steps", map[string]any{})
	if spec.Login == nil || account >= len(spec.Login.Accounts) {
		return values
	}
	fields, err := spec.Login.Accounts[account].Values(spec.Values)
	if err != nil {
		return values // its expressions give the error where they are used
	}
	return values.With("account", fields)
}

// scene sets a page up for steps.
func (r *run) scene(page Page, values specs.Values) *steps.Scene {
	scene := sceneOf(r.cfg.Spec, page, values, filepath.Join(r.cfg.Dir, "screenshots"))
	if r.dress != nil {
		r.dress(scene)
	}
	return scene
}

func sceneOf(spec *specs.Spec, page Page, values specs.Values, dir string) *steps.Scene {
	return &steps.Scene{
		Page: page.Playwright(), Files: page.Files(), Values: values, Dir: dir,
		Step: spec.Timeouts.Step.Std(), Capture: spec.Timeouts.Capture.Std(),
		Classify: func(err error) string {
			class, _ := classify(err)
			return string(class)
		},
	}
}

// guarded runs f while the page is watched: what the browser sees go wrong ends
// f's waits at once, and is the error.
func (r *run) guarded(ctx context.Context, page Page, scene *steps.Scene, f func(context.Context) (steps.Delivery, error)) (steps.Delivery, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := page.Watch(func(err error) {
		if !scene.Rescues(err) {
			cancel(err)
		}
	})
	defer stop()
	d, err := f(ctx)
	if cause := context.Cause(ctx); err != nil && cause != nil && !errors.Is(err, cause) && !errors.Is(cause, context.Canceled) {
		err = fmt.Errorf("%w (%w)", cause, err)
	}
	return d, err
}

// located puts a step's place before its error.
func located(err error) error {
	var at *steps.Error
	if errors.As(err, &at) {
		return fmt.Errorf("%s: %w", at.Where(), err)
	}
	return err
}
