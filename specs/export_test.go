package specs

import (
	"math/rand/v2"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Shuffle gives a spec with the entries of its mappings in some other order, by
// the way that Format puts them in order.
func Shuffle(src []byte, verbs []Verb, dice *rand.Rand) []byte {
	d, faults := shapeOf("x.yaml", src, verbs)
	if faults != nil {
		panic(faults)
	}
	shuffled := map[*yaml.Node][]string{}
	for n, order := range d.order {
		order = append([]string(nil), order...)
		dice.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		shuffled[n] = order
	}
	out := document.InOrder(src, d.root, shuffled)
	if !d.is(out, verbs) {
		panic("shuffled, it says something else:\n" + string(out))
	}
	return out
}

// Unsorted gives the lines of the mappings that are not in order, and could be.
func Unsorted(src []byte, verbs []Verb) []int {
	d, faults := shapeOf("x.yaml", src, verbs)
	if faults != nil {
		panic(faults)
	}
	return document.Unordered(d.root, d.order)
}
