// Package app does what the commands of pipe say. It wires the specs, the
// verbs and the rooms of the pipeline together, and it alone touches the output
// folder's locks, the signals and the exit codes. It knows no flags and no
// cobra: the commands fill its options in.
package app
