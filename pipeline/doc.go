// Package pipeline runs a spec: source → navigate → download → fetch → prove →
// record, each stage a few goroutines joined by bounded channels.
//
// [Run] is the engine. The packages below this one implement the small
// interfaces that it declares, and don't know one another: browser lends pages,
// artifact keeps files, ledger remembers, report tells.
//
//	feed ─▶ dispatch ─▶ browse (a page each) ─▶ fetch ─▶ prove ─▶ record ─┐
//	            ▲                                                         │
//	            └──────────────── settled, or to be tried again ◀─────────┘
//
// An item's failure is a value that flows on to the record stage; only what is
// fatal to the run stops the stages. The browse stage holds a page only while
// it needs one: a file is asked for, received, proved and put in place while
// the page is on its next item.
//
// [MakePlan] tells what a run would find, [DryRun] walks items and leaves what
// writes on the site, and [Trial] does one item into a folder apart: all three
// by the same steps, and none of them writes a ledger.
package pipeline
