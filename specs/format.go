package specs

import (
	"bytes"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Format gives a spec in its one order: the fields of each mapping as the
// language has them. Comments go with what they stand above, and all else is as
// it was, so that little changes. The error is that of [Parse], but for what
// the machine has: variables, secrets and files.
func Format(file string, src []byte, verbs []Verb) ([]byte, error) {
	plain := bytes.ReplaceAll(bytes.ReplaceAll(bytes.TrimPrefix(src, []byte("\ufeff")), []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	plain = append(bytes.TrimRight(plain, "\n"), '\n')
	before, faults := shapeOf(file, src, verbs)
	if faults != nil {
		return nil, faults
	}
	if !before.is(plain, verbs) {
		return src, nil // line ends that mean something
	}
	d, _ := shapeOf(file, plain, verbs)
	f := &formatter{lines: strings.Split(strings.TrimSuffix(string(plain), "\n"), "\n"), order: d.order}
	if len(f.lines) < len(d.texts[0].lines)-1 {
		return plain, nil // lines that end in ways that only YAML knows
	}
	f.node(d.root, 1, len(f.lines)+1)
	ordered := []byte(strings.Join(f.lines, "\n") + "\n")
	if !before.is(ordered, verbs) {
		return plain, nil
	}
	return ordered, nil
}

// shapeOf reads a spec, or a part of specs, as if the machine had all that it
// names. The files that it includes are not read.
func shapeOf(file string, src []byte, verbs []Verb) (*decoder, error) {
	env := func(string) (string, bool) { return "", true }
	opts := &Options{Verbs: verbs, Env: env, Secrets: NewSecrets(env)}
	d := newDecoder(file, src, opts)
	d.root = d.parse(d.texts[0], src)
	d.parts.lax = includes(d.root)
	d.parts.open = d.parts.lax
	if isPart(d.root) {
		d.readPart(d.root)
	} else {
		d.readSpec(d.root, opts)
	}
	if len(d.faults) > 0 {
		return nil, d.told()
	}
	return d, nil
}

// includes tells whether a spec includes files, anywhere.
func includes(n *yaml.Node) bool {
	return n != nil && (n.Kind == yaml.MappingNode && has(n, "include") || slices.ContainsFunc(n.Content, includes))
}

// is tells whether a text says the same.
func (d *decoder) is(src []byte, verbs []Verb) bool {
	other, faults := shapeOf(d.file, src, verbs)
	return faults == nil && d.same(d.root, other.root)
}

// same tells whether two values say the same: the order of fields says nothing,
// that of names of the user's own does.
func (d *decoder) same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || a.Anchor != b.Anchor || len(a.Content) != len(b.Content) {
		return false
	}
	if a.Kind != yaml.MappingNode || d.order[a] == nil {
		return slices.EqualFunc(a.Content, b.Content, d.same)
	}
	for i := 0; i < len(a.Content); i += 2 {
		j := 0
		for j < len(b.Content) && b.Content[j].Value != a.Content[i].Value {
			j += 2
		}
		if j == len(b.Content) || !d.same(a.Content[i], b.Content[j]) || !d.same(a.Content[i+1], b.Content[j+1]) {
			return false
		}
	}
	return true
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

// flow puts the entries of a mapping in braces in order, if it is on one line.
func (f *formatter) flow(n *yaml.Node) {
	for i := 1; i < len(n.Content); i += 2 {
		f.node(n.Content[i], n.Content[i].Line, n.Content[i].Line+1)
	}
	perm := f.sorted(n)
	if perm == nil {
		return
	}
	line := f.lines[n.Line-1]
	from := bytesOf(line, n.Column-1)
	open := strings.IndexByte(line[from:], '{')
	if open < 0 {
		return
	}
	cuts := entries(line, from+open)
	if len(cuts) != len(perm) {
		return
	}
	var b strings.Builder
	at := 0
	for i, cut := range cuts {
		b.WriteString(line[at:cut[0]])
		b.WriteString(line[cuts[perm[i]][0]:cuts[perm[i]][1]])
		at = cut[1]
	}
	f.lines[n.Line-1] = b.String() + line[at:]
}

// entries gives the places of what stands between the commas of a mapping whose
// brace opens at a place of a line, nil where it does not close on that line.
func entries(line string, open int) [][2]int {
	var cuts [][2]int
	var last byte // before the one that is looked at, white space aside
	depth, start := 0, open+1
	add := func(end int) {
		inner := line[start:end]
		left := len(inner) - len(strings.TrimLeft(inner, " \t"))
		cuts = append(cuts, [2]int{start + left, start + max(left, len(strings.TrimRight(inner, " \t")))})
	}
	for i := open; i < len(line); i++ {
		c := line[i]
		switch {
		case (c == '"' || c == '\'') && strings.IndexByte("{[,:", last) >= 0:
			if i = closing(line, i); i < 0 {
				return nil
			}
		case c == '{' || c == '[':
			depth++
		case c == ',' && depth == 1:
			add(i)
			start = i + 1
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				add(i)
				return cuts
			}
		case c == ' ' || c == '\t':
			continue
		}
		last = c
	}
	return nil
}

// closing gives the place of the quote that closes the one at a place, or -1.
func closing(line string, open int) int {
	for i := open + 1; i < len(line); i++ {
		switch {
		case line[open] == '"' && line[i] == '\\':
			i++
		case line[i] == line[open] && line[open] == '\'' && i+1 < len(line) && line[i+1] == '\'':
			i++
		case line[i] == line[open]:
			return i
		}
	}
	return -1
}
