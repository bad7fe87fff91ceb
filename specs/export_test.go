package specs

import (
	"math/rand/v2"
	"strings"

	"gopkg.in/yaml.v3"
)

// Shuffle gives a spec with the entries of its mappings in some other order, by
// the way that Format puts them in order.
func Shuffle(src []byte, verbs []Verb, dice *rand.Rand) []byte {
	d, faults := shapeOf("x.yaml", src, verbs)
	if faults != nil {
		panic(faults)
	}
	f := &formatter{lines: strings.Split(strings.TrimSuffix(string(src), "\n"), "\n"), order: map[*yaml.Node][]string{}}
	for n, order := range d.order {
		order = append([]string(nil), order...)
		dice.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		f.order[n] = order
	}
	f.node(d.root, 1, len(f.lines)+1)
	out := []byte(strings.Join(f.lines, "\n") + "\n")
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
	f := &formatter{order: d.order}
	var lines []int
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.MappingNode && f.sorted(n) != nil {
			lines = append(lines, n.Line)
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(d.root)
	return lines
}
