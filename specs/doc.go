// Package specs is the spec language: what a user writes in YAML, read
// strictly, with every fault told at its place.
//
// [Load] reads a file into a [Spec]. Verbs are given to it by the caller, so
// that this package knows the shape of a step and nothing about browsers. A
// definition is written once: the fields of the structs here and of the verbs
// carry their names, defaults and rules in tags, and the decoder reads those:
//
//	yaml:"name"          the field's name; ",inline" for a Target
//	default:"30s"        the value when the field is absent
//	required:"true"      absent is a fault
//	enum:"a,b"           the only values
//	short:"true"         the field that a bare scalar or list fills
//	scope:"item"         which names its expressions may use, from here down
//	doc:"…"              what it does
//
// Text fields may hold expressions in ${{ }}, in the language of
// https://expr-lang.org. They are compiled and type-checked at load.
package specs
