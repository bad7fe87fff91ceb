package formats

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"pipe/pipeline/codegen"
	"pipe/specs"
)

// harPage is a page of an archive.
type harPage struct {
	address *url.URL
	root    *html.Node
}

// readPage reads a page's HTML; what is none of that has neither links nor forms.
func readPage(address *url.URL, body []byte) *harPage {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		root = &html.Node{Type: html.DocumentNode}
	}
	return &harPage{address, root}
}

// all gives the elements of these names, in the page's order.
func all(root *html.Node, names ...string) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && slices.Contains(names, n.Data) {
			found = append(found, n)
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// shown is an element's text.
func shown(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// link finds the one link of a row of a table that leads to an address: it is clicked in the
// row of the item. Other pages are opened by their addresses.
func (p *harPage) link(to *url.URL) ([]specs.LocatorText, *codegen.List, bool) {
	for _, a := range all(p.root, "a") {
		address, err := p.address.Parse(attr(a, "href"))
		if err != nil || address.String() != to.String() || shown(a) == "" {
			continue
		}
		for row := a.Parent; row != nil; row = row.Parent {
			if row.Data != "tr" || row.Type != html.ElementNode {
				continue
			}
			list := &codegen.List{Address: p.address.String(), Rows: css("tr"), Values: map[string]string{}}
			for i, cell := range all(row, "td") {
				list.Values[columnOf(row, i)] = shown(cell)
			}
			return []specs.LocatorText{linkText(shown(a))}, list, true
		}
	}
	return nil, nil, false
}

// columnOf is the header of a row's cell.
func columnOf(row *html.Node, at int) string {
	table := row.Parent
	for table != nil && table.Data != "table" {
		table = table.Parent
	}
	if table != nil {
		if headers := all(table, "th"); at < len(headers) {
			return shown(headers[at])
		}
	}
	return ""
}

// form finds the form that was sent: by its address, and of several with that, the one with
// most of the names.
func (p *harPage) form(to *url.URL, names url.Values) *html.Node {
	var best *html.Node
	most := -1
	for _, form := range all(p.root, "form") {
		address, err := p.address.Parse(attr(form, "action"))
		if err != nil || address.Path != to.Path {
			continue
		}
		n := 0
		for _, field := range all(form, "input", "select", "textarea", "button") {
			if names.Has(attr(field, "name")) {
				n++
			}
		}
		if n > most {
			best, most = form, n
		}
	}
	return best
}
