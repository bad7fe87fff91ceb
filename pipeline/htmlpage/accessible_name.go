package htmlpage

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// naming is one computation of an accessible name, by the steps of Playwright's.
type naming struct {
	d       *document
	visited map[*html.Node]bool
}

// part is as what of the named element another one is looked at.
type part struct {
	// self is the element that is named, below one in it.
	self, below bool
	// labelledBy, label and native tell of a text that something refers to, hidden that
	// what it refers to is not to be seen.
	labelledBy, label, native, hidden bool
}

var (
	nameless    = names("caption code definition deletion emphasis generic insertion mark paragraph presentation strong subscript suggestion superscript term time")
	byContent   = names("button cell checkbox columnheader gridcell heading link menuitem menuitemcheckbox menuitemradio option radio row rowheader switch tab tooltip treeitem")
	belowNaming = names("caption code contentinfo definition deletion emphasis insertion list listitem mark none paragraph presentation region row rowgroup section strong subscript superscript table term time")
)

// nameOf is an element's accessible name.
func (d *document) nameOf(n *html.Node) string {
	if nameless[d.roleOf(n)] {
		return ""
	}
	of := &naming{d, map[*html.Node]bool{}}
	return evenSpaces(of.text(n, part{self: true}))
}

func (d *document) referred(ids string) []*html.Node {
	var all []*html.Node
	for id := range strings.FieldsSeq(ids) {
		if n := d.ids[id]; n != nil && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

func (c *naming) text(n *html.Node, as part) string {
	if c.visited[n] {
		return ""
	}
	ignored := n.DataAtom == atom.Style || n.DataAtom == atom.Script || n.DataAtom == atom.Noscript || n.DataAtom == atom.Template
	if ignored || !as.hidden && hiddenForAria(n) {
		c.visited[n] = true
		return ""
	}
	labelledBy := c.d.referred(attr(n, "aria-labelledby"))
	if !as.labelledBy {
		var all []string
		for _, ref := range labelledBy {
			all = append(all, c.text(ref, part{labelledBy: true, hidden: hiddenForAria(ref)}))
		}
		if name := strings.Join(all, " "); name != "" {
			return name
		}
	}
	role := c.d.roleOf(n)
	if as.label || as.labelledBy || as.below {
		if text, is := c.embedded(n, role, labelledBy, as); is {
			return text
		}
	}
	if label := attr(n, "aria-label"); strings.TrimSpace(label) != "" {
		c.visited[n] = true
		return label
	}
	if role != "presentation" && role != "none" {
		if text, is := c.native(n, as, len(labelledBy) > 0); is {
			return text
		}
	}
	if byContent[role] || as.below && (role == "" || belowNaming[role]) || n.DataAtom == atom.Summary || as.labelledBy || as.label || as.native {
		c.visited[n] = true
		text := c.content(n, as.inside())
		if as.self && strings.TrimSpace(text) != "" || !as.self && text != "" {
			return text
		}
	}
	c.visited[n] = true
	if title := attr(n, "title"); role != "presentation" && role != "none" && strings.TrimSpace(title) != "" {
		return title
	}
	return ""
}

func (p part) inside() part {
	if p.self {
		p.self, p.below = false, true
	}
	return p
}

// embedded is what a field in the named element adds to its name: what it holds.
func (c *naming) embedded(n *html.Node, role string, labelledBy []*html.Node, as part) (string, bool) {
	if slices.Contains(c.d.labels(n), n) || slices.Contains(labelledBy, n) {
		return "", false
	}
	switch role {
	case "textbox":
		c.visited[n] = true
		if isField(n) {
			return c.d.valueOf(n), true
		}
		return textContent(n), true
	case "combobox", "listbox":
		c.visited[n] = true
		if n.DataAtom != atom.Select {
			return c.d.valueOf(n), true
		}
		var all []string
		for _, o := range c.d.selected(n) {
			all = append(all, c.text(o, as.inside()))
		}
		return strings.Join(all, " "), true
	case "progressbar", "scrollbar", "slider", "spinbutton", "meter":
		c.visited[n] = true
		for _, name := range []string{"aria-valuetext", "aria-valuenow"} {
			if v, given := lookup(n, name); given {
				return v, true
			}
		}
		return attr(n, "value"), true
	case "menu":
		c.visited[n] = true
		return "", true
	}
	return "", false
}

// native is the name that HTML itself gives an element.
func (c *naming) native(n *html.Node, as part, labelled bool) (string, bool) {
	title := attr(n, "title")
	switch n.DataAtom {
	case atom.Input, atom.Button, atom.Output, atom.Textarea, atom.Select:
		return c.field(n, as, labelled)
	case atom.Fieldset, atom.Figure, atom.Table:
		kind := map[atom.Atom]atom.Atom{atom.Fieldset: atom.Legend, atom.Figure: atom.Figcaption, atom.Table: atom.Caption}[n.DataAtom]
		if labelled && n.DataAtom != atom.Table {
			return "", false
		}
		c.visited[n] = true
		for _, child := range children(n) {
			if child.DataAtom == kind {
				in := as.inside()
				in.native, in.hidden = true, hiddenForAria(child)
				return c.text(child, in), true
			}
		}
		if n.DataAtom == atom.Table {
			summary := attr(n, "summary")
			return summary, summary != ""
		}
		return title, true
	case atom.Img, atom.Area:
		c.visited[n] = true
		if alt := attr(n, "alt"); strings.TrimSpace(alt) != "" {
			return alt, true
		}
		return title, true
	}
	if n.Namespace != "svg" && n.DataAtom != atom.Svg {
		return "", false
	}
	c.visited[n] = true
	for _, child := range children(n) {
		if child.Data == "title" && child.Namespace == "svg" {
			return textContent(child), true
		}
	}
	return "", false
}

// field is the name of a form field or a button.
func (c *naming) field(n *html.Node, as part, labelled bool) (string, bool) {
	title, kind := attr(n, "title"), ""
	if n.DataAtom == atom.Input {
		kind = kindOf(n)
	}
	labels := c.d.labels(n)
	switch kind {
	case "button", "submit", "reset":
		c.visited[n] = true
		if v := c.d.valueOf(n); strings.TrimSpace(v) != "" {
			return v, true
		}
		if text := map[string]string{"submit": "Submit", "reset": "Reset"}[kind]; text != "" {
			return text, true
		}
		return title, true
	case "file", "image":
		c.visited[n] = true
		if len(labels) > 0 && !as.labelledBy {
			return c.byLabels(labels), true
		}
		if kind == "file" {
			return "Choose File", true
		}
		for _, text := range []string{attr(n, "alt"), title} {
			if strings.TrimSpace(text) != "" {
				return text, true
			}
		}
		return "Submit", true
	}
	if labelled {
		return "", false
	}
	c.visited[n] = true
	switch {
	case len(labels) > 0:
		return c.byLabels(labels), true
	case n.DataAtom == atom.Button:
		return "", false
	case n.DataAtom == atom.Output:
		return title, true
	}
	holds := n.DataAtom == atom.Textarea || slices.Contains([]string{"text", "password", "search", "tel", "email", "url"}, kind)
	if !holds || title != "" {
		return title, true
	}
	return attr(n, "placeholder"), true
}

func (c *naming) byLabels(labels []*html.Node) string {
	var all []string
	for _, l := range labels {
		if text := c.text(l, part{label: true, hidden: hiddenForAria(l)}); text != "" {
			all = append(all, text)
		}
	}
	return strings.Join(all, " ")
}

// content is the text of what is in an element.
func (c *naming) content(n *html.Node, as part) string {
	var out strings.Builder
	visit := func(m *html.Node) {
		switch m.Type {
		case html.TextNode:
			out.WriteString(m.Data)
		case html.ElementNode:
			text := c.text(m, as)
			if display(m) != "inline" || m.DataAtom == atom.Br {
				text = " " + text + " "
			}
			out.WriteString(text)
		}
	}
	for m := n.FirstChild; m != nil; m = m.NextSibling {
		visit(m)
	}
	for _, owned := range c.d.referred(attr(n, "aria-owns")) {
		visit(owned)
	}
	return out.String()
}
