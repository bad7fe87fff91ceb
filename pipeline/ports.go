package pipeline

import (
	"context"
	"io"
	"time"
)

// Ledger is the durable record of what is done. What it says is done is on
// disk, whole and proven. All methods are safe for concurrent use.
type Ledger interface {
	// BeginRun notes that a run starts and returns its number.
	BeginRun(ctx context.Context, run RunInfo) (int64, error)
	// EndRun notes how the run ended.
	EndRun(ctx context.Context, run int64, end RunEnd) error
	// Admit registers rows of the source and tells where each stands. A row
	// whose key an earlier row of the same run had is Duplicate. Rows keep the
	// status that an earlier run gave them.
	Admit(ctx context.Context, run int64, items []Item) ([]Admission, error)
	// BeginAttempt notes that the item is in hand and returns the attempt's
	// number, from 1 over all runs.
	BeginAttempt(ctx context.Context, run int64, key, worker string, at time.Time) (int, error)
	// Commit records, in one transaction, how an attempt ended.
	Commit(ctx context.Context, run int64, out Outcome) error
	// Owner returns the key of the done item that holds a file with these
	// bytes, or "" when there is none.
	Owner(ctx context.Context, sha256 string) (string, error)
	// Holder returns the key of the done item that holds the file of this name,
	// or "" when there is none.
	Holder(ctx context.Context, name string) (string, error)
	// SourceRead notes that the run has read its source to the end.
	SourceRead(ctx context.Context, run int64) error
	// Totals counts the items of the newest source.
	Totals(ctx context.Context) (Totals, error)
}

// RunInfo describes a run as it starts.
type RunInfo struct {
	Spec string
	// Revision is the SHA-256 of the spec file's bytes, in hexadecimal.
	Revision string
	Started  time.Time
	// Partial is true when --limit or --only leave out a part of the source.
	Partial bool
}

// RunEnd describes how a run ended.
type RunEnd struct {
	Ended time.Time
	// Reason is "finished", "interrupted", or the error that stopped the run.
	Reason string
}

// Admission is the ledger's answer to one row of the source.
type Admission struct {
	Status    Status
	Duplicate bool
	// Counted is how many counted attempts the item has had since it last
	// became pending.
	Counted int
}

// Store keeps the output folder's files: staged, proved, then put in place.
// All methods are safe for concurrent use.
type Store interface {
	// Create opens an empty staged file, on the same file system as its final
	// place and under no item's name.
	Create(ctx context.Context) (Staged, error)
	// Prove reads a closed staged file and tells what it is. The error says
	// which expectation it fails; it is a *ProofError.
	Prove(ctx context.Context, f Staged, want Expectation) (Proof, error)
	// Place syncs the staged file and renames it to name (see SafeName) below
	// files/. A reader never sees it half-written.
	Place(ctx context.Context, f Staged, name string) error
	// Name makes a name from item data safe, or says why it cannot be.
	Name(name string) (string, error)
}

// Staged is a file on its way: written once, closed, then placed or discarded.
type Staged interface {
	io.Writer
	// Close ends the writing. It may be called more than once.
	Close() error
	// Size is the number of bytes written so far.
	Size() int64
	// SHA256 is the hash of the bytes written, in lower-case hexadecimal.
	SHA256() string
	// Path is where the staged bytes are now.
	Path() string
	// Discard closes and removes the staged file; after Place it does nothing.
	Discard()
	// SetAside keeps the staged file as evidence under evidence/, with the
	// item's key in its name, and returns that path.
	SetAside(key string) (string, error)
}

// Expectation is what a file must be before it counts, with all expressions
// already evaluated.
type Expectation struct {
	// Type is pdf, xlsx, csv, zip, image, html or any; "" means any file that
	// is not an HTML page.
	Type string
	// MinSize and MaxSize are in bytes; 0 means no bound.
	MinSize, MaxSize int64
	// MinPages and MaxPages bound the pages of a PDF; 0 means no bound, but a
	// PDF has one page at least.
	MinPages, MaxPages int
	// Contains lists texts that must all be in the file's text; white space is
	// compared tolerantly.
	Contains []string
	// NotContains lists texts of which none may be in the file's text.
	NotContains []string
}

// Proof is what the store found in a file.
type Proof struct {
	Type  string
	Pages int
	// Text is the file's text, for PDFs and plain text, up to 1 MiB.
	Text string
}

// ProofError says which expectation a file does not meet, and what it is.
type ProofError struct {
	// Check is type, size, whole, pages, contains, not_contains or unique.
	Check string
	// Reason is a full sentence part: "is HTML (a page titled \"Sign in\"), not a PDF".
	Reason string
}

func (e *ProofError) Error() string { return "file " + e.Reason }
