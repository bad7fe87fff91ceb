package pipeline

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Ledger is the durable record of what is done. What it says is done is on
// disk, whole and proven. All methods are safe for concurrent use.
type Ledger interface {
	OnceLedger
	// BeginRun notes that a run starts and returns its number.
	BeginRun(ctx context.Context, run RunInfo) (int64, error)
	// Reopen makes the items pending again that the run has given up, with no
	// attempt counted against them, and returns how many they are.
	Reopen(ctx context.Context, run int64) (int, error)
	// Again makes items pending that are settled, with no attempt counted against them.
	// What is done once for them is done again, unless keepOnce is true.
	Again(ctx context.Context, keys []string, keepOnce bool) error
	// EndRun notes how the run ended.
	EndRun(ctx context.Context, run int64, end RunEnd) error
	// Admit registers rows of the source and tells where each stands. A row
	// whose key an earlier row of the same run had is Duplicate. Rows keep the
	// status that an earlier run gave them; done ones may be Due again by the
	// rule, and stay Done, with their files and record, until they are.
	Admit(ctx context.Context, run int64, items []Item, rule Refresh) ([]Admission, error)
	// Resume notes of what the run's items are made, and gives those that are pending,
	// the first of them, which a run before saw whose items were made of the same.
	Resume(ctx context.Context, run int64, content string, most int) ([]Item, error)
	// Reject notes rows of the source that are no items.
	Reject(ctx context.Context, run int64, rows []RejectedRow) error
	// NoteLength notes how many rows the source has, and what is wrong with that;
	// LastLength tells how many it had when nothing was, below 0 when it never was.
	NoteLength(ctx context.Context, run int64, rows int, short string) error
	LastLength(ctx context.Context) (int, error)
	// Beat is the run's sign of life, which others wait for that share the
	// ledger. It fails with ErrTaken when they have given the run up.
	Beat(ctx context.Context, run int64, at time.Time) error
	// Waiting tells what is pending, for a run that joined others.
	Waiting(ctx context.Context, run int64) (Waiting, error)
	// Listed gives the items of the list that Waiting told of, settled ones too,
	// whose place in it is behind after, in its order.
	Listed(ctx context.Context, list int64, after int) iter.Seq2[Item, error]
	// BeginAttempt notes that the item is in hand and returns the attempt's
	// number, from 1 over all runs. It fails with ErrTaken or ErrSettled when
	// another run was quicker.
	BeginAttempt(ctx context.Context, run int64, key, worker string, at time.Time) (int, error)
	// Holds fails with ErrTaken when the attempt is another run's by now.
	Holds(ctx context.Context, run int64, key string, attempt int) error
	// Commit records, in one transaction, how an attempt ended.
	Commit(ctx context.Context, run int64, out Outcome) error
	// NoteEvidence notes what was kept of a failure, under the run's next number.
	NoteEvidence(ctx context.Context, e Evidence) error
	// Owner tells which done item beside the one of the key holds a file with these
	// bytes; its Key is "" when there is none. An item that has left the source
	// holds none; run is the one that asks.
	Owner(ctx context.Context, run int64, key, sha256 string) (Owner, error)
	// Holder returns the key of the done item that holds the file of this name,
	// or "" when there is none.
	Holder(ctx context.Context, name string) (string, error)
	// NamesOf names the files of done items that have these bytes.
	NamesOf(ctx context.Context, sha256 string) ([]string, error)
	// Newest is the item that was done last, by the order of their coming.
	Newest(ctx context.Context) (int64, error)
	// FilesSince names the files of the items that were done after one, in the order
	// of their coming, and gives the newest; 0 is before all.
	FilesSince(ctx context.Context, after int64) (names []string, newest int64, err error)
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

// GroupLedger is a ledger that has more than one attempt end at a time.
type GroupLedger interface {
	Ledger
	// CommitAll is Commit for several attempts, in one transaction, all or none.
	CommitAll(ctx context.Context, run int64, outs []Outcome) error
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

// Owner is a done item and a file of it.
type Owner struct {
	Key, File string
	// Unseen is true while the run still reads its source and has not seen the item
	// in it: it may have left.
	Unseen bool
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
	// List is the run whose list it is.
	List int64
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

// Standing is where an item stands in a ledger that is only read.
type Standing struct {
	Status Status
	// Fields are the row that is on record, as JSON with its names in order.
	Fields string
	// Reason is why it failed last.
	Reason string
}

// Standings tells where items stand, and changes nothing.
type Standings interface {
	OnceStandings
	// Stands is false for an item that is not on record.
	Stands(ctx context.Context, key string) (Standing, bool, error)
	// LastLength is how many rows the list had when nothing was wrong with that,
	// below 0 when there is none.
	LastLength(ctx context.Context) (int, error)
	// Foresee tells what a run that begins now would find of items.
	Foresee(ctx context.Context, items []Item, rule Refresh) ([]Admission, error)
}
