package codegen

import (
	"regexp"
	"slices"
	"strings"

	"pipe/specs"
)

// place says where steps stand in the spec.
type place struct {
	// optional is true where what agrees to something is passed over when the site does not ask.
	optional bool
	// files is true where what brings a file is captured.
	files bool
	// names tells captures apart, where there are several, number those of one trigger that are
	// alike, from 2.
	names  bool
	number int
	// item is true where there is an item: in navigate and download.
	item bool
}

var (
	positional = regexp.MustCompile(`(?i):nth-|\[\d+\]|\bnth=|(>[^>]+){4,}|/html/body`)
	// wholeRow are roles whose names are the texts of all that is in them.
	wholeRow = []string{"row", "listitem", "article", "treeitem"}
	// rowPart is a row of a table in a CSS selector, of all or by its place.
	rowPart  = regexp.MustCompile(`(^|[\s>])(tr)(:nth-(?:child|of-type)\(\d+\))?($|[\s>])`)
	xpathRow = regexp.MustCompile(`(/tr)(\[\d+\])?(/|$)`)
	roleRow  = regexp.MustCompile(`(?i)(role=row\[name)\*?=("(?:[^"\\]|\\.)*")( ?[is])?\]`)
	hasText  = regexp.MustCompile(`(internal:has-text=)("(?:[^"\\]|\\.)*")([is]?)`)
	nthOfRow = regexp.MustCompile(`^(role=row|tr|[^>]*\btr) >> nth=\d+`)
	// ofForm are fields, and what forms are laid out by: their rows are no items.
	ofForm     = regexp.MustCompile(`(?i)form|submit|search|\b(input|select|textarea)\b[^/> ]*$`)
	xpathBegin = regexp.MustCompile(`^(xpath=|//|\.\.?/|\(/)`)
)

// locators gives the ways to find what an action acted on, the steadiest first, with
// expressions in the places of values: at most two.
func (w *writer) locators(a Action, at place) []specs.LocatorText {
	var all, poor []specs.LocatorText
	var row *specs.LocatorText
	for _, l := range a.Locators {
		l, byRow := w.inRow(l, a, at)
		if slices.ContainsFunc(all, func(is specs.LocatorText) bool { return is.String() == l.String() }) {
			continue
		}
		switch {
		case byRow && (a.List != nil || a.found):
			return []specs.LocatorText{l}
		case byRow && row == nil:
			row = &l
		case byRow:
		case l.Nth != nil || positional.MatchString(l.Selector) || w.logins.hasIn(l):
			poor = append(poor, l)
		default:
			all = append(all, l)
		}
	}
	if w.names(a, at) {
		// What the key is in finds the item's own; what it is not in, any item's.
		if own := slices.DeleteFunc(slices.Clone(all), func(l specs.LocatorText) bool { return !strings.Contains(l.String(), "${{ item.") }); len(own) > 0 {
			all = own
		}
		// A name that is the key alone holds, where others have more of the item's words.
		key := "${{ " + itemOf(w.key) + " }}"
		if alone := slices.DeleteFunc(slices.Clone(all), func(l specs.LocatorText) bool { return l.Name != key && l.Text != key }); len(alone) > 0 {
			all = alone
		}
	}
	if row != nil && !slices.ContainsFunc(all, func(l specs.LocatorText) bool { return l.Selector == "" }) {
		return []specs.LocatorText{*row}
	}
	if len(all) == 0 {
		if len(poor) == 0 {
			return nil
		}
		if poor = poor[:1]; !strings.Contains(poor[0].String(), "${{") {
			w.note("%s is found by its place on the page alone", poor[0])
		}
		all = poor
	}
	return all[:min(2, len(all))]
}

// names tells whether an action's element is called by a value of the item.
func (w *writer) names(a Action, at place) bool {
	if !at.item {
		return false
	}
	return slices.ContainsFunc(a.Locators, w.items.hasIn)
}

// inRow gives a locator with expressions in the places of values. One that finds a row of a
// list by its place, or by all of its text, finds it by the item's key then.
func (w *writer) inRow(l specs.LocatorText, a Action, at place) (specs.LocatorText, bool) {
	if !at.item || w.key == "" || len(w.items) == 0 {
		return w.plain(l, at), false
	}
	key := "${{ " + itemOf(w.key) + " }}"
	switch {
	case w.items.hasIn(l):
		l = w.plain(l, at)
		for _, field := range []*string{&l.Name, &l.Text} {
			if strings.Contains(*field, key) && (slices.Contains(wholeRow, l.Role) || w.tellsMore(*field, key)) {
				*field, l.Exact = key, false
			}
		}
		l.Selector = roleRow.ReplaceAllStringFunc(l.Selector, func(part string) string { return keyAlone(roleRow, part, key, "*=", "i]") })
		l.Selector = hasText.ReplaceAllStringFunc(l.Selector, func(part string) string { return keyAlone(hasText, part, key, "", "i") })
		return l, false
	case a.List != nil && a.List.Rows.Selector != "" && w.isRow(a):
		return w.listRow(l, a, key)
	case ofForm.MatchString(l.Selector) || editsField(a.Verb) || a.Verb == "check":
	case nthOfRow.MatchString(l.Selector):
		l.Selector = nthOfRow.ReplaceAllString(l.Selector, `tr:has-text("`+key+`")`)
		return l, true
	case xpathBegin.MatchString(l.Selector):
		if m := xpathRow.FindStringIndex(l.Selector); m != nil {
			l.Selector = xpathRow.ReplaceAllString(l.Selector, `/tr[contains(., "`+key+`")]$3`)
			return l, true
		}
	case l.Selector != "" && !strings.Contains(l.Selector, ">>") && !strings.Contains(l.Selector, "thead") && rowPart.MatchString(l.Selector):
		l.Selector = rowPart.ReplaceAllString(l.Selector, `${1}tr:has-text("`+key+`")${4}`)
		return l, true
	}
	return w.plain(l, at), false
}

// tellsMore tells whether a text has more of the item in it than its key, as a row's has: other
// values of its row, or numbers.
func (w *writer) tellsMore(text, key string) bool {
	rest := strings.ReplaceAll(text, key, " ")
	for _, value := range w.row {
		if value = strings.TrimSpace(value); len(value) > 1 && (variables{{value, "x"}}).has(rest) {
			return true
		}
	}
	return strings.ContainsAny(expressionPart.ReplaceAllString(rest, ""), "0123456789") && len(w.row) == 0
}

// expressionPart is an expression in a text.
var expressionPart = regexp.MustCompile(`\$\{\{.*?\}\}`)

// keyAlone leaves the key alone of a text that it stands in.
func keyAlone(of *regexp.Regexp, part, key, before, after string) string {
	if m := of.FindStringSubmatch(part); strings.Contains(m[2], key) {
		return m[1] + before + `"` + key + `"` + after
	}
	return part
}

// isRow tells whether the row that an action was in is the item's.
func (w *writer) isRow(a Action) bool {
	for _, value := range a.List.Values {
		if w.items.has(value) {
			return true
		}
	}
	return a.Element != nil && w.items.has(a.Element.Row)
}

// listRow finds an element in the row of a list that shows the item's key.
func (w *writer) listRow(l specs.LocatorText, a Action, key string) (specs.LocatorText, bool) {
	row := a.List.Rows.Selector + `:has-text("` + key + `")`
	var inner string
	switch e := a.Element; {
	case e != nil && e.Role != "" && e.Name != "" && !w.items.has(e.Name) && !slices.Contains(wholeRow, e.Role):
		inner = "role=" + e.Role + "[name=" + jsonText(literal(e.Name)) + "]"
	case e != nil && e.Attributes["title"] != "" && !w.items.has(e.Attributes["title"]):
		inner = "[title=" + jsonText(literal(e.Attributes["title"])) + "]"
	case l.Role != "" && l.Name != "" && !slices.Contains(wholeRow, l.Role):
		inner = "role=" + l.Role + "[name*=" + jsonText(literal(l.Name)) + "i]"
	case e != nil && slices.Contains([]string{"tr", "td", "li", "div"}, e.Tag):
		inner = ""
	case e != nil && e.Tag != "":
		inner = e.Tag
	}
	if inner != "" {
		row += " >> " + inner
	}
	return specs.LocatorText{Selector: row, Frame: l.Frame}, true
}

// plain, text and address give a locator, a text and an address with expressions in the
// places of values: of those that are known there.
func (w *writer) plain(l specs.LocatorText, at place) specs.LocatorText {
	return w.known(at).inLocator(l)
}

func (w *writer) text(s string, at place) string { return w.known(at).in(s) }

func (w *writer) address(s string, at place) string { return w.known(at).inAddress(w.relative(s)) }

func (w *writer) known(at place) variables {
	if !at.item {
		return w.logins
	}
	return append(slices.Clone(w.items), w.logins...).sorted()
}
