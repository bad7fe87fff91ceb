package htmlpage

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What browsers' own style sheet says of elements.
var (
	unshown = names("area base basefont datalist head link meta noembed noframes noscript param rp script style template title")
	blocks  = names("address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 " +
		"header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext pre search section summary table ul xmp")
	inlineBlocks = names("button input select textarea meter progress")
	tableParts   = map[string]string{
		"caption": "table-caption", "td": "table-cell", "th": "table-cell", "tr": "table-row", "tbody": "table-row-group",
		"thead": "table-header-group", "tfoot": "table-footer-group", "col": "table-column", "colgroup": "table-column-group",
	}
	// replaced are shown though they hold no text.
	shapes   = names("path rect circle ellipse line polyline polygon image use foreignobject")
	replaced = names("img input button select textarea svg video canvas iframe embed object meter progress hr audio")
)

// styleOf gives a property of an element's own style, "" where it has none.
func styleOf(n *html.Node, property string) string {
	value := ""
	for part := range strings.SplitSeq(attr(n, "style"), ";") {
		name, v, found := strings.Cut(part, ":")
		if found && strings.EqualFold(strings.TrimSpace(name), property) {
			value = strings.ToLower(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "!important")))
		}
	}
	return value
}

// display is how an element is laid out, as far as it says so itself.
func display(n *html.Node) string {
	if own := styleOf(n, "display"); own != "" {
		return own
	}
	switch {
	case n.Namespace != "":
		if n.Data == "title" || n.Data == "desc" || n.Data == "defs" || n.Data == "metadata" {
			return "none"
		}
		return "inline"
	case unshown[n.Data], has(n, "hidden"), n.DataAtom == atom.Input && kindOf(n) == "hidden",
		n.DataAtom == atom.Dialog && !has(n, "open"), n.DataAtom == atom.Audio && !has(n, "controls"):
		return "none"
	case n.DataAtom == atom.Details && !has(n, "open"):
		return "block"
	case blocks[n.Data]:
		return "block"
	case inlineBlocks[n.Data]:
		return "inline-block"
	case tableParts[n.Data] != "":
		return tableParts[n.Data]
	default:
		return "inline"
	}
}

// rendered tells whether an element has a place on the page: nothing around it is left out.
func rendered(n *html.Node) bool {
	for up := n; up != nil; up = parent(up) {
		if display(up) == "none" || up != n && isFallback(up) {
			return false
		}
	}
	return !folded(n)
}

// folded tells of what stands in details that are closed.
func folded(n *html.Node) bool {
	for up := n; up != nil; up = parent(up) {
		if folds := parent(up); folds != nil && folds.DataAtom == atom.Details && !has(folds, "open") && !isSummary(up) {
			return true
		}
	}
	return false
}

// isFoldedOption tells of what is in a select that opens at a click.
func isFoldedOption(n *html.Node) bool {
	if n.DataAtom != atom.Option && n.DataAtom != atom.Optgroup {
		return false
	}
	of := within(n, atom.Select)
	return of != nil && !has(of, "multiple") && sizeOf(of) <= 1
}

// isFallback tells of an element whose content is shown only where it cannot be.
func isFallback(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Iframe, atom.Video, atom.Audio, atom.Canvas:
		return true
	case atom.Object:
		return has(n, "data")
	default:
		return false
	}
}

// isSummary tells of the first summary of its details.
func isSummary(n *html.Node) bool {
	if n.DataAtom != atom.Summary {
		return false
	}
	for p := previous(n); p != nil; p = previous(p) {
		if p.DataAtom == atom.Summary {
			return false
		}
	}
	return true
}

// seen tells whether an element's own visibility lets it be seen.
func seen(n *html.Node) bool {
	for up := n; up != nil; up = parent(up) {
		if v := styleOf(up, "visibility"); v != "" && v != "inherit" {
			return v == "visible"
		}
	}
	return true
}

// visible tells whether an element is to be seen, as far as can be told without its styles.
func (d *document) visible(n *html.Node) bool {
	if !rendered(n) {
		return false
	}
	if display(n) == "contents" {
		for _, c := range children(n) {
			if d.visible(c) {
				return true
			}
		}
		return strings.TrimSpace(textContent(n)) != ""
	}
	if !seen(n) {
		return false
	}
	return !isFoldedOption(n) && takesSpace(n)
}

func sizeOf(n *html.Node) int {
	size, _ := strconv.Atoi(attr(n, "size"))
	return size
}

// takesSpace tells whether an element has something in it that has a size.
func takesSpace(n *html.Node) bool {
	switch {
	case replaced[n.Data], n.Namespace != "" && shapes[n.Data]:
		return n.DataAtom != atom.Img || attr(n, "width") != "0" && attr(n, "height") != "0"
	case n.DataAtom == atom.Td, n.DataAtom == atom.Th, n.DataAtom == atom.Li, n.DataAtom == atom.Fieldset:
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.Trim(c.Data, " \t\n\r\f") != "":
			return true
		case c.Type == html.ElementNode && display(c) != "none" && takesSpace(c):
			return true
		}
	}
	return false
}

// hiddenForAria tells whether an element is nothing to those who do not see the page.
func hiddenForAria(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Style, atom.Script, atom.Noscript, atom.Template:
		return true
	}
	if n.DataAtom != atom.Option || within(n, atom.Select) == nil {
		if !rendered(n) || !seen(n) || isFoldedOption(n) {
			return true
		}
	}
	for up := n; up != nil; up = parent(up) {
		if display(up) == "none" || strings.EqualFold(attr(up, "aria-hidden"), "true") {
			return true
		}
	}
	return false
}
