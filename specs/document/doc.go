// Package document reads YAML as a user writes it, and tells what is wrong with
// it at its place.
//
// A [Reader] parses the file of a spec and those that it includes, resolves
// merges and aliases, and gathers [Faults]: each with file, line and column, the
// path to the value, what was meant, and the line under it. [InOrder] writes a
// text anew with the fields of its mappings in a given order and its comments
// where they belong; [Replace] writes one value anew and leaves all else as it is.
//
// It knows YAML and nothing of specs: which fields there are it is told. It
// imports none of ours, and touches nothing but the files that it is asked to
// read.
package document
