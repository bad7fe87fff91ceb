package htmlpage

import (
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// document is what an answer of the site's parses to.
type document struct {
	root *html.Node
	// url is its address, base what its links are relative to.
	url, base *url.URL
	// charset is the name of its encoding: that of the forms in it.
	charset string
	// scripts is true when there are any that a browser would run.
	scripts bool
	// quirks is true when a browser would not tell capitals in classes and ids.
	quirks bool

	ids   map[string]*html.Node
	texts map[*html.Node]*nodeText
	order map[*html.Node]int
	fields
}

// parse reads a document whose bytes are in the encoding that the content type, a byte
// order mark or the document itself tells.
func parse(body []byte, contentType string, at *url.URL) (*document, error) {
	head := body[:min(len(body), 1024)]
	encoding, name, _ := charset.DetermineEncoding(head, contentType)
	root, err := html.Parse(encoding.NewDecoder().Reader(strings.NewReader(string(body))))
	if err != nil && err != io.EOF { //nolint:errorlint // as the parser has it
		return nil, err
	}
	d := &document{root: root, url: at, base: at, charset: name, texts: map[*html.Node]*nodeText{}, quirks: true}
	for n := root.FirstChild; n != nil; n = n.NextSibling {
		if n.Type == html.DoctypeNode {
			d.quirks = slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "public" && a.Val != "" })
		}
	}
	d.index()
	return d, nil
}

// index notes what is asked for often.
func (d *document) index() {
	d.ids, d.order = map[string]*html.Node{}, map[*html.Node]int{}
	based := false
	for n := range d.elements(d.root) {
		d.order[n] = len(d.order)
		if id := attr(n, "id"); id != "" && d.ids[id] == nil {
			d.ids[id] = n
		}
		switch n.DataAtom {
		case atom.Script:
			d.scripts = d.scripts || runs(n)
		case atom.Base:
			if u, err := d.url.Parse(attr(n, "href")); err == nil && !based && has(n, "href") {
				d.base, based = u, true
			}
		}
		if !d.scripts {
			d.scripts = slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "onload" || a.Key == "onerror" })
		}
	}
}

// runs tells whether a browser would run a script, and not keep it as data.
func runs(script *html.Node) bool {
	kind := strings.ToLower(strings.TrimSpace(attr(script, "type")))
	return kind == "" || kind == "module" || strings.Contains(kind, "javascript") || strings.Contains(kind, "ecmascript")
}

// elements goes through the elements below a node in the order of the document, but for
// what is in templates: that is no part of it.
func (d *document) elements(below *html.Node) func(yield func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) { walk(below, yield) }
}

func walk(below *html.Node, yield func(*html.Node) bool) bool {
	if below.DataAtom == atom.Template && below.Namespace == "" {
		return true
	}
	for n := below.FirstChild; n != nil; n = n.NextSibling {
		if n.Type == html.ElementNode && (!yield(n) || !walk(n, yield)) {
			return false
		}
	}
	return true
}

// documentElement is the root element.
func (d *document) documentElement() *html.Node {
	for n := d.root.FirstChild; n != nil; n = n.NextSibling {
		if n.Type == html.ElementNode {
			return n
		}
	}
	return nil
}

// first gives the first element of a kind, nil for none.
func (d *document) first(kind atom.Atom) *html.Node {
	for n := range d.elements(d.root) {
		if n.DataAtom == kind {
			return n
		}
	}
	return nil
}

// inOrder sorts elements as they stand in the document, each once.
func (d *document) inOrder(list []*html.Node) []*html.Node {
	slices.SortFunc(list, func(a, b *html.Node) int { return d.order[a] - d.order[b] })
	return slices.Compact(list)
}

func attr(n *html.Node, name string) string {
	v, _ := lookup(n, name)
	return v
}

func lookup(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

func has(n *html.Node, name string) bool {
	_, ok := lookup(n, name)
	return ok
}

// parent gives the element that an element stands in, nil for the root.
func parent(n *html.Node) *html.Node {
	if n.Parent == nil || n.Parent.Type != html.ElementNode {
		return nil
	}
	return n.Parent
}

// closest gives the nearest of an element and those around it that fits, nil for none.
func closest(n *html.Node, fits func(*html.Node) bool) *html.Node {
	for ; n != nil; n = parent(n) {
		if fits(n) {
			return n
		}
	}
	return nil
}

func within(n *html.Node, kind atom.Atom) *html.Node {
	return closest(n, func(n *html.Node) bool { return n.DataAtom == kind && n.Namespace == "" })
}

// contains tells whether an element is another, or around it.
func contains(around, n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == around {
			return true
		}
	}
	return false
}

func previous(n *html.Node) *html.Node {
	for n = n.PrevSibling; n != nil && n.Type != html.ElementNode; n = n.PrevSibling {
	}
	return n
}

func next(n *html.Node) *html.Node {
	for n = n.NextSibling; n != nil && n.Type != html.ElementNode; n = n.NextSibling {
	}
	return n
}

// children gives the elements right below one.
func children(n *html.Node) []*html.Node {
	var all []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			all = append(all, c)
		}
	}
	return all
}

// textContent is all text below a node, as the DOM has it.
func textContent(n *html.Node) string {
	var out strings.Builder
	var add func(*html.Node)
	add = func(n *html.Node) {
		if n.Type == html.TextNode {
			out.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			add(c)
		}
	}
	add(n)
	return out.String()
}
