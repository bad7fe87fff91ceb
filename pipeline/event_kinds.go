package pipeline

// EventKind tells what happened.
type EventKind string

// The kinds of events. They are the one account of a run as it goes: the console, the
// JSON lines and the snapshots are all made from them. What each tells, and which fields
// are set with it, stands in [EventKinds].
const (
	RunStarted     EventKind = "run_started"
	LoggingIn      EventKind = "logging_in"
	LoggedIn       EventKind = "logged_in"
	LoginKept      EventKind = "login_kept"
	LoginLost      EventKind = "login_lost"
	AccountGivenUp EventKind = "account_given_up"
	SourceFound    EventKind = "source_found"
	SourceRead     EventKind = "source_read"
	DuplicateRow   EventKind = "duplicate_row"
	BadRow         EventKind = "bad_row"
	ShortList      EventKind = "short_list"
	AttemptStarted EventKind = "attempt_started"
	StepStarted    EventKind = "step_started"
	PageFreed      EventKind = "page_freed"
	ItemDone       EventKind = "item_done"
	ItemSkipped    EventKind = "item_skipped"
	SecondLook     EventKind = "second_look"
	AttemptFailed  EventKind = "attempt_failed"
	ItemFailed     EventKind = "item_failed"
	RefreshFailed  EventKind = "refresh_failed"
	Recovered      EventKind = "recovered"
	HealAsked      EventKind = "heal_asked"
	Healed         EventKind = "healed"
	Held           EventKind = "held"
	Resumed        EventKind = "resumed"
	Adapted        EventKind = "adapted"
	Paused         EventKind = "paused"
	Continued      EventKind = "continued"
	Late           EventKind = "late"
	InTime         EventKind = "in_time"
	Stopping       EventKind = "stopping"
	RunEnded       EventKind = "run_ended"
)

// KindDoc says what a kind of event tells.
type KindDoc struct {
	Kind EventKind
	Doc  string
}

// EventKinds lists the kinds in the order of a run.
func EventKinds() []KindDoc {
	return []KindDoc{
		{RunStarted, "the run has begun: run, spec, workers, sessions and pages are set, and pace where the spec has one"},
		{LoggingIn, "a session begins to log in: worker is the session, account and account_name its account, attempt the account's try"},
		{LoggedIn, "a session has logged in: worker, account, account_name"},
		{LoginKept, "a session goes on with a login that was kept: worker, account, account_name"},
		{LoginLost, "the site knows a session no more, which logs in again when it is needed: worker, account, account_name"},
		{AccountGivenUp, "an account could not be logged in and is done without: worker, account, account_name, reason"},
		{SourceFound, "the source's file is open: reason tells what it turned out to be"},
		{SourceRead, "the whole source is known: totals is set, and to_do is how many items this run is to do"},
		{DuplicateRow, "a row's key was seen before: key"},
		{BadRow, "a row of the source is no item: row, reason"},
		{ShortList, "the source has too few rows: reason"},
		{AttemptStarted, "a worker has an item in hand: worker, key, attempt"},
		{StepStarted, "a worker is at a step: worker, step, step_name where it has one, and key, which is empty outside of items"},
		{PageFreed, "the item's page is free, and its file is still on its way: worker, key, attempt"},
		{ItemDone, "the item's files and record are in place: key, attempt, took_ns, files, totals; reason tells which files the site has none of"},
		{ItemSkipped, "a step has said that there is nothing to fetch: key, reason, totals"},
		{SecondLook, "the attempt came to what ends the item, and a second one, on a fresh page, is to confirm it"},
		{AttemptFailed, "the attempt failed and the item will be tried again: key, attempt, class, reason, step"},
		{ItemFailed, "the item has no attempts left: key, attempt, class, reason, step, totals"},
		{RefreshFailed, "an item that is done could not be done again, and its old files and record stand: as item_failed"},
		{Recovered, "the worker's page was brought back to its home: step names the step of the recovery that did it"},
		{HealAsked, "a target leads to nothing any more, and somebody may say whether an element that is like it is to be tried (heal: ask): step, and reason has both"},
		{Healed, "a target that led to nothing is healed, as an item's files have proved, and all items go by it: key, step, and reason has both targets; the spec stays as it is"},
		{Held, "no item is begun until the time in until: class and reason tell why"},
		{Resumed, "a site that was down answers again"},
		{Adapted, "another number of pages may be at work, which is in pages: reason tells why"},
		{Paused, "no item is begun until the run is continued, as the operator asked"},
		{Continued, "items are begun again after a pause"},
		{Late, "the run will not end by the time that it was to (--finish-by), which is in until: reason has the estimate"},
		{InTime, "the run will end by that time after all: until, reason"},
		{Stopping, "an interrupt, or what makes it pointless to go on: reason"},
		{RunEnded, "the run is over: totals, reason"},
	}
}
