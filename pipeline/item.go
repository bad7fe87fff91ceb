package pipeline

import (
	"fmt"
	"time"
)

// Item is one row of the source: one thing that the run must bring home.
type Item struct {
	// Key identifies the item in the ledger, in reports and in file names.
	Key string
	// Seq is the row's place in the source, counted from 1.
	Seq int
	// Fields holds the row's columns by name.
	Fields map[string]any
}

// Status is where an item stands in the ledger.
type Status string

// The states of an item. A duplicate row of the source is no item of its own:
// it is counted, and its first row is the item.
const (
	// Pending items are still to do, or were in hand when a run stopped.
	Pending Status = "pending"
	// Done items have their proven files in place and their record.
	Done Status = "done"
	// Skipped items have nothing to fetch, as a step has said: they keep its
	// reason, and have neither files nor a record.
	Skipped Status = "skipped"
	// Failed items have used up their attempts; they keep their reason.
	Failed Status = "failed"
)

// Well tells whether the item came to a good end: it is done or skipped.
func (s Status) Well() bool { return s == Done || s == Skipped }

// File is a proven file in its place, as the ledger keeps it.
type File struct {
	// Name is the path below the output folder's files/, with forward slashes.
	Name string `json:"name" jsonschema:"the path below the output folder's files/, with forward slashes"`
	// Size is in bytes.
	Size int64 `json:"size" jsonschema:"in bytes"`
	// SHA256 is in lower-case hexadecimal.
	SHA256 string `json:"sha256" jsonschema:"in lower-case hexadecimal"`
	// Type is what the content is, whatever the name says: pdf, csv, zip, …
	Type string `json:"type" jsonschema:"what the content is, whatever the name says: pdf, csv, zip, …"`
	// Pages is the number of pages of a PDF, 0 for anything else.
	Pages int `json:"pages,omitempty" jsonschema:"the number of pages of a PDF"`
	// Via tells which way the site delivered it: popup, download, fetch, …
	Via string `json:"via,omitempty" jsonschema:"which way the site delivered it: popup, download, fetch, …"`
	// URL is where it came from, without its query.
	URL string `json:"url,omitempty" jsonschema:"where it came from, without its query"`
	// OpenEnd is true where the site has not said where the file ends. It is known in
	// the run that took it.
	OpenEnd bool `json:"-"`
	// SiteName is what the site calls it, "" when it gives no name. It is known in
	// the run that took it.
	SiteName string `json:"-"`
	// Step is the path of the capture that took it, as "download[1].capture".
	Step string `json:"step,omitempty" jsonschema:"the path of the capture that took it"`
}

// Field is one field of an item's record. Value is nil, a string, a bool, an
// int, an int64, a float64, or a list or a mapping as JSON has them.
type Field struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Outcome is how one attempt at an item ended. It is a value that flows to the
// record stage, whether the attempt went well or not.
type Outcome struct {
	Item    Item
	Attempt int
	// Status is Done, Skipped, Failed (no attempts left) or Pending (it is to be
	// tried again).
	Status Status
	// Uncounted is true for an attempt that does not cost the item a try.
	Uncounted bool
	Class     Class
	// Reason is the error, or why the item is Skipped, free of secrets; when Done,
	// which of its files the site has none of, as a rule "".
	Reason string
	// Step names where it failed, as "navigate.steps[2].click (specs/x.yaml:40:7)".
	Step    string
	Worker  string
	Started time.Time
	Ended   time.Time
	// Phases tells how long the attempt spent in each stage.
	Phases map[string]time.Duration
	// Steps are those that ran, in the order of their beginning.
	Steps  []StepTime
	Files  []File
	Record []Field
	// Versions are the item's files that the new ones have replaced.
	Versions []Version
	// Account is the index of the account that the item was fetched with, and
	// Found holds the values of its named steps, free of secrets: what the files'
	// expectations are evaluated with, should they be asked again.
	Account int
	Found   map[string]any
}

// StepTime tells when a step of an attempt ran. The ledger keeps it in milliseconds.
type StepTime struct {
	// Step is its path, as "navigate.steps[2].click"; "navigate.home" for the way home,
	// "download[1].capture.fetch" for the wait for a capture's file without its page.
	Step string
	// At is when it began, since the attempt's start, and Took how long it ran.
	At, Took time.Duration
}

// Totals is the ledger's count of a spec's items. In holds the rows that the
// source gave: In = Done + Skipped + Failed + Pending + Duplicates.
type Totals struct {
	In         int `json:"in" jsonschema:"the rows that the source gave: the sum of done, skipped, failed, pending and duplicates"`
	Done       int `json:"done" jsonschema:"items with their files and record in place"`
	Skipped    int `json:"skipped,omitempty" jsonschema:"items with nothing to fetch"`
	Failed     int `json:"failed" jsonschema:"items with no attempts left"`
	Pending    int `json:"pending" jsonschema:"items to do"`
	Duplicates int `json:"duplicates" jsonschema:"rows whose key was seen before"`
	// Bad counts the rows of the source that are no items.
	Bad int `json:"bad,omitempty" jsonschema:"rows that are no items"`
	// Due counts the done items that are to be done again, Stale those of which
	// that has failed: their old files and records stand, and both are in Done.
	Due   int `json:"due,omitempty" jsonschema:"done items that are to be done again"`
	Stale int `json:"stale,omitempty" jsonschema:"done items that could not be done again"`
}

// Left is how many items are to do, those included that are done and due again.
func (t Totals) Left() int { return t.Pending + t.Due }

// String gives the sum, for people; skipped items and bad rows are in it where there are any.
func (t Totals) String() string {
	skipped := ""
	if t.Skipped > 0 {
		skipped = fmt.Sprintf(" + skipped %d", t.Skipped)
	}
	bad := ""
	if t.Bad > 0 {
		bad = fmt.Sprintf(" + bad %d", t.Bad)
	}
	return fmt.Sprintf("in %d = done %d%s + failed %d + pending %d + duplicates %d%s", t.In, t.Done, skipped, t.Failed, t.Pending, t.Duplicates, bad)
}
