package steps

import (
	"cmp"
	"slices"
	"strings"

	"pipe/specs"
)

// registered is a verb and its place in the reference.
type registered struct {
	verb  specs.Verb
	place int
}

// registry has what the verbs' own files registered before the program began.
var registry []registered

// register adds a verb, whose fields and Run are T's; a verb's file calls it
// from init. place orders the reference, which those of one place share by name.
func register[T any](place int, name, doc, example string) {
	registry = append(registry, registered{specs.Verb{Name: name, Doc: doc, Example: example, New: func() any { return new(T) }}, place})
}

// Verbs gives the verbs of a spec, in the order of the reference.
func Verbs() []specs.Verb {
	all := slices.SortedFunc(slices.Values(registry), func(a, b registered) int {
		return cmp.Or(cmp.Compare(a.place, b.place), strings.Compare(a.verb.Name, b.verb.Name))
	})
	verbs := make([]specs.Verb, len(all))
	for i, one := range all {
		verbs[i] = one.verb
	}
	return verbs
}
