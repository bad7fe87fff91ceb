package document

import (
	"errors"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// Replace gives a text in which the value that a path such as login.steps[2].fill.selector
// leads to is another. Every byte that is not the value's stays as it is, comments, line
// ends and a byte order mark too; comments within the old value go with it. The new value
// is written in its own style where it can be so there. It fails for a path that leads
// nowhere, and where other values would change with it: behind an anchor that is used
// elsewhere.
func Replace(src []byte, path string, value *yaml.Node) ([]byte, error) {
	t, err := newText(src)
	if err != nil {
		return nil, err
	}
	at, err := t.find(path)
	if err != nil {
		return nil, err
	}
	out, err := t.replace(at, value)
	if err != nil {
		return nil, fmt.Errorf("replacing %s: %w", path, err)
	}
	return out, nil
}

// slot is a value in a text, and what it stands in.
type slot struct {
	parent *yaml.Node
	// i is the value's index in the parent's content.
	i int
	// flow is true within braces or brackets.
	flow bool
}

func (s slot) value() *yaml.Node { return s.parent.Content[s.i] }

// isRoot tells of the value that is all of the text.
func (s slot) isRoot() bool { return s.parent.Kind == yaml.DocumentNode }

// newText parses a text to change it.
func newText(src []byte) (*editedText, error) {
	t := &editedText{mark: "\ufeff"}
	rest, marked := strings.CutPrefix(string(src), t.mark)
	if !marked {
		t.mark = ""
	}
	t.src = rest
	if err := yaml.Unmarshal([]byte(rest), &t.doc); err != nil {
		return nil, fmt.Errorf("reading the YAML: %w", err)
	}
	if len(t.doc.Content) == 0 {
		return nil, errors.New("the YAML is empty")
	}
	t.starts = lineStarts(rest)
	return t, nil
}

// find gives the value that a path leads to.
func (t *editedText) find(path string) (slot, error) {
	at := slot{parent: &t.doc}
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		var err error
		if at, err = t.step(at, name); err != nil {
			return slot{}, fmt.Errorf("%s: %w", path, err)
		}
	}
	if at.isRoot() {
		return slot{}, fmt.Errorf("%q leads to no value within the text", path)
	}
	if n := at.value(); n.Kind != yaml.AliasNode {
		if err := t.alone(n); err != nil {
			return slot{}, fmt.Errorf("%s: %w", path, err)
		}
	}
	return at, nil
}

// step goes down by a name or an index.
func (t *editedText) step(at slot, name string) (slot, error) {
	n := at.value()
	if err := t.alone(n); err != nil {
		return slot{}, err
	}
	_, value := child(n, name)
	for i, c := range n.Content {
		// Of a mapping the value, and not a key that is the same node.
		if value != nil && c == value && (n.Kind != yaml.MappingNode || i%2 == 1) {
			return slot{parent: n, i: i, flow: at.flow || t.inFlow(n)}, nil
		}
	}
	return slot{}, fmt.Errorf("there is no %s", name)
}

// alone fails for a value that stands in other places too.
func (t *editedText) alone(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode {
		return fmt.Errorf("it is what the anchor &%s stands for, and so in several places", n.Value)
	}
	if n.Anchor != "" && aliased(&t.doc, n.Anchor) {
		return fmt.Errorf("its anchor &%s is used in other places, which would change too", n.Anchor)
	}
	return nil
}

// aliased tells whether an anchor is used.
func aliased(n *yaml.Node, anchor string) bool {
	if n.Kind == yaml.AliasNode && n.Value == anchor {
		return true
	}
	for _, c := range n.Content {
		if aliased(c, anchor) {
			return true
		}
	}
	return false
}

// replace writes a value into its place in the first style that says what it should there.
func (t *editedText) replace(at slot, value *yaml.Node) ([]byte, error) {
	want := substitute(&t.doc, at.parent, func(n *yaml.Node) { n.Content[at.i] = value })
	gap, from, to := t.spanOf(at)
	for _, write := range []func(*yaml.Node) *yaml.Node{clone, quoted, flowing} {
		text, err := t.written(at, write(value))
		if err != nil {
			return nil, err
		}
		out := t.splice(at, gap, from, to, text)
		if says(out, want) {
			return []byte(t.mark + out), nil
		}
	}
	return nil, fmt.Errorf("what stands on line %d is written in a way that is not understood here: change it by hand", at.value().Line)
}

// splice puts a text into the place of a value. gap is where that which leads to the
// value ends: its colon, or its dash.
func (t *editedText) splice(at slot, gap, from, to int, text string) string {
	between := t.src[gap:from]
	first, rest, several := strings.Cut(text, "\n")
	lead, comment := " ", ""
	switch {
	case at.flow && (between != "" || at.parent.Kind == yaml.SequenceNode):
		lead = between
	case between != "" && strings.Trim(between, " \t") == "":
		lead = between
	case strings.Contains(between, "#"):
		lead = t.below(at, between, several)
	}
	if header := t.headerComment(at.value()); header != "" {
		comment += " " + header
	}
	if first == "" {
		lead = strings.TrimRight(lead, " \t\r\n")
	}
	out := lead + first + comment
	if several {
		out += "\n" + rest
	}
	return t.src[:gap] + t.withBreaks(out) + t.src[to:]
}

// below gives what leads to a value that stands below the comments of its key.
func (t *editedText) below(at slot, between string, several bool) string {
	line := strings.LastIndexAny(between, "\r\n") + 1
	if !several && len(between)-line > t.indent(at) {
		return between
	}
	return between[:line] + strings.Repeat(" ", t.indent(at)+2)
}

// withBreaks gives a text the line ends of the whole.
func (t *editedText) withBreaks(text string) string {
	if strings.Contains(t.src, "\r\n") {
		return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	}
	return text
}
