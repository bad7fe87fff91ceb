package htmlpage

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"pipe/steps"
)

// needsPage is what is asked for and only a page in a browser can tell.
func needsPage(what string) error { return &steps.NeedsPageError{Reason: what} }

// step gives the elements that one part of a selector stands for, at or below a root.
type step func(d *document, root *html.Node) ([]*html.Node, error)

// selector is a Playwright selector: parts joined by >>, each looked for in what the one
// before has found.
type selector struct {
	text  string
	parts []selectorPart
}

type selectorPart struct {
	find step
	// nth, if set, picks one of what the parts before have found, from 0; -1 is the last.
	nth *int
}

var engineName = regexp.MustCompile(`^[a-zA-Z_0-9:-]+$`)

// parseSelector reads a selector. One that only a browser can look for is a
// *steps.NeedsPageError.
func parseSelector(text string) (*selector, error) {
	s := &selector{text: text}
	for _, one := range splitChain(text) {
		one = strings.TrimSpace(one)
		if strings.HasPrefix(one, "*") && engineName.MatchString(strings.SplitN(one[1:], "=", 2)[0]) && strings.Contains(one, "=") {
			return nil, needsPage(fmt.Sprintf("the selector %q, which takes an inner part (*),", text))
		}
		p, err := parsePart(one)
		if err != nil {
			return nil, err
		}
		s.parts = append(s.parts, p)
	}
	return s, nil
}

// splitChain splits a selector at >> outside of quotes.
func splitChain(text string) []string {
	var parts []string
	from := 0
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case strings.HasPrefix(text[i:], ">>"):
			parts = append(parts, text[from:i])
			i++
			from = i + 1
		}
	}
	return append(parts, text[from:])
}

func parsePart(text string) (selectorPart, error) {
	engine, body, given := strings.Cut(text, "=")
	engine = strings.TrimSpace(engine)
	switch {
	case strings.HasPrefix(strings.TrimLeft(text, "("), "//"), strings.HasPrefix(text, ".."):
		engine, body = "xpath", text
	case len(text) > 1 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0]:
		engine, body = "text", text
	case !given || !engineName.MatchString(engine):
		engine, body = "css", text
	}
	var p selectorPart
	var err error
	switch engine {
	case "css":
		p.find, err = byCSS(body)
	case "text":
		p.find, err = byText(body)
	case "xpath":
		p.find, err = byXPath(body)
	case "id", "data-testid", "data-test-id", "data-test":
		p.find = byAttribute(engine, body, true)
	case "nth":
		var n int
		if n, err = strconv.Atoi(strings.TrimSpace(body)); err == nil {
			p.nth = &n
		}
	case "visible":
		want := strings.TrimSpace(body) == "true"
		p.find = keeping(func(d *document, n *html.Node) bool { return d.visible(n) == want })
	case "internal:has-text":
		var fits textMatcher
		if fits, err = hasText(body); err == nil {
			p.find = keeping(func(d *document, n *html.Node) bool { return fits(d.textOf(n)) })
		}
	case "role":
		p.find, err = byRoleSelector(body)
	default:
		err = needsPage(fmt.Sprintf("the selector engine %q", engine))
	}
	return p, err
}

// keeping keeps the elements that were found and fit.
func keeping(fits func(*document, *html.Node) bool) step {
	return func(d *document, root *html.Node) ([]*html.Node, error) {
		if root.Type == html.ElementNode && fits(d, root) {
			return []*html.Node{root}, nil
		}
		return nil, nil
	}
}

func filtering(fits func(*document, *html.Node) bool) step {
	return func(d *document, root *html.Node) (found []*html.Node, _ error) {
		for n := range d.elements(root) {
			if fits(d, n) {
				found = append(found, n)
			}
		}
		return found, nil
	}
}

func byCSS(text string) (step, error) {
	list, err := parseCSS(text)
	if err != nil {
		return nil, needsPage(err.Error())
	}
	return func(d *document, root *html.Node) ([]*html.Node, error) { return d.query(list, scope{at: root}), nil }, nil
}

func byText(text string) (step, error) {
	s, err := parseText(text)
	if err != nil {
		return nil, needsPage(err.Error())
	}
	return func(d *document, root *html.Node) ([]*html.Node, error) { return d.queryText(root, s, false), nil }, nil
}

// byWordsOf is {text: …}.
func byWordsOf(text string, exact bool) step {
	s := textSelector{fits: byWords(text, exact), lax: !exact, strict: exact}
	return func(d *document, root *html.Node) ([]*html.Node, error) { return d.queryText(root, s, true), nil }
}

func byAttribute(name, value string, exact bool) step {
	folded := strings.ToLower(value)
	return filtering(func(_ *document, n *html.Node) bool {
		v, given := lookup(n, name)
		return given && (exact && v == value || !exact && strings.Contains(strings.ToLower(v), folded))
	})
}

func byRole(role, name string, exact bool) step {
	name = evenSpaces(name)
	return filtering(func(d *document, n *html.Node) bool {
		if d.roleOf(n) != role || hiddenForAria(n) {
			return false
		}
		if name == "" {
			return true
		}
		its := d.nameOf(n)
		return exact && its == name || !exact && strings.Contains(strings.ToUpper(its), strings.ToUpper(name))
	})
}

var roleSelector = regexp.MustCompile(`^([a-z]+)\s*(?:\[\s*name\s*=\s*("(?:[^"\\]|\\.)*")\s*(i|s)?\s*\])?$`)

// byRoleSelector is role=button[name="Save"]: the whole name, in capitals or not.
func byRoleSelector(text string) (step, error) {
	found := roleSelector.FindStringSubmatch(strings.TrimSpace(text))
	if found == nil {
		return nil, needsPage(fmt.Sprintf("the selector role=%s", text))
	}
	if found[2] == "" {
		return byRole(found[1], "", false), nil
	}
	name := evenSpaces(unquoteCSS(found[2]))
	return filtering(func(d *document, n *html.Node) bool {
		if d.roleOf(n) != found[1] || hiddenForAria(n) {
			return false
		}
		its := d.nameOf(n)
		return its == name || found[3] != "s" && strings.EqualFold(its, name)
	}), nil
}

// find gives what a selector stands for at or below some elements.
func (s *selector) find(d *document, roots []*html.Node) ([]*html.Node, error) {
	for _, p := range s.parts {
		if p.nth != nil {
			roots = pick(roots, *p.nth)
			continue
		}
		var all []*html.Node
		seen := map[*html.Node]bool{}
		for _, root := range roots {
			found, err := p.find(d, root)
			if err != nil {
				return nil, err
			}
			for _, n := range found {
				if !seen[n] {
					seen[n] = true
					all = append(all, n)
				}
			}
		}
		roots = all
	}
	return roots, nil
}

// pick gives the n-th of a list, from 0, -1 being the last, as a list.
func pick(list []*html.Node, n int) []*html.Node {
	if n == -1 {
		n = len(list) - 1
	}
	if n < 0 || n >= len(list) {
		return nil
	}
	return list[n : n+1]
}
