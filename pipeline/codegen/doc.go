// Package codegen makes specs of what a person did on a site. It knows the actions alone, not
// where they come from: a recorder, or a file of another program.
package codegen
