// Package summary folds what the ledger has of a run into one value, the [Report], of
// which every report is made: the page, the texts and the files for other programs.
//
// It reads a ledger and keeps counts, not rows: what it holds does not grow with the
// items, which the report streams.
package summary

import (
	"context"
	"iter"
	"time"

	"pipe/pipeline"
)

// Ledger is what a report is made from.
type Ledger interface {
	LastRun(ctx context.Context) (pipeline.RunRow, error)
	Run(ctx context.Context, number int64) (pipeline.RunRow, error)
	Totals(ctx context.Context) (pipeline.Totals, error)
	Attempts(ctx context.Context, of pipeline.Of) iter.Seq2[pipeline.AttemptRow, error]
	Evidence(ctx context.Context, of pipeline.Of) iter.Seq2[pipeline.Evidence, error]
	Details(ctx context.Context, status pipeline.Status) iter.Seq2[pipeline.ItemDetail, error]
	DetailsOfRun(ctx context.Context, run int64) iter.Seq2[pipeline.ItemDetail, error]
	Rejected(ctx context.Context) iter.Seq2[pipeline.RejectedRow, error]
	LastShort(ctx context.Context) (string, error)
	Uncertain(ctx context.Context) iter.Seq2[pipeline.UncertainRow, error]
}

// Report is all that is told of a run. Times are in UTC, durations in JSON in
// milliseconds, as their names say.
type Report struct {
	Spec string `json:"spec"`
	Run  Run    `json:"run"`
	// Outcome is all of it in one line.
	Outcome string `json:"outcome"`
	// Newest is true for the newest run: its items are all that the list has, as they
	// stand now. Of an older run they are those that it had in hand, as it left them.
	Newest bool   `json:"newest"`
	Counts Counts `json:"counts"`
	// Causes are why items failed, the most frequent first; Skipped why they were
	// skipped, likewise.
	Causes  []Cause `json:"causes"`
	Skipped []Cause `json:"skipped"`
	// Evidence is what was kept beside that of items: of logins and of the source.
	Evidence []Evidence `json:"evidence"`
	// Uncertain are the first steps that are done once for an item and of which nobody
	// knows whether they are; of the newest run alone.
	Uncertain []pipeline.UncertainRow `json:"uncertain"`
	// BadRows are the first rows of the source that are no items, Short is what is
	// wrong with the length of the list; both are of the newest run alone.
	BadRows []pipeline.RejectedRow `json:"bad_rows"`
	Short   string                 `json:"short_list,omitempty"`
	// Next is what to do now; its Line is "" when there is nothing to do.
	Next Command `json:"next"`

	Throughput Throughput `json:"throughput"`
	// Stages tell how long the attempts that brought an item home spent where.
	Stages []Stage `json:"stages"`
	// Workers are what each worker did and when.
	Workers []Worker `json:"workers"`

	// Items reads the items of one status, or all for "", in the order of the list, and
	// anew each time.
	Items func(status pipeline.Status) iter.Seq2[Item, error] `json:"-"`
}

// Run is the run itself.
type Run struct {
	Number   int64             `json:"number"`
	State    pipeline.RunState `json:"state"`
	Reason   string            `json:"reason,omitempty"`
	Revision string            `json:"revision"`
	// Partial is true when it was to do a part of the list alone.
	Partial bool      `json:"partial"`
	Started time.Time `json:"started"`
	// Ended is its end, or the last that is known of it.
	Ended time.Time `json:"ended"`
	// Attempts are those that it ended, Uncounted those that cost no try; Done,
	// Skipped and Failed count the items that it settled.
	Attempts  int `json:"attempts"`
	Uncounted int `json:"uncounted"`
	Done      int `json:"done"`
	Skipped   int `json:"skipped"`
	Failed    int `json:"failed"`
	// PerMinute is how many items it settled in a minute.
	PerMinute float64 `json:"items_per_minute"`
}

// Elapsed is how long the run took.
func (r Run) Elapsed() time.Duration { return r.Ended.Sub(r.Started) }

// Counts are the items by where they stand, and the rows that are none.
type Counts struct {
	Items      int `json:"items"`
	Done       int `json:"done"`
	Skipped    int `json:"skipped"`
	Failed     int `json:"failed"`
	Pending    int `json:"pending"`
	Stale      int `json:"stale"`
	Duplicates int `json:"duplicates"`
	Bad        int `json:"bad_rows"`
}

// Item is one item as a report lists it.
type Item struct {
	Key      string          `json:"key"`
	Seq      int             `json:"seq"`
	Status   pipeline.Status `json:"status"`
	Stale    bool            `json:"stale,omitempty"`
	Class    pipeline.Class  `json:"class,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	Step     string          `json:"step,omitempty"`
	Attempts int             `json:"attempts"`
	Finished time.Time       `json:"finished,omitzero"`
	TookMS   int64           `json:"took_ms"`
	Files    []string        `json:"files,omitempty"`
}

// ItemOf is an item as a report lists it.
func ItemOf(d pipeline.ItemDetail) Item {
	return Item{
		Key: d.Key, Seq: d.Seq, Status: d.Status, Stale: d.Stale, Class: d.Class, Reason: d.Reason, Step: d.Step,
		Attempts: d.Attempts, Finished: d.Finished, TookMS: d.Took.Milliseconds(), Files: d.Files,
	}
}

// Evidence is what was kept of a failure.
type Evidence struct {
	Of      pipeline.EvidenceOf `json:"of"`
	Run     int64               `json:"run"`
	Key     string              `json:"key,omitempty"`
	Attempt int                 `json:"attempt,omitempty"`
	Class   pipeline.Class      `json:"class"`
	// Step is its path.
	Step   string    `json:"step,omitempty"`
	Reason string    `json:"reason"`
	URL    string    `json:"url,omitempty"`
	Taken  time.Time `json:"taken"`
	// Folder is below the output folder, with forward slashes; Files are in it.
	Folder string                  `json:"folder"`
	Files  []pipeline.EvidenceFile `json:"files"`
}

// Has tells whether one of its files is there.
func (e *Evidence) Has(name string) bool {
	for _, f := range e.Files {
		if f.Name == name {
			return true
		}
	}
	return false
}

// EvidenceOf gives a piece of evidence as a report has it.
func EvidenceOf(e pipeline.Evidence) Evidence {
	path, _ := splitStep(e.Step)
	return Evidence{
		Of: e.Of, Run: e.Run, Key: e.Key, Attempt: e.Attempt, Class: e.Class, Step: path, Reason: e.Reason, URL: e.URL,
		Taken: e.Taken, Folder: e.Folder, Files: e.Files,
	}
}
