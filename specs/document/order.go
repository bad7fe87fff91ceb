package document

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// InOrder gives a text in which the entries of each mapping are in the order of
// its fields, those that are none of them first.
func InOrder(src []byte, root *yaml.Node, fields map[*yaml.Node][]string) []byte {
	f := &formatter{lines: strings.Split(strings.TrimSuffix(string(src), "\n"), "\n"), order: fields}
	f.node(root, 1, len(f.lines)+1)
	return []byte(strings.Join(f.lines, "\n") + "\n")
}

// Unordered gives the lines of the mappings that are not in the order of their
// fields, and could be.
func Unordered(n *yaml.Node, fields map[*yaml.Node][]string) []int {
	var lines []int
	if f := (&formatter{order: fields}); n.Kind == yaml.MappingNode && f.sorted(n) != nil {
		lines = append(lines, n.Line)
	}
	for _, c := range n.Content {
		lines = append(lines, Unordered(c, fields)...)
	}
	return lines
}

// formatter moves the lines of a text, and the entries within a line. What it
// moves keeps its length, so that the places of the nodes around it hold.
type formatter struct {
	lines []string
	order map[*yaml.Node][]string
}

// node puts a value in order, that stands on the lines from begin to before end.
func (f *formatter) node(n *yaml.Node, begin, end int) {
	switch {
	case n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle != 0:
		f.flow(n)
	case n.Kind == yaml.MappingNode && len(n.Content) > 0:
		f.block(n, begin, end)
	case n.Kind == yaml.SequenceNode:
		for i, item := range n.Content {
			last := end
			if i+1 < len(n.Content) {
				last = f.itemStart(n.Content[i+1])
			}
			f.node(item, item.Line, max(last, item.Line+1))
		}
	}
}

// itemStart is the line of an item's dash.
func (f *formatter) itemStart(item *yaml.Node) int {
	line := item.Line
	for line > 1 && strings.TrimSpace(f.lines[line-2]) == "-" {
		line--
	}
	return line
}

// sorted gives the order of a mapping's entries, nil where they are in order,
// or cannot be moved: an alias comes after its anchor.
func (f *formatter) sorted(n *yaml.Node) []int {
	rank := f.order[n]
	if rank == nil {
		return nil
	}
	of := func(i int) int {
		if n.Content[2*i].Tag == "!!merge" {
			return -1
		}
		return slices.Index(rank, n.Content[2*i].Value)
	}
	perm := make([]int, len(n.Content)/2)
	for i := range perm {
		perm[i] = i
	}
	if slices.IsSortedFunc(perm, func(a, b int) int { return of(a) - of(b) }) {
		return nil
	}
	slices.SortStableFunc(perm, func(a, b int) int { return of(a) - of(b) })
	for i, a := range perm {
		for _, b := range perm[i+1:] {
			if b < a && tied(n.Content[2*b+1], n.Content[2*a+1]) {
				return nil
			}
		}
	}
	return perm
}

// tied tells whether one of two values names what is anchored in the other, so
// that neither can pass the other.
func tied(a, b *yaml.Node) bool {
	inA, inB := map[string]bool{}, map[string]bool{}
	references(a, inA)
	references(b, inB)
	for name, anchored := range inA {
		if other, both := inB[name]; both && (anchored || other) {
			return true
		}
	}
	return false
}

// references gathers the names of anchors (true) and of aliases alone (false).
func references(n *yaml.Node, into map[string]bool) {
	if n.Anchor != "" {
		into[n.Anchor] = true
	} else if _, known := into[n.Value]; n.Kind == yaml.AliasNode && !known {
		into[n.Value] = false
	}
	for _, c := range n.Content {
		references(c, into)
	}
}

// Same tells whether two values say the same: the order of fields says nothing,
// that of names of the user's own does. fields has those of each mapping of the
// first.
func Same(a, b *yaml.Node, fields map[*yaml.Node][]string) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || a.Anchor != b.Anchor || len(a.Content) != len(b.Content) {
		return false
	}
	if a.Kind != yaml.MappingNode || fields[a] == nil {
		return slices.EqualFunc(a.Content, b.Content, func(x, y *yaml.Node) bool { return Same(x, y, fields) })
	}
	for i := 0; i < len(a.Content); i += 2 {
		j := 0
		for j < len(b.Content) && b.Content[j].Value != a.Content[i].Value {
			j += 2
		}
		if j == len(b.Content) || !Same(a.Content[i], b.Content[j], fields) || !Same(a.Content[i+1], b.Content[j+1], fields) {
			return false
		}
	}
	return true
}
