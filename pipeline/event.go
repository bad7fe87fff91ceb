package pipeline

import "time"

// EventKind tells what happened.
type EventKind string

// The kinds of events. They are the one account of a run as it goes: the
// console, the JSON lines and the snapshots are all made from them.
const (
	// RunStarted: Spec, Workers and Run are set.
	RunStarted EventKind = "run_started"
	// LoggedIn: a session of Account is open.
	LoggedIn EventKind = "logged_in"
	// AccountGivenUp: Account could not be logged in and is done without;
	// Reason is set.
	AccountGivenUp EventKind = "account_given_up"
	// SourceFound: the source's file is open; Reason tells what it turned out to
	// be.
	SourceFound EventKind = "source_found"
	// SourceRead: the whole source is known; Totals is set.
	SourceRead EventKind = "source_read"
	// DuplicateRow: a row's key was seen before; Key is set.
	DuplicateRow EventKind = "duplicate_row"
	// BadRow: a row of the source is no item; Row and Reason are set.
	BadRow EventKind = "bad_row"
	// ShortList: the source has too few rows; Reason is set.
	ShortList EventKind = "short_list"
	// AttemptStarted: a worker has an item in hand.
	AttemptStarted EventKind = "attempt_started"
	// StepStarted: Worker runs Step for Key; Key is empty outside of items.
	StepStarted EventKind = "step_started"
	// PageFreed: the item's page is free; its file is still on its way.
	PageFreed EventKind = "page_freed"
	// ItemDone: the item's files and record are in place; Reason tells which files
	// the site has none of.
	ItemDone EventKind = "item_done"
	// ItemSkipped: a step has said that there is nothing to fetch; Reason is set.
	ItemSkipped EventKind = "item_skipped"
	// SecondLook: the attempt came to what ends the item, and a second one, on a
	// fresh page, is to confirm it.
	SecondLook EventKind = "second_look"
	// AttemptFailed: the attempt failed and the item will be tried again.
	AttemptFailed EventKind = "attempt_failed"
	// ItemFailed: the item has no attempts left.
	ItemFailed EventKind = "item_failed"
	// RefreshFailed: an item that is done could not be done again; its old files
	// and record stand.
	RefreshFailed EventKind = "refresh_failed"
	// Recovered: the worker's page was brought back to its home; Step names
	// the step of the recovery that did it.
	Recovered EventKind = "recovered"
	// Held: no item is begun until Until; Class and Reason tell why.
	Held EventKind = "held"
	// Resumed: a site that was down answers again.
	Resumed EventKind = "resumed"
	// Adapted: another number of pages is at work; Reason tells why.
	Adapted EventKind = "adapted"
	// Stopping: an interrupt or a fatal error; Reason is set.
	Stopping EventKind = "stopping"
	// RunEnded: Totals and Reason are set.
	RunEnded EventKind = "run_ended"
)

// Event is one thing that happened in a run. Fields that do not apply are zero.
type Event struct {
	Time    time.Time     `json:"time"`
	Kind    EventKind     `json:"event"`
	Run     int64         `json:"run,omitempty"`
	Spec    string        `json:"spec,omitempty"`
	Workers []string      `json:"workers,omitempty"`
	Worker  string        `json:"worker,omitempty"`
	Account string        `json:"account,omitempty"`
	Key     string        `json:"key,omitempty"`
	Attempt int           `json:"attempt,omitempty"`
	Step    string        `json:"step,omitempty"`
	Class   Class         `json:"class,omitempty"`
	Reason  string        `json:"reason,omitempty"`
	Took    time.Duration `json:"took_ns,omitempty"`
	Files   []File        `json:"files,omitempty"`
	// Row is set on BadRow.
	Row *RejectedRow `json:"row,omitempty"`
	// Again is true for an item that was done before.
	Again bool `json:"again,omitempty"`
	// Until is set on Held.
	Until time.Time `json:"until,omitzero"`
	// Totals is set on SourceRead, ItemDone, ItemSkipped, ItemFailed, RefreshFailed and RunEnded.
	Totals *Totals `json:"totals,omitempty"`
}

// Observer is told what happens. Observe is called from many goroutines, must
// be quick, and must not block on the run.
type Observer interface {
	Observe(Event)
}
