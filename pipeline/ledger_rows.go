package pipeline

import "time"

// The rows below are what a ledger tells its readers: the status command, the
// reports and the snapshots. Times are in UTC, and zero when there is none.

// ItemRow is where one item stands.
type ItemRow struct {
	Key string
	// Seq is the row's place in the source that saw it last.
	Seq    int
	Status Status
	// Class, Reason and Step are of the newest attempt, Reason also of one that
	// was Skipped; empty when Done, unless
	// Stale: doing it again has failed, and its old files and record stand.
	Class  Class
	Reason string
	Step   string
	Stale  bool
	// Attempts is how many attempts the item has had over all runs.
	Attempts int
	// Finished is when the item became Done, Skipped or Failed; zero while Pending.
	Finished time.Time
}

// FileRow is one file in place, and the done item that it belongs to.
type FileRow struct {
	Key      string
	File     File
	Finished time.Time
}

// PlacedRow is a file in place, with what its expectations are evaluated with.
type PlacedRow struct {
	Key  string
	File File
	// Item holds the row's columns by name.
	Item map[string]any
	// Account and Found are those of the Outcome.
	Account int
	Found   map[string]any
	// Version is true for an older file that a newer one has replaced.
	Version bool
}

// RecordRow is what a done item leaves in the record files.
type RecordRow struct {
	Key    string
	Seq    int
	Fields []Field
	// Files are the names of the item's files, in the order of their capture.
	Files []string
	// Recorded grows with each record that comes into the ledger.
	Recorded int64
}

// RunRow is one run and what it did.
type RunRow struct {
	Number   int64
	Spec     string
	Revision string
	Partial  bool
	Started  time.Time
	// Ended is zero while the run goes on.
	Ended  time.Time
	Reason string
	// Beat is when it gave a sign of life last.
	Beat time.Time
	// Attempts counts the attempts that ended, Done, Skipped and Failed those of
	// them that settled an item, Uncounted those that cost no try.
	Attempts, Done, Skipped, Failed, Uncounted int
	// Duplicates counts the rows of the source whose key was seen before, Bad
	// those that are no items.
	Duplicates, Bad int
	// Length is how many rows the source has, below 0 when its end was not
	// reached; Short is what is wrong with that.
	Length int
	Short  string
}

// Silence is how long a run may give no sign of life before it is taken for dead.
const Silence = 30 * time.Second

// Silent tells whether a run that has not ended is dead.
func (r *RunRow) Silent(now time.Time) bool { return r.Ended.IsZero() && now.Sub(r.Beat) > Silence }

// ReasonCount is how many failed items share a class and a reason.
type ReasonCount struct {
	Class  Class
	Reason string
	Items  int
}

// WorkerRow is what one worker did over all runs.
type WorkerRow struct {
	Worker string
	// Attempts counts the attempts that ended, Done those that finished an
	// item, Retries those that were not the item's first, Uncounted those that
	// cost no try.
	Attempts, Done, Retries, Uncounted int
}

// Spread sums up how long something took. All but Count are durations.
type Spread struct {
	Count                 int
	Avg, Median, P90, Max time.Duration
}

// Durations tells how long the attempts took that brought an item home.
type Durations struct {
	Item Spread
	// Phases is by the name of the stage.
	Phases map[string]Spread
}

// Of says of which attempts or evidence to read: of a run, of an item, or, where both
// are zero, of all.
type Of struct {
	Run int64
	Key string
}

// AttemptRow is one attempt.
type AttemptRow struct {
	Key    string
	Number int
	Run    int64
	Worker string
	// Ended is zero while the attempt goes on; Status, Class, Reason and Step are those
	// of its Outcome then.
	Started, Ended time.Time
	Status         Status
	Class          Class
	Reason         string
	Step           string
	Uncounted      bool
	Phases         map[string]time.Duration
	Steps          []StepTime
}
