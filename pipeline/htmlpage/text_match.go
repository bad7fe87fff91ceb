package htmlpage

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// nodeText is an element's text as selectors take it: whole, with its spaces made even,
// and the runs of it that stand in no other element.
type nodeText struct {
	full, normal string
	runs         []string
}

var (
	invisible = strings.NewReplacer("\u200b", "", "\u00ad", "")
	spaces    = regexp.MustCompile(`[\s\x0b\x{00a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}]+`)
)

// evenSpaces makes any run of spaces one, and none at the ends.
func evenSpaces(text string) string {
	return strings.Trim(spaces.ReplaceAllString(invisible.Replace(text), " "), " ")
}

// hasNoText tells of what selectors by text pass over.
func hasNoText(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Noscript, atom.Style:
		return true
	}
	return within(n, atom.Head) != nil
}

func (d *document) textOf(n *html.Node) *nodeText {
	if known := d.texts[n]; known != nil {
		return known
	}
	t := &nodeText{}
	d.texts[n] = t
	switch {
	case hasNoText(n) || n.DataAtom == atom.Template:
	case n.DataAtom == atom.Input && (kindOf(n) == "submit" || kindOf(n) == "button"):
		v := d.valueOf(n)
		t.full, t.normal, t.runs = v, evenSpaces(v), []string{v}
	default:
		var full, run strings.Builder
		flush := func() {
			if run.Len() > 0 {
				t.runs = append(t.runs, run.String())
			}
			run.Reset()
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.Type {
			case html.TextNode:
				full.WriteString(c.Data)
				run.WriteString(c.Data)
			case html.ElementNode:
				flush()
				full.WriteString(d.textOf(c).full)
			}
		}
		flush()
		t.full = full.String()
		t.normal = evenSpaces(t.full)
	}
	return t
}

// textMatcher tells whether an element's text is the one that is looked for.
type textMatcher func(*nodeText) bool

// textMatch is how an element's text fits, and that of those in it.
type textMatch int

const (
	noMatch textMatch = iota
	ownMatch
	innerMatch // one of its children matches as well
)

func (d *document) matchText(n *html.Node, fits textMatcher) textMatch {
	if hasNoText(n) || !fits(d.textOf(n)) {
		return noMatch
	}
	for _, c := range children(n) {
		if fits(d.textOf(c)) {
			return innerMatch
		}
	}
	return ownMatch
}

func containing(text string) textMatcher {
	text = strings.ToLower(evenSpaces(text))
	return func(t *nodeText) bool { return strings.Contains(strings.ToLower(t.normal), text) }
}

// being fits an element of which one run of text is the very text.
func being(text string) textMatcher {
	text = evenSpaces(text)
	return func(t *nodeText) bool {
		if text == "" && len(t.runs) == 0 {
			return true
		}
		return slices.ContainsFunc(t.runs, func(run string) bool { return evenSpaces(run) == text })
	}
}

func (d *document) matchesTextPseudo(n *html.Node, t *test) bool {
	switch t.name {
	case "has-text":
		return !hasNoText(n) && containing(t.args[0])(d.textOf(n))
	case "text-is":
		return d.matchText(n, being(t.args[0])) != noMatch
	case "text-matches":
		re, err := pattern(t.args[0], strings.Join(t.args[1:], ""))
		return err == nil && d.matchText(n, func(of *nodeText) bool { return re.MatchString(of.full) }) == ownMatch
	default:
		return d.matchText(n, containing(t.args[0])) == ownMatch
	}
}

// textSelector is what stands after text=.
type textSelector struct {
	fits        textMatcher
	lax, strict bool
}

// parseText reads what stands after text=: an expression between slashes, a text in
// quotes, which is the whole, or one without.
func parseText(text string) (textSelector, error) {
	if strings.HasPrefix(text, "/") && strings.LastIndexByte(text, '/') > 0 {
		end := strings.LastIndexByte(text, '/')
		re, err := pattern(text[1:end], text[end+1:])
		return textSelector{fits: func(t *nodeText) bool { return re.MatchString(t.full) }}, err
	}
	if n := len(text); n > 1 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		return textSelector{fits: being(unquoteCSS(text)), strict: true}, nil
	}
	return textSelector{fits: containing(text), lax: true}, nil
}

func unquoteCSS(text string) string {
	var out strings.Builder
	inner := text[1 : len(text)-1]
	for i := 0; i < len(inner); i++ {
		if inner[i] == '\\' && i+1 < len(inner) {
			i++
		}
		out.WriteByte(inner[i])
	}
	return out.String()
}

// exactly, or in part and in capitals or not, is how the words of {text}, {label} and
// {name} are held against an element's text.
func byWords(text string, exact bool) textMatcher {
	if !exact {
		return containing(text)
	}
	text = evenSpaces(text)
	return func(t *nodeText) bool { return t.normal == text }
}

// queryText gives the elements at and below a root that a text stands for: the smallest
// ones that hold it.
func (d *document) queryText(root *html.Node, s textSelector, words bool) []*html.Node {
	var found []*html.Node
	var passed *html.Node
	look := func(n *html.Node) {
		if s.lax && passed != nil && contains(passed, n) {
			return
		}
		match := d.matchText(n, s.fits)
		if match == noMatch {
			passed = n
		}
		if match == ownMatch || match == innerMatch && s.strict && !words {
			found = append(found, n)
		}
	}
	if root.Type == html.ElementNode {
		look(root)
	}
	for n := range d.elements(root) {
		look(n)
	}
	return found
}

// hasText is what internal:has-text holds against an element, as the driver writes it.
func hasText(body string) (textMatcher, error) {
	exact := strings.HasSuffix(body, `"s`)
	var text string
	if err := json.Unmarshal([]byte(strings.TrimRight(body, "is")), &text); err != nil {
		return nil, needsPage("the selector internal:has-text=" + body)
	}
	return byWords(text, exact), nil
}
