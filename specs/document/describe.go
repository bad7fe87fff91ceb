package document

import (
	"strconv"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Describe names a node's value for a person.
func Describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return "nothing"
		}
		return strconv.Quote(Shorten(n.Value, 200))
	default:
		return "this"
	}
}

// Shorten cuts a text that is too long for a message.
func Shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}
