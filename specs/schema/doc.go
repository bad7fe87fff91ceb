// Package schema makes of the definitions what people and editors read: the JSON
// Schemas of specs and of the files that they include ([Spec], [Part]), the
// reference page ([Reference]) and the description of each step ([DescribeStep]).
//
// It imports specs and what specs imports, and only returns bytes: `go generate
// ./specs` writes them beside the shipped specs.
package schema
