// Package evidence keeps what can be seen of a failure while its page is still there: a
// screenshot, the page with its resources, and what the page, its console and its requests
// said, all without secrets. It looks at a page only when there is something to keep: what
// the console has said and which requests have failed since the last navigation is what
// the browser remembers by itself, and a run without failures costs nothing.
//
// How much is kept is bounded by the spec's section evidence. It is in
// evidence/run-N below the output folder, a folder for each failure, which counts once
// the ledger has it; [Sweep] removes what a killed run has left without.
//
// It asks the browser about pages that it is lent, writes below evidence/, and notes in the
// ledger what it has written.
package evidence
