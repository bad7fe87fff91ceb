package document

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// ValueAt gives the value behind the key at a place of a text.
func ValueAt(src []byte, at Pos) (*yaml.Node, error) {
	t, err := newText(src)
	if err != nil {
		return nil, err
	}
	s, err := t.findAt(at)
	if err != nil {
		return nil, err
	}
	return s.value(), nil
}

// ReplaceAt is [Replace] for the value behind the key at a place, or a field of that value.
func ReplaceAt(src []byte, at Pos, field string, value *yaml.Node) ([]byte, error) {
	t, err := newText(src)
	if err != nil {
		return nil, err
	}
	s, err := t.findAt(at)
	if err == nil && field != "" {
		s, err = t.step(s, field)
	}
	if err != nil {
		return nil, err
	}
	return t.replace(s, value)
}

// ReplaceEntries has some entries of the mapping behind the key at a place make way for
// others, which are the content of a mapping: keys and values. All other entries stay.
func ReplaceEntries(src []byte, at Pos, drop []string, with []*yaml.Node) ([]byte, error) {
	t, err := newText(src)
	if err != nil {
		return nil, err
	}
	s, err := t.findAt(at)
	if err == nil {
		err = t.alone(s.value())
	}
	if err != nil {
		return nil, err
	}
	n := s.value()
	dropped := func(i int) bool { return slices.Contains(drop, n.Content[i-i%2].Value) }
	var content []*yaml.Node
	first := -1
	for i, c := range n.Content {
		switch {
		case !dropped(i):
			content = append(content, c)
		case first < 0:
			first = i
			content = append(content, with...)
		}
	}
	if n.Kind != yaml.MappingNode || first < 0 {
		return nil, fmt.Errorf("what stands on line %d has none of %s itself", n.Line, strings.Join(drop, ", "))
	}
	edits, err := t.entryEdits(n, first, dropped, with)
	if err != nil {
		return nil, err
	}
	out := t.apply(edits)
	if !says(out, substitute(&t.doc, n, func(c *yaml.Node) { c.Content = content })) {
		return nil, fmt.Errorf("what stands on line %d is written in a way that is not understood here: change it by hand", n.Line)
	}
	return []byte(t.mark + out), nil
}

// edit is a part of a text that another takes the place of.
type edit struct {
	from, to int
	text     string
}

func (t *editedText) apply(edits []edit) string {
	out := t.src
	for _, e := range slices.Backward(edits) {
		out = out[:e.from] + t.withBreaks(e.text) + out[e.to:]
	}
	return out
}

// entryEdits puts new entries in the place of the first that goes, and takes the others out.
func (t *editedText) entryEdits(n *yaml.Node, first int, dropped func(int) bool, with []*yaml.Node) ([]edit, error) {
	flow := t.inFlow(n)
	text, err := entriesText(with, flow, n.Content[0].Column-1)
	if err != nil {
		return nil, err
	}
	var edits []edit
	for i := first; i < len(n.Content); i += 2 {
		e := edit{from: t.start(n.Content[i]), to: t.entryEnd(n, i)}
		switch {
		case !dropped(i):
			continue
		case i == first:
			e.text = text
		case flow:
			before := strings.TrimRight(t.src[:e.from], " \t\r\n")
			if !strings.HasSuffix(before, ",") {
				return nil, errors.New("a comment stands before one of its fields: change it by hand")
			}
			e.from = len(before) - 1
		default:
			e = t.lineOfEntry(e)
		}
		edits = append(edits, e)
	}
	return edits, nil
}

// entryEnd gives the place behind the value of a key.
func (t *editedText) entryEnd(n *yaml.Node, key int) int {
	if isEmpty(n.Content[key+1]) {
		return max(t.behindColon(n.Content[key]), t.end(n.Content[key+1]))
	}
	return t.end(n.Content[key+1])
}

// lineOfEntry widens what goes to its whole lines; a comment behind it stays on a line of
// its own.
func (t *editedText) lineOfEntry(e edit) edit {
	rest := t.src[e.to:t.lineEnd(e.to)]
	if strings.TrimSpace(rest) != "" {
		e.to += len(rest) - len(strings.TrimLeft(rest, " \t"))
		return e
	}
	e.from = t.starts[t.lineOf(e.from)]
	if line := t.lineOf(e.to); line+1 < len(t.starts) {
		e.to = t.starts[line+1]
	} else {
		e.to = len(t.src)
	}
	return e
}

// entriesText writes entries as they stand in braces, or below one another.
func entriesText(with []*yaml.Node, flow bool, indent int) (string, error) {
	m := flowing(&yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: with})
	if flow {
		text, err := encode(m)
		return strings.TrimSuffix(strings.TrimPrefix(text, "{"), "}"), err
	}
	m.Style = 0
	text, err := encode(m)
	return strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", indent)), err
}

// findAt gives the value behind the key at a place.
func (t *editedText) findAt(at Pos) (slot, error) {
	s, err := t.searchAt(slot{parent: &t.doc}, at)
	if err == nil && s.parent == nil {
		err = fmt.Errorf("no field begins at line %d, column %d", at.Line, at.Col)
	}
	return s, err
}

func (t *editedText) searchAt(s slot, at Pos) (slot, error) {
	n := s.value()
	for i, c := range n.Content {
		inner := slot{parent: n, i: i, flow: s.flow || t.inFlow(n)}
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if c.Line == at.Line && c.Column == at.Col {
				inner.i++
				return inner, t.alone(n)
			}
			continue
		}
		if found, err := t.searchAt(inner, at); found.parent != nil {
			return found, errors.Join(err, t.alone(n))
		}
	}
	return slot{}, nil
}
