package document

import (
	"strings"

	"gopkg.in/yaml.v3"
)

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
	from := BytesOf(line, n.Column-1)
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
