package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Ledger is the durable record of what is done. What it says is done is on
// disk, whole and proven. All methods are safe for concurrent use.
type Ledger interface {
	// BeginRun notes that a run starts and returns its number.
	BeginRun(ctx context.Context, run RunInfo) (int64, error)
	// Reopen makes the items pending again that the run has given up, with no
	// attempt counted against them, and returns how many they are.
	Reopen(ctx context.Context, run int64) (int, error)
	// EndRun notes how the run ended.
	EndRun(ctx context.Context, run int64, end RunEnd) error
	// Admit registers rows of the source and tells where each stands. A row
	// whose key an earlier row of the same run had is Duplicate. Rows keep the
	// status that an earlier run gave them; done ones may be Due again by the
	// rule, and stay Done, with their files and record, until they are.
	Admit(ctx context.Context, run int64, items []Item, rule Refresh) ([]Admission, error)
	// Beat is the run's sign of life, which others wait for that share the
	// ledger. It fails with ErrTaken when they have given the run up.
	Beat(ctx context.Context, run int64, at time.Time) error
	// Waiting tells what is pending, for a run that joined others.
	Waiting(ctx context.Context, run int64) (Waiting, error)
	// BeginAttempt notes that the item is in hand and returns the attempt's
	// number, from 1 over all runs. It fails with ErrTaken or ErrSettled when
	// another run was quicker.
	BeginAttempt(ctx context.Context, run int64, key, worker string, at time.Time) (int, error)
	// Holds fails with ErrTaken when the attempt is another run's by now.
	Holds(ctx context.Context, run int64, key string, attempt int) error
	// Commit records, in one transaction, how an attempt ended.
	Commit(ctx context.Context, run int64, out Outcome) error
	// Owner returns the key of the done item that holds a file with these
	// bytes, or "" when there is none.
	Owner(ctx context.Context, sha256 string) (string, error)
	// Holder returns the key of the done item that holds the file of this name,
	// or "" when there is none.
	Holder(ctx context.Context, name string) (string, error)
	// Standing returns the files on record of an item, and when it was done.
	Standing(ctx context.Context, key string) ([]FileRow, error)
	// Discards lists the files that were an item's until others took their
	// place under other names; Discarded notes that one is gone.
	Discards(ctx context.Context) ([]string, error)
	Discarded(ctx context.Context, name string) error
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
	// Shared is true when other runs may be at work with the ledger.
	Shared bool
}

// ErrTaken is an item that another run has in hand.
var ErrTaken = errors.New("another run has it in hand")

// ErrSettled is an item that is done, or has failed for good, by now.
var ErrSettled = errors.New("it needs nothing more")

// Waiting is what a run that joins others finds in the ledger.
type Waiting struct {
	// Items are pending, in this run's hand, another's or nobody's.
	Items []WaitingItem
	// Others is how many other runs are under way; Reading is true while one of
	// them still reads its source.
	Others  int
	Reading bool
}

// WaitingItem is an item to do, and how many counted attempts it has had.
type WaitingItem struct {
	Item    Item
	Counted int
	// Due is true for a done item that is to be done again.
	Due bool
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
	// Due is true for a Done item that is to be done again.
	Due bool
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
	// Unpack stages the files in a closed staged ZIP archive that Prove has
	// taken for one, in the archive's order. The caller settles each of them; the
	// archive stays as it is. An archive whose files cannot be had, safely and
	// all of them, is a *ProofError.
	Unpack(ctx context.Context, f Staged) ([]Member, error)
	// Claim makes sure that the files of one item can have these names, before
	// any is placed. The error is a *ProofError when another file has one of
	// them but for its case, or when two of the names are the same.
	Claim(ctx context.Context, names ...string) error
	// Place brings the staged file, durably, to name (see Name) among the placed
	// files. A reader never sees it half-written.
	Place(ctx context.Context, f Staged, name string) error
	// Keep copies the placed file of these bytes, durably, to another name. It
	// may be called again, whatever came between. The error is fs.ErrNotExist
	// when neither name has these bytes.
	Keep(ctx context.Context, name, sha256, as string) error
	// Remove removes a placed file, if it is there.
	Remove(ctx context.Context, name string) error
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

// Member is a file out of an archive.
type Member struct {
	// Name is the last part of its name in the archive.
	Name string
	Staged
}

// Expectation is what a file must be before it counts, with all expressions
// already evaluated.
type Expectation struct {
	// Type is pdf, xlsx, docx, pptx, csv, zip, image, html or any; "" means any
	// file that is neither an HTML page nor an error message.
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
	// Text is the file's text, up to 4 MiB, for types that have one. HasText is
	// false when it could not be read.
	Text    string
	HasText bool
	// What names the file for a person: "a PDF of 3 pages".
	What string
}

// ProofError says which expectation a file does not meet, and what it is.
type ProofError struct {
	// Check is type, size, whole, pages, contains, not_contains, matches, unique,
	// many or name.
	Check string
	// Reason is a full sentence part: "is the login page titled \"Sign in\", not a PDF".
	Reason string
	// Member is the file's name in the archive that it came in, if it did.
	Member string
}

func (e *ProofError) Error() string {
	if e.Member != "" {
		return fmt.Sprintf("file %.80q of the archive %s", e.Member, e.Reason)
	}
	return "file " + e.Reason
}
