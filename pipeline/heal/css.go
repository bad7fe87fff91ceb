package heal

import (
	"strings"
)

// compound is a part of a CSS selector between combinators, as its simple selectors: a tag
// first, "" for none, then #id, .class, [attribute] and :pseudo-class.
type compound []string

func (c compound) tag() string {
	if len(c) == 0 {
		return ""
	}
	return c[0]
}

func (c compound) String() string { return strings.Join(c, "") }

// has tells whether an element that is described by all its simple selectors has one.
func (c compound) has(simple string) bool {
	for _, mine := range c[1:] {
		if mine == simple {
			return true
		}
	}
	return false
}

// selector is a CSS selector: compounds, and what stands before each of them.
type selector struct {
	parts       []compound
	combinators []string
}

func (s selector) String() string {
	var out strings.Builder
	for i, p := range s.parts {
		out.WriteString(s.combinators[i] + p.String())
	}
	return out.String()
}

// parseSelector takes a CSS selector apart, which may hold expressions. It tells whether
// it is one, and only one: without commas, without >>, and without another engine.
func parseSelector(text string) (s selector, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasPrefix(text, "//") || strings.HasPrefix(text, "..") || strings.Contains(text, ">>") {
		return s, false
	}
	if engine, _, found := strings.Cut(text, "="); found && isWord(engine) {
		return s, false
	}
	var now strings.Builder
	combinator, gap := "", ""
	flush := func() {
		if now.Len() > 0 {
			s.parts, s.combinators = append(s.parts, parseCompound(now.String())), append(s.combinators, combinator)
			now.Reset()
			combinator = ""
		}
	}
	for i := 0; i < len(text); {
		n := simpleEnd(text, i)
		switch text[i] {
		case ',':
			return s, false
		case ' ', '>', '+', '~', '\t', '\n':
			flush()
			gap += text[i:n]
		default:
			if gap != "" {
				combinator, gap = gap, ""
			}
			now.WriteString(text[i:n])
		}
		i = n
	}
	flush()
	return s, len(s.parts) > 0 && gap == ""
}

// simpleEnd gives where what begins at a place ends: a character, or all between brackets,
// quotes or the signs of an expression.
func simpleEnd(text string, at int) int {
	if strings.HasPrefix(text[at:], "${{") {
		if end := strings.Index(text[at:], "}}"); end >= 0 {
			return at + end + 2
		}
	}
	closing := map[byte]byte{'(': ')', '[': ']', '"': '"', '\'': '\''}[text[at]]
	if text[at] == '\\' {
		return min(at+2, len(text))
	}
	if closing == 0 {
		return at + 1
	}
	for i := at + 1; i < len(text); {
		switch {
		case text[i] == closing:
			return i + 1
		case closing == '"' || closing == '\'':
			if text[i] == '\\' {
				i++
			}
			i++
		default:
			i = simpleEnd(text, i)
		}
	}
	return len(text)
}

// parseCompound takes a compound apart.
func parseCompound(text string) compound {
	c := compound{""}
	for i := 0; i < len(text); {
		n := simpleEnd(text, i)
		begins := text[i] == '#' || text[i] == '.' || text[i] == '[' || text[i] == ':' && (i == 0 || text[i-1] != ':')
		if begins {
			c = append(c, "")
		}
		c[len(c)-1] += text[i:n]
		i = n
	}
	return c
}

func isWord(text string) bool {
	for _, r := range text {
		if (r < 'a' || r > 'z') && r != '-' && r != '_' {
			return false
		}
	}
	return text != ""
}
