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
//	min:"1"              the least value of a whole number; 0 where it is absent
//	enum:"a,b"           the only values
//	kind:"true"          one of such fields is given; a profile's replaces the spec's
//	short:"true"         the field that a bare scalar or list fills
//	scope:"item"         which names its expressions may use, from here down
//	when:"many"          the scope is so only where the field beside it is true
//	path:"file"          a template that names a file in the output folder
//	path:"each"          the same, and each item must get a name of its own
//	example:"…"          a value to begin with
//	doc:"…"              what it does
//
// Text fields may hold expressions in ${{ }}, in the language of
// https://expr-lang.org. They are compiled and type-checked at load.
//
// A section of a spec has a file of its name here, and so have what stands in
// it: steps, targets, blocks, profiles. Below it are the packages that it is
// made of, none of which knows a spec: definition reads the tags, document the
// YAML, expr the expressions, secret keeps secrets. Above it is schema, which
// makes JSON Schema and the reference of it. It imports no others of ours, and
// touches nothing but the files that a spec is made of.
package specs
