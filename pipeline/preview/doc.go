// Package preview shows what a run would do, by the run's own parts, and writes
// no ledger: [MakePlan] tells what it would find in the source, [DryRun] walks
// items and leaves what writes on the site, and [Trial] does one item into a
// folder apart.
//
// It may use the domain of package pipeline with its ports, and engine, whose
// Config gives it the source too.
package preview
