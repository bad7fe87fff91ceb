// Package engine runs a spec: source → navigate → download → fetch → prove →
// record, each stage a few goroutines joined by bounded channels.
//
//	feed ─▶ dispatcher ─▶ workers (a page each) ─▶ fetch ─▶ prove ─▶ record ─┐
//	             ▲                                                           │
//	             └──────────────── settled, or to be tried again ◀───────────┘
//
// An item's failure is a value that flows on to the record stage; only what is
// fatal to the run stops the stages. A worker holds its page only while it needs
// it: a file is asked for, received, proved and put in place while the page is on
// its next item.
//
// It may use the domain of package pipeline with its ports, and source. It does
// not know what implements a port: ledger, artifact, browser and the rest are
// wired by the command.
package engine
