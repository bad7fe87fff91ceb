package document

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// entry is a field of a block mapping on its lines.
type entry struct {
	// lead is how many blank lines stand before it.
	lead int
	// from and to are its lines, the comments above it included; to is the
	// first that is not its own. key is the line of its key.
	from, key, to int
}

// block puts the entries of a mapping on lines of their own in order.
func (f *formatter) block(n *yaml.Node, begin, end int) {
	list := f.entriesOf(n, begin, end)
	for i, e := range list {
		f.node(n.Content[2*i+1], e.key+1, max(e.to, e.key+1))
	}
	perm := f.sorted(n)
	if perm == nil || !f.movable(n, list) {
		return
	}
	first := list[0]
	column := BytesOf(f.lines[first.key-1], n.Content[0].Column-1)
	prefix := f.lines[first.key-1][:column]
	dash := strings.TrimSpace(prefix) != ""
	var out []string
	for i, p := range perm {
		e := list[p]
		lead := e.lead
		switch {
		case i == 0:
			lead = 0
		case p == 0:
			lead = list[perm[0]].lead
		}
		out = append(out, make([]string, lead)...)
		for line := e.from; line < e.to; line++ {
			text := f.lines[line-1]
			switch {
			case p == 0 && line == e.key && dash:
				text = strings.Repeat(" ", len(prefix)) + text[column:]
			case i == 0 && line < e.key && dash:
				// Above the dash, since nothing can stand before it.
				text = prefix[:len(prefix)-len(strings.TrimLeft(prefix, " "))] + strings.TrimLeft(text, " ")
			}
			if i == 0 && line == e.key && dash {
				text = prefix + strings.TrimLeft(text, " ")
			}
			out = append(out, text)
		}
	}
	copy(f.lines[first.from-1:], out)
}

// movable tells whether the keys stand below one another as they should.
func (f *formatter) movable(n *yaml.Node, list []entry) bool {
	for i := range list {
		key := n.Content[2*i]
		if key.Column != n.Content[0].Column || i > 0 && (list[i].key <= list[i-1].key || indentOf(f.lines[key.Line-1]) != key.Column-1) {
			return false
		}
	}
	prefix := f.lines[list[0].key-1]
	return strings.Trim(prefix[:BytesOf(prefix, n.Content[0].Column-1)], " -") == ""
}

// entriesOf finds the lines of a mapping's entries, which lie within begin and
// end.
func (f *formatter) entriesOf(n *yaml.Node, begin, end int) []entry {
	indent := n.Content[0].Column - 1
	list := make([]entry, len(n.Content)/2)
	for i := range list {
		key := n.Content[2*i].Line
		list[i] = entry{key: key, from: key, to: end}
		above := begin
		if i > 0 {
			above = list[i-1].key + 1
		}
		e := &list[i]
		if indentOf(f.lines[key-1]) == indent {
			for e.from > above && f.isComment(e.from-1, indent) {
				e.from--
			}
		}
		if i == 0 && e.from == 1 {
			e.from = key // the head of the file
		}
		for i > 0 && e.from-e.lead > above && strings.TrimSpace(f.lines[e.from-e.lead-2]) == "" {
			e.lead++
		}
		if i > 0 {
			list[i-1].to = e.from - e.lead
		}
	}
	// Comments below the mapping that are no deeper than it stay there.
	last := &list[len(list)-1]
	for last.to-1 > last.key {
		text := f.lines[last.to-2]
		if strings.TrimSpace(text) != "" && (!strings.HasPrefix(strings.TrimSpace(text), "#") || indentOf(text) > indent) {
			break
		}
		last.to--
	}
	return list
}

func (f *formatter) isComment(line, indent int) bool {
	text := f.lines[line-1]
	return indentOf(text) == indent && strings.HasPrefix(text[indent:], "#")
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
