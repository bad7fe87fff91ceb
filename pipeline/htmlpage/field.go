package htmlpage

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fields is what the form fields of a document hold, where something was done to them.
type fields struct {
	values map[*html.Node]string
	ticked map[*html.Node]bool
	chosen map[*html.Node]bool
}

// kindOf is the type of an input, as browsers take it.
func kindOf(input *html.Node) string {
	kind := strings.ToLower(attr(input, "type"))
	if inputKinds[kind] {
		return kind
	}
	return "text"
}

var inputKinds = names("hidden text search tel url email password date month week time datetime-local number range color checkbox radio file submit image reset button")

func isBox(n *html.Node) bool {
	return n.DataAtom == atom.Input && (kindOf(n) == "checkbox" || kindOf(n) == "radio")
}

func isField(n *html.Node) bool {
	return n.DataAtom == atom.Input || n.DataAtom == atom.Select || n.DataAtom == atom.Textarea
}

// buttonKind is what a button does: submit, reset or button; "" for what is no button.
func buttonKind(n *html.Node) string {
	switch {
	case n.DataAtom == atom.Button:
		switch kind := strings.ToLower(attr(n, "type")); kind {
		case "reset", "button":
			return kind
		default:
			return "submit"
		}
	case n.DataAtom == atom.Input && (kindOf(n) == "submit" || kindOf(n) == "image"):
		return "submit"
	case n.DataAtom == atom.Input && (kindOf(n) == "reset" || kindOf(n) == "button"):
		return kindOf(n)
	default:
		return ""
	}
}

func canBeDisabled(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Button, atom.Input, atom.Select, atom.Textarea, atom.Optgroup, atom.Option, atom.Fieldset:
		return true
	default:
		return false
	}
}

func isDisabled(n *html.Node) bool {
	if has(n, "disabled") {
		return true
	}
	if n.DataAtom == atom.Option && n.Parent != nil && n.Parent.DataAtom == atom.Optgroup {
		return has(n.Parent, "disabled")
	}
	if n.DataAtom == atom.Option || n.DataAtom == atom.Optgroup {
		return false
	}
	for up := parent(n); up != nil; up = parent(up) {
		if up.DataAtom != atom.Fieldset || !has(up, "disabled") {
			continue
		}
		first := slices.IndexFunc(children(up), func(c *html.Node) bool { return c.DataAtom == atom.Legend })
		if first < 0 || !contains(children(up)[first], n) {
			return true
		}
	}
	return false
}

// valueOf is what a field holds.
func (d *document) valueOf(n *html.Node) string {
	if v, put := d.values[n]; put {
		return v
	}
	switch n.DataAtom {
	case atom.Textarea:
		return strings.ReplaceAll(strings.ReplaceAll(textContent(n), "\r\n", "\n"), "\r", "\n")
	case atom.Select:
		if all := d.selected(n); len(all) > 0 {
			return optionValue(all[0])
		}
		return ""
	case atom.Option:
		return optionValue(n)
	}
	v, given := lookup(n, "value")
	switch kind := kindOf(n); {
	case n.DataAtom != atom.Input:
	case !given && (kind == "checkbox" || kind == "radio"):
		return "on"
	case kind == "text", kind == "search", kind == "tel", kind == "password":
		return strings.NewReplacer("\n", "", "\r", "").Replace(v)
	case kind == "url", kind == "email":
		return strings.TrimSpace(strings.NewReplacer("\n", "", "\r", "").Replace(v))
	case kind == "file":
		return ""
	}
	return v
}

// isTicked tells whether a box is.
func (d *document) isTicked(n *html.Node) bool {
	if is, put := d.ticked[n]; put {
		return is
	}
	if !has(n, "checked") {
		return false
	}
	if kindOf(n) != "radio" {
		return true
	}
	// Of a group, the last that the document ticks.
	group := d.group(n)
	for _, one := range slices.Backward(group) {
		if has(one, "checked") {
			return one == n
		}
	}
	return true
}

// group gives the radio buttons of which one alone is ticked.
func (d *document) group(radio *html.Node) []*html.Node {
	name, form := attr(radio, "name"), d.formOf(radio)
	if name == "" {
		return []*html.Node{radio}
	}
	var all []*html.Node
	for n := range d.elements(d.root) {
		if n.DataAtom == atom.Input && kindOf(n) == "radio" && attr(n, "name") == name && d.formOf(n) == form {
			all = append(all, n)
		}
	}
	return all
}

func (d *document) tick(n *html.Node, on bool) {
	if d.ticked == nil {
		d.ticked = map[*html.Node]bool{}
	}
	if on && kindOf(n) == "radio" {
		for _, one := range d.group(n) {
			d.ticked[one] = false
		}
	}
	d.ticked[n] = on
}

// options are those of a select.
func (d *document) options(of *html.Node) []*html.Node {
	var all []*html.Node
	for n := range d.elements(of) {
		if n.DataAtom == atom.Option {
			all = append(all, n)
		}
	}
	return all
}

// selected gives the options of a select that are chosen.
func (d *document) selected(of *html.Node) []*html.Node {
	all := d.options(of)
	var chosen []*html.Node
	for _, o := range all {
		is, put := d.chosen[o]
		if put && is || !put && has(o, "selected") {
			chosen = append(chosen, o)
		}
	}
	switch {
	case has(of, "multiple"):
		return chosen
	case len(chosen) > 1:
		return chosen[len(chosen)-1:]
	case len(chosen) == 1 || sizeOf(of) > 1:
		return chosen
	}
	for _, o := range all {
		if !isDisabled(o) {
			return []*html.Node{o}
		}
	}
	return nil
}

func (d *document) isSelected(option *html.Node) bool {
	of := within(option, atom.Select)
	return of != nil && slices.Contains(d.selected(of), option)
}

func (d *document) choose(of *html.Node, wanted []*html.Node) {
	if d.chosen == nil {
		d.chosen = map[*html.Node]bool{}
	}
	for _, o := range d.options(of) {
		d.chosen[o] = slices.Contains(wanted, o)
	}
}

func optionValue(o *html.Node) string {
	if v, given := lookup(o, "value"); given {
		return v
	}
	return optionText(o)
}

func optionText(o *html.Node) string { return strings.Join(strings.Fields(textContent(o)), " ") }

// optionLabel is what is shown of an option.
func optionLabel(o *html.Node) string {
	if v := attr(o, "label"); v != "" {
		return v
	}
	return optionText(o)
}

func (d *document) put(n *html.Node, value string) {
	if d.values == nil {
		d.values = map[*html.Node]string{}
	}
	d.values[n] = value
	d.texts = map[*html.Node]*nodeText{}
}

// formOf gives the form that a field belongs to, nil for none.
func (d *document) formOf(n *html.Node) *html.Node {
	if id, given := lookup(n, "form"); given && n.DataAtom != atom.Label {
		if f := d.ids[id]; f != nil && f.DataAtom == atom.Form {
			return f
		}
		return nil
	}
	return within(n, atom.Form)
}
