// Package steps holds the verbs of a spec: a file a verb, each a struct whose
// tags say what it takes and whose Run does it on a page.
//
// [Verbs] lists what those files register; package specs reads their tags, and
// the engine runs lists of them by [StepContext.Run]. A new verb is one file and its
// test: the schema and the reference follow by go generate.
//
// The package may touch the one page that it is given, the files of that page
// and the values of its expressions; the only files that it writes are
// screenshots. It knows neither accounts nor pools nor ledgers, and imports
// package specs alone. It is also the one place that knows how the driver is
// called and what its errors mean: [Call], [IsNetworkError] and their like.
package steps
