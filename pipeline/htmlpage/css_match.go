package htmlpage

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// scope is within what a selector is looked for: at is a document or an element, origin
// the element that :scope stands for where that is another.
type scope struct{ at, origin *html.Node }

func (s scope) scoped() *html.Node {
	if s.origin != nil {
		return s.origin
	}
	return s.at
}

// query gives the elements below a scope that match, in the order of the document.
func (d *document) query(list selectorList, in scope) []*html.Node {
	var found []*html.Node
	for _, c := range list {
		at := in.of(c)
		for n := range d.elements(at.at) {
			if d.matchesComplex(n, c, len(c.compounds)-1, at) {
				found = append(found, n)
			}
		}
	}
	if len(list) > 1 {
		return d.inOrder(found)
	}
	return found
}

// of widens the scope by one element for a selector that names the scope itself.
func (s scope) of(c complexSelector) scope {
	names := c.relative != 0 || slices.ContainsFunc(c.compounds, func(c compound) bool { return c.scoped })
	if !names || s.at.Type != html.ElementNode || s.at.Parent == nil {
		return s
	}
	return scope{s.at.Parent, s.scoped()}
}

func (d *document) matches(n *html.Node, list selectorList, in scope) bool {
	return slices.ContainsFunc(list, func(c complexSelector) bool {
		return d.matchesComplex(n, c, len(c.compounds)-1, in.of(c))
	})
}

// matchesComplex tells whether an element matches the compounds up to the i-th.
func (d *document) matchesComplex(n *html.Node, c complexSelector, i int, in scope) bool {
	if n == in.at || !d.matchesCompound(n, c.compounds[i], in) {
		return false
	}
	join := c.relative
	if i > 0 {
		join = c.joins[i-1]
	}
	if join == 0 {
		return true
	}
	before := func(n *html.Node) bool {
		if i > 0 {
			return d.matchesComplex(n, c, i-1, in)
		}
		return n == in.scoped()
	}
	switch join {
	case '>':
		up := upTo(n, in)
		return up != nil && before(up)
	case '+':
		back := previous(n)
		return back != nil && before(back)
	case '~':
		for back := previous(n); back != nil; back = previous(back) {
			if before(back) {
				return true
			}
		}
	default:
		for up := upTo(n, in); up != nil; up = upTo(up, in) {
			if before(up) {
				return true
			}
		}
	}
	return false
}

// upTo gives the element around another, nil where the scope ends.
func upTo(n *html.Node, in scope) *html.Node {
	if n == in.at {
		return nil
	}
	return parent(n)
}

func (d *document) matchesCompound(n *html.Node, c compound, in scope) bool {
	if c.tag != "" && !strings.EqualFold(n.Data, c.tag) {
		return false
	}
	for i := range c.tests {
		if !d.matchesTest(n, &c.tests[i], in) {
			return false
		}
	}
	return true
}

func (d *document) matchesTest(n *html.Node, t *test, in scope) bool {
	switch t.kind {
	case '#':
		id, ok := lookup(n, "id")
		return ok && d.sameName(id, t.name)
	case '.':
		for class := range strings.FieldsSeq(attr(n, "class")) {
			if d.sameName(class, t.name) {
				return true
			}
		}
		return false
	case '[':
		return t.matchesAttribute(n)
	default:
		return d.matchesPseudo(n, t, in)
	}
}

func (d *document) sameName(a, b string) bool { return a == b || d.quirks && strings.EqualFold(a, b) }

func (t *test) matchesAttribute(n *html.Node) bool {
	value, ok := lookup(n, t.name)
	if t.op == "" || !ok {
		return ok
	}
	want := t.text
	if t.fold {
		value, want = strings.ToLower(value), strings.ToLower(want)
	}
	switch t.op {
	case "=":
		return value == want
	case "~=":
		return want != "" && slices.Contains(strings.Fields(value), want)
	case "|=":
		return value == want || strings.HasPrefix(value, want+"-")
	case "^=":
		return want != "" && strings.HasPrefix(value, want)
	case "$=":
		return want != "" && strings.HasSuffix(value, want)
	default:
		return want != "" && strings.Contains(value, want)
	}
}

func (d *document) matchesPseudo(n *html.Node, t *test, in scope) bool {
	switch t.name {
	case "not":
		return !d.matches(n, t.list, in)
	case "is", "where", "light":
		return d.matches(n, t.list, in)
	case "has":
		return d.hasBelow(n, t.list)
	case "nth-match":
		found := d.query(t.list, in)
		return t.nth.b <= len(found) && found[t.nth.b-1] == n
	case "text", "text-is", "has-text", "text-matches":
		return d.matchesTextPseudo(n, t)
	case "visible":
		return d.visible(n)
	case "scope":
		if at := in.scoped(); at.Type == html.ElementNode {
			return n == at
		}
		return n == d.documentElement()
	case "root":
		return n == d.documentElement()
	case "empty":
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode || c.Type == html.TextNode {
				return false
			}
		}
		return true
	default:
		return d.matchesPlace(n, t, in) || d.matchesState(n, t.name)
	}
}

// hasBelow tells whether something in an element, or beside it, matches.
func (d *document) hasBelow(n *html.Node, list selectorList) bool {
	for _, c := range list {
		in := scope{at: n}
		if c.relative == '+' || c.relative == '~' {
			if n.Parent == nil {
				continue
			}
			in = scope{n.Parent, n}
			for m := next(n); m != nil; m = next(m) {
				if d.matchesComplex(m, c, len(c.compounds)-1, in) {
					return true
				}
				for deep := range d.elements(m) {
					if d.matchesComplex(deep, c, len(c.compounds)-1, in) {
						return true
					}
				}
			}
			continue
		}
		if len(d.query(selectorList{c}, in)) > 0 {
			return true
		}
	}
	return false
}

// matchesPlace tells whether an element stands among its siblings where it should.
func (d *document) matchesPlace(n *html.Node, t *test, in scope) bool {
	name, ofType := strings.CutSuffix(t.name, "-of-type")
	if !ofType {
		name = strings.TrimSuffix(t.name, "-child")
	}
	counts := func(m *html.Node) bool {
		return (!ofType || m.Data == n.Data && m.Namespace == n.Namespace) && (t.list == nil || d.matches(m, t.list, in))
	}
	place := func(step func(*html.Node) *html.Node) int {
		i := 1
		for m := step(n); m != nil; m = step(m) {
			if counts(m) {
				i++
			}
		}
		return i
	}
	switch name {
	case "first":
		return place(previous) == 1
	case "last":
		return place(next) == 1
	case "only":
		return place(previous) == 1 && place(next) == 1
	case "nth":
		return counts(n) && t.nth.holds(place(previous))
	case "nth-last":
		return counts(n) && t.nth.holds(place(next))
	default:
		return false
	}
}

func (d *document) matchesState(n *html.Node, name string) bool {
	switch name {
	case "checked":
		return n.DataAtom == atom.Input && isBox(n) && d.isTicked(n) || n.DataAtom == atom.Option && d.isSelected(n)
	case "disabled":
		return canBeDisabled(n) && isDisabled(n)
	case "enabled":
		return canBeDisabled(n) && !isDisabled(n)
	case "required":
		return isField(n) && has(n, "required")
	case "optional":
		return isField(n) && !has(n, "required")
	case "link", "any-link":
		return (n.DataAtom == atom.A || n.DataAtom == atom.Area) && has(n, "href")
	default:
		return false
	}
}
