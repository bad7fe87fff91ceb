// Package pipeline is the domain of a run: what an item, an attempt and its
// outcome are, how failures are sorted, and the small interfaces (ports) that
// the rooms below implement for one another.
//
// It runs nothing and starts no goroutine. It imports specs and steps, and none
// of its own rooms; the rooms import it. See CONTRIBUTING.md for the picture of
// the rooms and the way of an item through them, and package engine for the run
// itself.
package pipeline
