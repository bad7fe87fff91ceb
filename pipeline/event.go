package pipeline

import "time"

// Event is one thing that happened in a run. Fields that do not apply are zero. The tags
// are what `pipe schema --events` says of the fields; fields are added, never changed.
type Event struct {
	Time        time.Time     `json:"time" jsonschema:"when it happened"`
	Kind        EventKind     `json:"event" jsonschema:"what happened"`
	Run         int64         `json:"run,omitempty" jsonschema:"the run's number in the ledger"`
	Spec        string        `json:"spec,omitempty" jsonschema:"the spec's name"`
	Workers     []string      `json:"workers,omitempty" jsonschema:"the names of the workers, one for each page, as c1p2 for page 2 of context 1"`
	Sessions    []Session     `json:"sessions,omitempty" jsonschema:"the sessions that log in, none for a site without a login"`
	Worker      string        `json:"worker,omitempty" jsonschema:"the name of the worker, or of the session for what concerns a login"`
	Account     string        `json:"account,omitempty" jsonschema:"the account's place in login.accounts, from 1"`
	AccountName string        `json:"account_name,omitempty" jsonschema:"what the account is called, or account 2 where that is a secret"`
	Key         string        `json:"key,omitempty" jsonschema:"the item's key"`
	Attempt     int           `json:"attempt,omitempty" jsonschema:"which attempt at it this is, from 1"`
	Step        string        `json:"step,omitempty" jsonschema:"the step's path in the spec, with its position where something failed"`
	StepName    string        `json:"step_name,omitempty" jsonschema:"the step's name in the spec"`
	Class       Class         `json:"class,omitempty" jsonschema:"what sort of failure it is"`
	Reason      string        `json:"reason,omitempty" jsonschema:"why, in words and free of secrets"`
	Took        time.Duration `json:"took_ns,omitempty" jsonschema:"how long the attempt took, in nanoseconds"`
	Files       []File        `json:"files,omitempty" jsonschema:"the item's files"`
	Evidence    string        `json:"evidence,omitempty" jsonschema:"the folder below the output folder where evidence of the failure is kept"`
	Row         *RejectedRow  `json:"row,omitempty" jsonschema:"the row that is no item"`
	Again       bool          `json:"again,omitempty" jsonschema:"true for an item that was done before"`
	Until       time.Time     `json:"until,omitzero" jsonschema:"the time until when, or by when"`
	Totals      *Totals       `json:"totals,omitempty" jsonschema:"the ledger's count of the spec's items"`
	ToDo        int           `json:"to_do,omitempty" jsonschema:"how many items this run is to do, those included that it has done"`
	Pages       int           `json:"pages,omitempty" jsonschema:"how many pages may be at work"`
	Pace        string        `json:"pace,omitempty" jsonschema:"what the spec's pool.pace allows"`

	// Stages and Steps tell when an attempt that has ended was in each stage, by its name,
	// and when each of its steps ran. They are for this process: no line has them.
	Stages []StepTime `json:"-"`
	Steps  []StepTime `json:"-"`
}

// Session is a browser context that logs in by itself.
type Session struct {
	Name        string `json:"name" jsonschema:"its name, as c1"`
	Account     string `json:"account" jsonschema:"its account's place in login.accounts, from 1"`
	AccountName string `json:"account_name" jsonschema:"what the account is called, or account 2 where that is a secret"`
}

// Observer is told what happens. Observe is called from many goroutines, must
// be quick, and must not block on the run.
type Observer interface {
	Observe(Event)
}
