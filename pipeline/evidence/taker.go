package evidence

import (
	"context"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/secret"
)

// takeLimit bounds the look at a page, with all that is kept of it, traceLimit what a trace
// takes beside.
const (
	takeLimit  = 15 * time.Second
	traceLimit = 15 * time.Second
)

// Ledger is where it is noted what is kept.
type Ledger interface {
	NoteEvidence(ctx context.Context, e pipeline.Evidence) error
	// EvidenceBeside gives what runs have kept that are under way beside one.
	EvidenceBeside(ctx context.Context, run int64) ([]pipeline.Evidence, error)
}

// Options say what is kept, and where.
type Options struct {
	// Dir is the output folder.
	Dir string
	// Bounds are the spec's.
	Bounds  specs.Evidence
	Ledger  Ledger
	Secrets *secret.Store
	Log     *slog.Logger
	// Trace has attempts traced, which costs each of them time.
	Trace bool
}

// Taker keeps evidence for one run.
type Taker struct {
	opts   Options
	budget *budget
	run    atomic.Int64
	number atomic.Int64
}

var _ pipeline.EvidenceTaker = (*Taker)(nil)

// New gives what keeps evidence.
func New(opts Options) *Taker {
	return &Taker{opts: opts, budget: newBudget(opts.Bounds)}
}

// Begin tells of the run's number. Before that nothing is kept.
func (t *Taker) Begin(run int64) { t.run.Store(run) }

// Take keeps evidence of a failure, and gives its folder below the output folder; "" where
// there is enough.
func (t *Taker) Take(ctx context.Context, f pipeline.Failure) string {
	run := t.run.Load()
	if t.opts.Bounds.Off() || run == 0 || ctx.Err() != nil || !t.budget.claim(causeOf(f)) {
		return ""
	}
	limit := takeLimit
	if f.Trace != nil {
		limit += traceLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	e, err := t.take(ctx, run, f)
	if err != nil {
		t.budget.giveBack(causeOf(f))
		if ctx.Err() == nil {
			t.opts.Log.WarnContext(ctx, "no evidence could be kept of a failure", "key", t.opts.Secrets.Redact(f.Key), "error", t.opts.Secrets.Redact(err.Error()))
		}
		return ""
	}
	return e.Folder
}

func (t *Taker) take(ctx context.Context, run int64, f pipeline.Failure) (e pipeline.Evidence, err error) {
	others, err := t.opts.Ledger.EvidenceBeside(ctx, run)
	if err != nil || t.budget.enoughWith(others, causeOf(f)) {
		return e, err
	}
	files, m, err := t.look(ctx, f)
	if err != nil {
		return e, err
	}
	if files = t.budget.fit(files); len(files) == 0 {
		return e, nil
	}
	e = pipeline.Evidence{
		Run: run, Of: f.Of, Key: f.Key, Attempt: f.Attempt, Worker: f.Worker, Class: f.Class, Step: f.Step, Reason: m.Reason, URL: m.URL, Taken: m.Taken,
	}
	root, err := os.OpenRoot(t.opts.Dir)
	if err != nil {
		return e, err
	}
	defer func() { _ = root.Close() }() // nothing is written by it
	e.Folder = folderName(run, t.number.Add(1), m.Key, f)
	if e.Files, err = write(root, e.Folder, files); err == nil {
		err = t.opts.Ledger.NoteEvidence(ctx, e)
	}
	if err != nil {
		_ = root.RemoveAll(e.Folder) // else the next start does
		t.budget.unfit(files)
		return pipeline.Evidence{}, err
	}
	return e, nil
}
