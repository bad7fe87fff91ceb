package document

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// written gives a value as it stands behind its colon or its dash: on that line, or
// with the lines below it.
func (t *editedText) written(at slot, value *yaml.Node) (string, error) {
	if at.flow {
		text, err := encode(&yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle, Content: []*yaml.Node{flowing(value)}})
		return strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"), err
	}
	key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "k"}
	text, err := encode(&yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{key, value}})
	if err != nil {
		return "", err
	}
	text = strings.TrimPrefix(strings.TrimPrefix(text, "k:"), " ")
	first, rest, several := strings.Cut(text, "\n")
	if !several {
		return first, nil
	}
	pad := strings.Repeat(" ", t.indent(at))
	lines := strings.Split(rest, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = pad + line
		}
	}
	if first == "" && at.parent.Kind == yaml.SequenceNode && value.Kind == yaml.MappingNode {
		// Beside its dash.
		return strings.TrimLeft(strings.Join(lines, "\n"), " "), nil
	}
	return first + "\n" + strings.Join(lines, "\n"), nil
}

// indent is how far the mapping or the list is indented that a value stands in.
func (t *editedText) indent(at slot) int {
	if at.parent.Kind == yaml.MappingNode {
		return at.parent.Content[at.i-1].Column - 1
	}
	from := t.content(at.parent)
	return from - t.starts[t.lineOf(from)]
}

// lineOf gives the index of the line that a place is on.
func (t *editedText) lineOf(at int) int {
	i, found := slices.BinarySearch(t.starts, at)
	if found {
		return i
	}
	return i - 1
}

// encode writes a node as YAML, without the line end behind it.
func encode(n *yaml.Node) (string, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		return "", fmt.Errorf("writing the new value: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// clone gives a copy of a node without its comments, which would stand in odd places.
func clone(n *yaml.Node) *yaml.Node {
	c := *n
	c.HeadComment, c.LineComment, c.FootComment = "", "", ""
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, one := range n.Content {
		c.Content[i] = clone(one)
	}
	return &c
}

// quoted is a copy whose texts of several lines stand in quotes.
func quoted(n *yaml.Node) *yaml.Node {
	c := clone(n)
	walk(c, func(n *yaml.Node) {
		if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			n.Style = yaml.DoubleQuotedStyle
		}
	})
	return c
}

// flowing is a copy that stands on one line.
func flowing(n *yaml.Node) *yaml.Node {
	c := quoted(n)
	walk(c, func(n *yaml.Node) {
		switch {
		case n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode:
			n.Style |= yaml.FlowStyle
		case n.Kind == yaml.ScalarNode && strings.ContainsAny(n.Value, "\n\r\u0085\u2028\u2029"):
			n.Style = yaml.DoubleQuotedStyle
		}
	})
	return c
}

// substitute gives a copy of a tree in which one node has been changed.
func substitute(n, at *yaml.Node, change func(*yaml.Node)) *yaml.Node {
	c := *n
	c.Content = slices.Clone(n.Content)
	if n == at {
		change(&c)
		return &c
	}
	for i, one := range c.Content {
		c.Content[i] = substitute(one, at, change)
	}
	return &c
}

// says tells whether a text parses to this tree.
func says(src string, want *yaml.Node) bool {
	var got yaml.Node
	return yaml.Unmarshal([]byte(src), &got) == nil && equal(&got, want)
}

// equal tells whether two trees are the same in all but their style.
func equal(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.ShortTag() == b.ShortTag() && a.Value == b.Value && a.Anchor == b.Anchor &&
		slices.EqualFunc(a.Content, b.Content, equal)
}

// walk visits a node and all that are in it.
func walk(n *yaml.Node, visit func(*yaml.Node)) {
	visit(n)
	for _, c := range n.Content {
		walk(c, visit)
	}
}
