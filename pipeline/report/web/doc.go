// Package web shows specs and their runs in a browser: pages, the JSON that they are
// made from, and the buttons that steer runs. It reads ledgers and is told of events
// through the ports in ports.go, and imports package pipeline alone.
//
// # What is served
//
// Every page is one HTML file that is the same for all; its script asks for JSON and
// puts texts into the page as texts, never as markup. Errors are {"error": "…"} with
// the status that fits. Times are in RFC 3339, durations in milliseconds and end in _ms.
//
//	GET  /api/specs                      all specs: totals, last run, what is under way
//	GET  /api/runs                       the newest runs of all specs
//	GET  /api/specs/{spec}               one spec, with its runs
//	GET  /api/specs/{spec}/runs/{run}    a run, with what its charts are drawn from
//	GET  /api/specs/{spec}/items         items: ?search= &status= &class= &step= (both of a
//	                                     cause) &sort=key|status|cause|attempts|finished
//	                                     &order=desc &offset= &limit= (100, at most 500)
//	GET  /api/specs/{spec}/item?key=     an item: row, record, files, attempts, evidence
//	GET  /api/specs/{spec}/causes        failures by cause, with the line of the spec
//	GET  /api/events?spec=               server-sent events, see below
//	POST /api/specs/{spec}/start         {"dry_run", "limit", "keys", "cause"}: begin a run, of
//	                                     these items alone, or those of a cause, where it says so
//	POST /api/specs/{spec}/steer         {"do": "pause|resume|drain|stop|workers", "workers": N}
//	GET  /files/{spec}/{name}            a file of a done item
//	GET  /evidence/{spec}/{run}/{number}/{name}
//	                                     a file of what was kept of a failure
//
// The server-sent events are of one type, "state": the whole state of the spec, or of
// all, as it is now. Whoever is slow misses states in between and nothing else, so
// nothing is kept for anybody, and who comes back needs nothing of what was before.
//
// # Who is let in
//
// Every request needs the token, from the address that the user was given or from the
// cookie that it leaves, also on the loopback interface, where other users of the
// machine are. A request's Host must be the server's own there, so that no name of
// somebody else's leads to it; what another site's page asks for is refused. Site-made
// files never run in the pages' origin: images and PDFs are shown, all else is saved.
package web
