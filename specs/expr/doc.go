// Package expr is the language that stands in ${{ }}: that of
// https://expr-lang.org with functions of our own.
//
// A [Template] is a text with expressions in it, a [Condition] one that gives
// true or false. A [Compiler] checks each against the typed [Environment] of its
// spec, as much of it as its [Scope] knows, and tells faults at their place in
// the file. Evaluated they are on [Values], without the spec.
//
// [Functions] lists our own functions; the check of a call, its documentation
// and what it does come from that one list.
//
// It imports document, for the places of faults, and secret, which is told the
// one-time codes that it gives out. It touches no file and no network; of the
// machine it sees the clock and what its environment looks up.
package expr
