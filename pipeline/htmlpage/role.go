package htmlpage

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"pipe/specs"
)

// tagRoles are the roles that elements have by themselves, whatever their attributes.
var tagRoles = map[string]string{
	"article": "article", "aside": "complementary", "blockquote": "blockquote", "button": "button", "caption": "caption", "code": "code",
	"datalist": "listbox", "dd": "definition", "del": "deletion", "details": "group", "dfn": "term", "dialog": "dialog", "dt": "term", "em": "emphasis",
	"fieldset": "group", "figure": "figure", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
	"hr": "separator", "html": "document", "ins": "insertion", "li": "listitem", "main": "main", "mark": "mark", "math": "math", "menu": "list",
	"meter": "meter", "nav": "navigation", "ol": "list", "optgroup": "group", "option": "option", "output": "status", "p": "paragraph",
	"progress": "progressbar", "strong": "strong", "sub": "subscript", "sup": "superscript", "svg": "img", "table": "table", "tbody": "rowgroup",
	"textarea": "textbox", "tfoot": "rowgroup", "thead": "rowgroup", "time": "time", "tr": "row", "ul": "list",
}

var inputRoles = map[string]string{
	"button": "button", "checkbox": "checkbox", "image": "button", "number": "spinbutton", "radio": "radio", "range": "slider", "reset": "button",
	"submit": "button", "file": "button",
}

// presentational are the elements whose role goes with that of the one around them.
var presentational = map[string][]string{
	"dd": {"dl", "div"}, "div": {"dl"}, "dt": {"dl", "div"}, "li": {"ol", "ul"}, "tbody": {"table"}, "td": {"tr"}, "tfoot": {"table"}, "th": {"tr"},
	"thead": {"table"}, "tr": {"thead", "tbody", "tfoot", "table"},
}

// roleOf is an element's ARIA role, "" for none.
func (d *document) roleOf(n *html.Node) string {
	explicit := explicitRole(n)
	if explicit == "" {
		return d.implicitRole(n)
	}
	if explicit == "none" || explicit == "presentation" {
		if implicit := d.implicitRole(n); conflicts(n, implicit) {
			return implicit
		}
	}
	return explicit
}

func explicitRole(n *html.Node) string {
	for role := range strings.FieldsSeq(attr(n, "role")) {
		if slices.Contains(specs.Roles, role) {
			return role
		}
	}
	return ""
}

func (d *document) implicitRole(n *html.Node) string {
	role := d.ownRole(n)
	if role == "" {
		return ""
	}
	for at := n; ; {
		up := parent(at)
		if up == nil || !slices.Contains(presentational[at.Data], up.Data) {
			return role
		}
		if its := explicitRole(up); (its == "none" || its == "presentation") && !conflicts(up, its) {
			return its
		}
		at = up
	}
}

func (d *document) ownRole(n *html.Node) string {
	named := has(n, "aria-label") || has(n, "aria-labelledby")
	switch n.DataAtom {
	case atom.A, atom.Area:
		if has(n, "href") {
			return "link"
		}
		return ""
	case atom.Header, atom.Footer:
		if closest(parent(n), isLandmark) != nil {
			return ""
		}
		if n.DataAtom == atom.Header {
			return "banner"
		}
		return "contentinfo"
	case atom.Form, atom.Section:
		switch {
		case !named:
			return ""
		case n.DataAtom == atom.Form:
			return "form"
		}
		return "region"
	case atom.Img:
		if alt, given := lookup(n, "alt"); given && alt == "" && attr(n, "title") == "" && !hasAria(n, "") && !has(n, "tabindex") {
			return "presentation"
		}
		return "img"
	case atom.Input:
		return d.inputRole(n)
	case atom.Select:
		if has(n, "multiple") || sizeOf(n) > 1 {
			return "listbox"
		}
		return "combobox"
	case atom.Th, atom.Td:
		return cellRole(n)
	}
	return tagRoles[n.Data]
}

func isLandmark(n *html.Node) bool {
	switch role, given := lookup(n, "role"); n.DataAtom {
	case atom.Article, atom.Aside, atom.Main, atom.Nav, atom.Section:
		return !given || slices.Contains([]string{"article", "complementary", "main", "navigation", "region"}, role)
	default:
		return slices.Contains([]string{"article", "complementary", "main", "navigation", "region"}, role)
	}
}

func (d *document) inputRole(n *html.Node) string {
	switch kind := kindOf(n); kind {
	case "hidden":
		return ""
	case "search":
		if has(n, "list") {
			return "combobox"
		}
		return "searchbox"
	case "email", "tel", "text", "url":
		if list := d.ids[attr(n, "list")]; list != nil && list.DataAtom == atom.Datalist {
			return "combobox"
		}
		return "textbox"
	default:
		if role := inputRoles[kind]; role != "" {
			return role
		}
		return "textbox"
	}
}

func cellRole(n *html.Node) string {
	if n.DataAtom == atom.Th {
		switch attr(n, "scope") {
		case "col":
			return "columnheader"
		case "row":
			return "rowheader"
		}
	}
	if table := within(n, atom.Table); table != nil {
		if role := explicitRole(table); role == "grid" || role == "treegrid" {
			return "gridcell"
		}
	}
	return "cell"
}

var (
	globalAria = strings.Fields("aria-atomic aria-busy aria-controls aria-current aria-describedby aria-details aria-dropeffect aria-flowto aria-grabbed " +
		"aria-hidden aria-keyshortcuts aria-live aria-owns aria-relevant")
	unnamedRoles = names("caption code deletion emphasis generic insertion paragraph presentation strong subscript superscript")
)

// hasAria tells whether an element has an attribute that makes it something to those who
// do not see the page.
func hasAria(n *html.Node, role string) bool {
	for _, name := range globalAria {
		if has(n, name) {
			return true
		}
	}
	return !unnamedRoles[role] && (has(n, "aria-label") || has(n, "aria-labelledby")) || role != "generic" && has(n, "aria-roledescription")
}

// conflicts tells whether an element is more than presentation.
func conflicts(n *html.Node, role string) bool {
	if hasAria(n, role) {
		return true
	}
	if canBeDisabled(n) && n.DataAtom != atom.Option && n.DataAtom != atom.Optgroup && isDisabled(n) {
		return false
	}
	switch n.DataAtom {
	case atom.Button, atom.Details, atom.Select, atom.Textarea:
		return true
	case atom.A, atom.Area:
		if has(n, "href") {
			return true
		}
	case atom.Input:
		return !has(n, "hidden")
	}
	return has(n, "tabindex")
}
