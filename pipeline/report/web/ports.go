package web

import (
	"context"
	"io"
	"iter"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/summary"
)

// Ledger is what the pages read of a spec's ledger.
type Ledger interface {
	Totals(ctx context.Context) (pipeline.Totals, error)
	Runs(ctx context.Context) ([]pipeline.RunRow, error)
	LastRun(ctx context.Context) (pipeline.RunRow, error)
	Run(ctx context.Context, number int64) (pipeline.RunRow, error)
	FindItems(ctx context.Context, q pipeline.ItemQuery) (pipeline.ItemPage, error)
	FindKeys(ctx context.Context, q pipeline.ItemQuery) ([]string, error)
	Item(ctx context.Context, key string) (pipeline.ItemDetail, bool, error)
	Attempts(ctx context.Context, of pipeline.Of) iter.Seq2[pipeline.AttemptRow, error]
	Evidence(ctx context.Context, of pipeline.Of) iter.Seq2[pipeline.Evidence, error]
	Standing(ctx context.Context, key string) ([]pipeline.FileRow, error)
	Holder(ctx context.Context, name string) (string, error)
}

// Spec is one that is served.
type Spec struct {
	// ID stands in addresses; no two have the same.
	ID string
	// Name and Path are the spec's, Folder is its output folder.
	Name, Path, Folder string
	// Fault is why the spec cannot be read, "" if it can.
	Fault string
	// Kept is what the spec has kept.
	Kept Kept
	// Runs are those that the server may start, nil where it may start none.
	Runs Starter
	// Live is the state of what is under way.
	Live *Live
}

// Kept is the output folder of a spec.
type Kept interface {
	// Ledger gives the ledger, which stays open; [fs.ErrNotExist] when nothing has run yet.
	Ledger(ctx context.Context) (Ledger, error)
	// Open opens the file of an item by its name.
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// OpenEvidence opens a file below the output folder.
	OpenEvidence(name string) (io.ReadCloser, error)
	// AtWork tells whether a run is at work in the folder.
	AtWork(ctx context.Context) bool
	// Report sums up a run, or the newest, for 0, without what is drawn;
	// [summary.ErrNoRun] when there is none.
	Report(ctx context.Context, run int64) (*summary.Report, error)
	// Line is the line of the spec at a place, as "specs/x.yaml:40:7", as it is now; "" if
	// there is none.
	Line(place string) string
	// Redact takes the spec's secrets out of a text.
	Redact(text string) string
}

// Steering steers a run that is under way. Its methods are safe for concurrent use and
// do not wait for what they ask for.
type Steering interface {
	Pause()
	Resume()
	// SetWorkers has so many workers begin items, from 1 to the spec's own number.
	SetWorkers(n int)
	// Drain finishes the items in hand and starts no more, as the first Ctrl-C does; Stop
	// stops now, as the second does.
	Drain()
	Stop()
	State() Steered
}

// Steered is how a run is steered. Workers are 0 where nobody knows.
type Steered struct {
	Paused        bool
	Workers, Most int
	Draining      bool
}

// Start says which run to begin.
type Start struct {
	DryRun bool
	// Limit bounds the items; 0 is none.
	Limit int
	// Keys are the items to do again, and no others; none is all that is not done.
	Keys []string
}

// Starter begins runs of a spec.
type Starter interface {
	// Start begins a run and returns once it is under way, not when it ends. It fails with
	// [ErrBusy] while another one is.
	Start(ctx context.Context, how Start) error
}

// Finished is a process that the server has started and that has ended.
type Finished struct {
	DryRun bool      `json:"dry_run"`
	Code   int       `json:"code"`
	Ended  time.Time `json:"ended"`
	// Output is what it printed beside its events, the end of it.
	Output string `json:"output"`
}
