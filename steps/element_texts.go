package steps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Map gives the element with all of its texts as f has them.
func (e Element) Map(f func(string) string) Element {
	for _, text := range []*string{&e.Name, &e.Text, &e.Label, &e.Heading, &e.Before, &e.After, &e.Row, &e.Column} {
		*text = f(*text)
	}
	attributes := make(map[string]string, len(e.Attributes))
	for name, value := range e.Attributes {
		attributes[name] = f(value)
	}
	e.Attributes = attributes
	e.Selectors = mapped(e.Selectors, f)
	e.Ancestors = mapped(e.Ancestors, f)
	return e
}

func mapped(texts []string, f func(string) string) []string {
	out := slices.Clone(texts)
	for i := range out {
		out[i] = f(out[i])
	}
	return out
}

// leastValue is how long a value of an item is at least that is looked for in texts, in
// characters: a shorter one stands there for something else as a rule.
const leastValue = 3

// AsExpressions gives a text with the values of the item, where they stand in it as
// words, as expressions: Photo of ${{ item.stock_number }}.
func (s *StepContext) AsExpressions(text string) string {
	item, _ := s.Values["item"].(map[string]any)
	if text == "" || len(item) == 0 {
		return text
	}
	type field struct{ name, value string }
	var fields []field
	for name, v := range item {
		if value := strings.TrimSpace(fmt.Sprint(v)); v != nil && utf8.RuneCountInString(value) >= leastValue && isName(name) {
			fields = append(fields, field{name, value})
		}
	}
	// The longest first; of equal ones always the same.
	slices.SortFunc(fields, func(a, b field) int {
		return cmp.Or(cmp.Compare(len(b.value), len(a.value)), cmp.Compare(a.name, b.name))
	})
	for _, f := range fields {
		text = replaceWord(text, f.value, "${{ item."+f.name+" }}")
	}
	return text
}

// isName tells whether a column can be named by a dot.
func isName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) && !unicode.IsDigit(rune(name[0]))
}

// replaceWord replaces a word, or several, that stand in a text outside of expressions.
func replaceWord(text, word, by string) string {
	var out strings.Builder
	for {
		i := strings.Index(text, word)
		open := strings.Index(text, "${{")
		if open >= 0 && open < i {
			if end := strings.Index(text[open:], "}}"); end >= 0 {
				out.WriteString(text[:open+end+2])
				text = text[open+end+2:]
				continue
			}
		}
		if i < 0 {
			out.WriteString(text)
			return out.String()
		}
		end := i + len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[end:])
		out.WriteString(text[:i])
		if isWordRune(before) || isWordRune(after) {
			out.WriteString(word)
		} else {
			out.WriteString(by)
		}
		text = text[end:]
	}
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
