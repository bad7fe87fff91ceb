package document

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// editedText is a text that is changed at places: where in it the values stand, in bytes.
// The parser tells where a value begins, and not where it ends.
type editedText struct {
	// mark is the byte order mark, where there is one; src is what comes after it.
	mark, src string
	doc       yaml.Node
	// starts are the places of the lines.
	starts []int
}

// breaks is all that ends a line in YAML.
var breaks = regexp.MustCompile("\r\n|[\r\n\u0085\u2028\u2029]")

func lineStarts(src string) []int {
	starts := []int{0}
	for _, m := range breaks.FindAllStringIndex(src, -1) {
		starts = append(starts, m[1])
	}
	return starts
}

// start gives the place of a node.
func (t *editedText) start(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(t.starts) {
		return len(t.src)
	}
	from := t.starts[n.Line-1]
	return from + BytesOf(t.src[from:], n.Column-1)
}

// inFlow tells whether a value is one in braces or brackets.
func (t *editedText) inFlow(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode && n.Kind != yaml.SequenceNode {
		return false
	}
	at := t.content(n)
	return n.Style&yaml.FlowStyle != 0 || at < len(t.src) && (t.src[at] == '{' || t.src[at] == '[')
}

var (
	properties = regexp.MustCompile(`^[&!][^ \t\r\n,\[\]{}]*`)
	// blank is what may stand between two values, comments among it.
	blank      = regexp.MustCompile(`^(?:[ \t\r\n]|#[^\r\n]*)*`)
	blankLines = regexp.MustCompile("^[ \t]*(?:\r\n|[\r\n])[ \t\r\n]*")
	aliasName  = regexp.MustCompile(`^\*[^ \t\r\n,\[\]{}]*`)
)

// content gives the place of a node behind its anchor and its tag.
func (t *editedText) content(n *yaml.Node) int {
	at := t.start(n)
	for {
		m := properties.FindString(t.src[at:])
		if m == "" {
			return at
		}
		at += len(m)
		if !isEmpty(n) {
			at += len(blank.FindString(t.src[at:]))
		}
	}
}

// isEmpty tells of a value that is not written at all.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&^yaml.TaggedStyle == 0
}

// end gives the place behind a node.
func (t *editedText) end(n *yaml.Node) int {
	at := t.content(n)
	switch {
	case isEmpty(n) || at >= len(t.src):
		return at
	case n.Kind == yaml.AliasNode:
		return at + len(aliasName.FindString(t.src[at:]))
	case n.Kind == yaml.ScalarNode:
		return t.scalarEnd(n, at)
	}
	last := at + 1
	if len(n.Content) > 0 {
		last = t.lastEnd(n)
	}
	if open := t.src[at]; (n.Style&yaml.FlowStyle == 0 || len(n.Content) > 0 && t.start(n.Content[0]) == at) && open != '{' && open != '[' {
		return last
	}
	for last < len(t.src) && t.src[last] != '}' && t.src[last] != ']' {
		skip := len(blank.FindString(t.src[last:]))
		if skip == 0 && t.src[last] != ',' && t.src[last] != ':' {
			return last
		}
		last += max(skip, 1)
	}
	return min(last+1, len(t.src))
}

// lastEnd gives the place behind the last value of a mapping or a list.
func (t *editedText) lastEnd(n *yaml.Node) int {
	value := n.Content[len(n.Content)-1]
	if n.Kind == yaml.MappingNode && isEmpty(value) {
		return max(t.end(value), t.behindColon(n.Content[len(n.Content)-2]))
	}
	return t.end(value)
}

// behindColon gives the place behind a key and its colon.
func (t *editedText) behindColon(key *yaml.Node) int {
	at := t.end(key)
	rest := strings.TrimLeft(t.src[at:], " \t")
	if strings.HasPrefix(rest, ":") {
		return len(t.src) - len(rest) + 1
	}
	return at
}

func (t *editedText) scalarEnd(n *yaml.Node, at int) int {
	switch {
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		if end := closing(t.src, at); end >= 0 {
			return end + 1
		}
		return len(t.src)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return t.blockEnd(n, at)
	}
	for i := 0; i < len(n.Value) && at < len(t.src); {
		fold := blankLines.FindString(t.src[at:])
		if fold == "" {
			at, i = at+1, i+1
			continue
		}
		// One line end is a blank, each more a line end.
		i += max(1, len(breaks.FindAllString(fold, -1))-1)
		at += len(fold)
	}
	return at
}

// blockEnd gives the end of the last line of a literal or folded text that is not empty.
func (t *editedText) blockEnd(n *yaml.Node, at int) int {
	head := t.lineEnd(at)
	if strings.Trim(n.Value, "\n") == "" {
		return t.headerEnd(at)
	}
	end, indent := head, -1
	for line := n.Line; line < len(t.starts); line++ {
		from := t.starts[line]
		if from <= at {
			continue // the header stands below its anchor
		}
		to := t.lineEnd(from)
		text := t.src[from:to]
		if strings.Trim(text, " ") == "" {
			continue
		}
		if indent < 0 {
			first := strings.TrimLeft(n.Value, "\n")
			indent = max(0, indentOf(text)-indentOf(strings.SplitN(first, "\n", 2)[0]))
		}
		if indentOf(text) < indent {
			break
		}
		end = to
	}
	return end
}

// headerEnd gives the end of | or > and what belongs to it.
func (t *editedText) headerEnd(at int) int {
	for at < len(t.src) && !strings.ContainsRune(" \t\r\n", rune(t.src[at])) {
		at++
	}
	return at
}

// headerComment gives the comment behind | or >, which is none of the text.
func (t *editedText) headerComment(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 || strings.Trim(n.Value, "\n") == "" {
		return ""
	}
	at := t.content(n)
	return strings.TrimSpace(t.src[t.headerEnd(at):t.lineEnd(at)])
}

// lineEnd gives the end of the line that a place is on, without its break.
func (t *editedText) lineEnd(at int) int {
	if m := breaks.FindStringIndex(t.src[at:]); m != nil {
		return at + m[0]
	}
	return len(t.src)
}

// spanOf gives where a value stands, and where that ends which leads to it.
func (t *editedText) spanOf(at slot) (gap, from, to int) {
	n := at.value()
	from, to = t.start(n), t.end(n)
	switch {
	case at.parent.Kind == yaml.MappingNode:
		gap = t.behindColon(at.parent.Content[at.i-1])
	case at.flow:
		gap = from
	case at.i == 0:
		gap = t.content(at.parent) + 1
	default:
		gap = t.end(at.parent.Content[at.i-1])
		gap += len(blank.FindString(t.src[gap:])) + 1
	}
	if isEmpty(n) && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 {
		from, to = gap, gap
	}
	return min(gap, from), from, to
}
