package htmlpage

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// textRenderer gathers the text of an element as a browser shows it, by the steps of
// HTML's innerText.
type textRenderer struct {
	out strings.Builder
	// breaks are the line breaks that are due before the next text.
	breaks int
	// gap is true when a space is due before the next text of the line, fresh when the
	// line has none yet.
	gap, fresh bool
	begun      bool
}

// innerText is the text of an element as it is shown; of one that is not, all text in it.
func (d *document) innerText(n *html.Node) string {
	switch {
	case n.DataAtom == atom.Textarea, n.DataAtom == atom.Template, isFallback(n), folded(n):
		return ""
	case !rendered(n):
		return textContent(n)
	}
	r := &textRenderer{fresh: true}
	r.content(n, pre(n))
	return r.out.String()
}

func pre(n *html.Node) bool {
	for up := n; up != nil; up = parent(up) {
		if w := styleOf(up, "white-space"); w != "" {
			return strings.HasPrefix(w, "pre") && w != "pre-line" || w == "break-spaces"
		}
		switch up.DataAtom {
		case atom.Pre, atom.Textarea, atom.Listing, atom.Plaintext, atom.Xmp:
			return true
		}
	}
	return false
}

func (r *textRenderer) content(n *html.Node, keep bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			if seen(n) && (n.DataAtom != atom.Details || has(n, "open")) {
				r.text(c.Data, keep)
			}
		case html.ElementNode:
			r.element(c)
		}
	}
}

func (r *textRenderer) element(n *html.Node) {
	how := display(n)
	if how == "none" {
		return
	}
	if isFallback(n) || n.DataAtom == atom.Textarea || n.DataAtom == atom.Img {
		r.space()
		r.fresh = false
		return
	}
	if folds := n.Parent; folds.DataAtom == atom.Details && !has(folds, "open") && !isSummary(n) {
		return
	}
	inside := func() { r.content(n, pre(n)) }
	switch {
	case n.DataAtom == atom.Br:
		r.newline()
	case n.DataAtom == atom.Select:
		r.space()
		r.content(n, false)
		r.fresh = false
	case how == "table-cell", how == "table-row":
		r.tablePart(n, how, inside)
	case how == "inline-block":
		r.space()
		fresh := r.fresh
		r.fresh = true
		inside()
		r.gap = false
		r.fresh = fresh && r.fresh
	default:
		breaks := breaksAround(n, how)
		r.due(breaks)
		inside()
		r.due(breaks)
		if n.Namespace == "svg" && breaks > 0 {
			r.fresh = false
		}
	}
}

// breaksAround are the line breaks before and after an element.
func breaksAround(n *html.Node, how string) int {
	switch {
	case n.DataAtom == atom.P:
		return 2
	case n.Namespace == "svg" && n.Data == "text", isFlexItem(n):
		return 1
	}
	switch how {
	case "block", "table-caption", "flex", "grid", "list-item", "table", "flow-root":
		return 1
	default:
		return 0
	}
}

func (r *textRenderer) tablePart(n *html.Node, how string, inside func()) {
	if how == "table-row" {
		r.fresh, r.gap = true, false
		inside()
		if rowFollows(n) {
			r.newline()
		}
		return
	}
	inside()
	r.gap = false
	if follows(n, "table-cell") {
		r.plain("\t")
	}
	r.fresh = true
}

// isFlexItem tells of an element that is laid out as a block by the one around it.
func isFlexItem(n *html.Node) bool {
	up := parent(n)
	return up != nil && (strings.HasSuffix(display(up), "flex") || strings.HasSuffix(display(up), "grid"))
}

func follows(n *html.Node, kind string) bool {
	for m := next(n); m != nil; m = next(m) {
		if display(m) == kind {
			return true
		}
	}
	return false
}

// rowFollows tells whether another row of its table comes after a row.
func rowFollows(row *html.Node) bool {
	if follows(row, "table-row") {
		return true
	}
	group := parent(row)
	if group == nil || group.DataAtom == atom.Table {
		return false
	}
	for m := next(group); m != nil; m = next(m) {
		for _, c := range children(m) {
			if display(m) != "none" && display(c) == "table-row" {
				return true
			}
		}
	}
	return false
}

func (r *textRenderer) text(data string, keep bool) {
	if keep {
		for line := range strings.SplitAfterSeq(data, "\n") {
			r.plain(line)
		}
		return
	}
	for len(data) > 0 {
		end := strings.IndexAny(data, " \t\n\r\f")
		switch end {
		case 0:
			r.gap = r.gap || !r.fresh
			data = strings.TrimLeft(data, " \t\n\r\f")
			continue
		case -1:
			end = len(data)
		}
		r.space()
		r.plain(data[:end])
		data = data[end:]
	}
}

// space puts the space that is due.
func (r *textRenderer) space() {
	if r.gap && !r.fresh {
		r.plain(" ")
	}
	r.gap = false
}

func (r *textRenderer) plain(text string) {
	if text == "" {
		return
	}
	if r.begun {
		r.out.WriteString(strings.Repeat("\n", r.breaks))
	}
	r.breaks, r.gap, r.begun = 0, false, true
	r.out.WriteString(text)
	r.fresh = strings.HasSuffix(text, "\n")
}

func (r *textRenderer) newline() {
	r.gap = false
	r.plain("\n")
	r.fresh = true
}

// due asks for line breaks before the next text, as many as the most that are asked for.
func (r *textRenderer) due(n int) {
	if n == 0 {
		return
	}
	r.breaks = max(r.breaks, n)
	r.gap, r.fresh = false, true
}
