// Package definition reads the tags of the structs that the language is made of:
// sections of a spec, and the fields of each verb. The decoder in specs and the
// generator in schema both go by what it gives, so that a field is written once.
//
// It imports none of ours and touches nothing but types. The tags are listed in
// the documentation of package specs.
package definition
