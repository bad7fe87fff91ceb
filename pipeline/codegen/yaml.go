package codegen

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// oneLine writes a value of YAML on one line.
func oneLine(n *yaml.Node) string {
	text, err := yaml.Marshal(n)
	if err != nil {
		panic(err) // a node of our own making
	}
	return strings.TrimSuffix(string(text), "\n")
}

// flow makes a mapping on one line of names and nodes.
func flow(pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: yaml.FlowStyle}
	for i := 0; i+1 < len(pairs); i += 2 {
		n.Content = append(n.Content, plainScalar(pairs[i].(string)), pairs[i+1].(*yaml.Node))
	}
	return n
}

// scalar is a text; one line whatever is in it.
func scalar(text string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	if strings.Contains(text, "${{") || strings.ContainsAny(text, "\n\r\t") || text == "" {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// plainScalar is a word, a number or a truth value.
func plainScalar(text string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: text} }

// quoteExpressions has texts with expressions in double quotes, as specs do.
func quoteExpressions(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.ScalarNode && strings.ContainsAny(n.Value, "${\n") {
		n.Style = yaml.DoubleQuotedStyle
	}
	for _, one := range n.Content {
		quoteExpressions(one)
	}
	return n
}

// quoted is a text in double quotes.
func quoted(text string) string {
	return oneLine(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: yaml.DoubleQuotedStyle})
}

// jsonText is a text in quotes within a selector.
func jsonText(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text
	}
	return string(out)
}

// comment makes one line of comment of a text.
func comment(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	return "# " + strings.Join(strings.Fields(text), " ")
}

func indent(by int, lines []string) []string {
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat(" ", by) + line
		}
	}
	return lines
}

func yesNo(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// sorted has the longest value first.
func (v variables) sorted() variables {
	slices.SortStableFunc(v, func(a, b variable) int { return cmp.Compare(len(b.value), len(a.value)) })
	return v
}
