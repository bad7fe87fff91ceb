// Package snapshot writes what the ledger knows into the output folder: the
// files tracking.json, checkpoint.json and metrics.json, and the record files
// that the spec asks for. All are made anew from the ledger each time, so they
// are right whatever crashed before, and each is replaced in one step: a reader
// sees the old file or the new one, whole.
//
// It touches those files alone, and reads the ledger by the interface [Ledger].
// How record files are written it is told. It imports pipeline, specs, atomicfile
// and orderedjson.
package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"pipe/pipeline"
	"pipe/specs"
)

// Ledger is what the snapshots read. Rows come in the source's order.
type Ledger interface {
	// Version grows with every change to what the other methods tell.
	Version(ctx context.Context) (int64, error)
	Totals(ctx context.Context) (pipeline.Totals, error)
	// LastRun tells of the newest run.
	LastRun(ctx context.Context) (pipeline.RunRow, error)
	// Files tells the files of all done items, those of one item together.
	Files(ctx context.Context) iter.Seq2[pipeline.FileRow, error]
	// Rejected tells of the first rows of the source that are no items.
	Rejected(ctx context.Context) iter.Seq2[pipeline.RejectedRow, error]
	// FailureReasons puts the most frequent first.
	FailureReasons(ctx context.Context) ([]pipeline.ReasonCount, error)
	Durations(ctx context.Context) (pipeline.Durations, error)
	Workers(ctx context.Context) ([]pipeline.WorkerRow, error)
	// FinishedSince counts the items done or failed at since or later.
	FinishedSince(ctx context.Context, since time.Time) (int, error)
}

// The files that every output folder has.
const (
	Tracking   = "tracking.json"
	Checkpoint = "checkpoint.json"
	Metrics    = "metrics.json"
)

// RecordFile is one file of records.
type RecordFile struct {
	// Path is below the output folder.
	Path string
	// Write writes it anew from the ledger.
	Write func(ctx context.Context, out io.Writer) error
}

// Options say what to write, and where.
type Options struct {
	// Dir is the output folder. It is created when it is not there.
	Dir string
	// Spec is the name of the spec.
	Spec string
	// Records are the files of records; there may be none.
	Records []RecordFile
	// Also writes the records wherever else they are to go, whenever the files
	// are written; nil for nowhere.
	Also func(ctx context.Context) error
	// Every is the least time between two writes of Run; the default is 3 s.
	Every time.Duration
	// Logins, when given, tells how many logins there were, for metrics.json.
	Logins func() int
	// Shared leaves alone what other runs may be writing.
	Shared bool
	// Log is told when a write of Run fails; the default discards it.
	Log *slog.Logger
}

// Writer writes the snapshots of one output folder. It is safe for concurrent
// use.
type Writer struct {
	led  Ledger
	opts Options

	mu sync.Mutex
	// swept is true once the leavings of a crash are removed.
	swept bool
	// written is the ledger's version in the files, -1 when there is none.
	written int64
}

// New makes a Writer. It is an error when a record file leaves the folder, or
// has the name of another file.
func New(led Ledger, opts Options) (*Writer, error) {
	opts.Records = slices.Clone(opts.Records)
	taken := []string{Tracking, Checkpoint, Metrics}
	for i, file := range opts.Records {
		if err := specs.CheckRecordFile(file.Path, taken); err != nil {
			return nil, fmt.Errorf("record file %w", err)
		}
		taken = append(taken, file.Path)
		opts.Records[i].Path = filepath.Clean(file.Path)
	}
	if opts.Every <= 0 {
		opts.Every = 3 * time.Second
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Writer{led: led, opts: opts, written: -1, swept: opts.Shared}, nil
}

// Write writes all files now, unless the ledger is as it was at the last Write.
// A file that cannot be written does not keep back the others.
func (w *Writer) Write(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.removeLeftovers(); err != nil {
		return fmt.Errorf("writing snapshots: %w", err)
	}
	// What is committed from here on may be in the files or not, and makes the
	// next Write do its work.
	version, err := w.led.Version(ctx)
	if err != nil {
		return fmt.Errorf("writing snapshots: %w", err)
	}
	if version == w.written {
		return nil
	}
	if err := w.writeAll(ctx); err != nil {
		return fmt.Errorf("writing snapshots: %w", err)
	}
	w.written = version
	return nil
}

func (w *Writer) writeAll(ctx context.Context) error {
	sum, failed := w.writeTracking(ctx)
	errs := []error{failed}
	for _, file := range w.opts.Records {
		errs = append(errs, w.replace(file.Path, func(out io.Writer) error { return file.Write(ctx, out) }))
	}
	if w.opts.Also != nil {
		errs = append(errs, w.opts.Also(ctx))
	}
	run, err := w.led.LastRun(ctx)
	if err != nil {
		return errors.Join(append(errs, err)...)
	}
	// The checkpoint comes last: what it tells, the other files have.
	return errors.Join(append(errs, w.writeMetrics(ctx, run, sum), w.writeCheckpoint(ctx, run))...)
}

// busyShare bounds the time that Run spends on writing to one part in so many.
const busyShare = 20

// Run writes the files until ctx is done, each time something was committed: at
// most every Options.Every, and more rarely when a write takes long, so that
// writing takes 5 % of the time at most. A write that fails is logged and tried
// again at the next turn. Call Write once when the run has ended.
func (w *Writer) Run(ctx context.Context) {
	turn := time.NewTimer(w.opts.Every)
	defer turn.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
		began := time.Now()
		if err := w.Write(ctx); err != nil && ctx.Err() == nil {
			w.opts.Log.WarnContext(ctx, "the output folder's reports are behind", "error", err)
		}
		turn.Reset(max(w.opts.Every, (busyShare-1)*time.Since(began)))
	}
}
