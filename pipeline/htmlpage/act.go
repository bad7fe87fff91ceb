package htmlpage

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/playwright-community/playwright-go"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"pipe/steps"
)

// usable gives the one element for something to be done to it.
func (l *Locator) usable(what string, events ...string) (*document, *html.Node, error) {
	d, n, err := l.one()
	switch {
	case err != nil:
		return nil, nil, err
	case !d.visible(n):
		return nil, nil, &steps.NeedsPageError{Err: fmt.Errorf("%s %s, which is hidden", what, l.name)}
	case canBeDisabled(n) && isDisabled(n):
		return nil, nil, &steps.NeedsPageError{Err: fmt.Errorf("%s %s, which is disabled", what, l.name)}
	}
	for up := n; up != nil; up = parent(up) {
		for _, event := range events {
			if has(up, event) {
				return nil, nil, needsPage(fmt.Sprintf("%s %s, at which a script acts (%s),", what, l.name, event))
			}
		}
	}
	return d, n, nil
}

// field gives the form field that an element is, or is the label of.
func (d *document) field(n *html.Node) *html.Node {
	if n.DataAtom == atom.Label {
		if of := d.labelled(n); of != nil {
			return of
		}
	}
	return n
}

var fieldEvents = []string{"oninput", "onchange", "onkeydown", "onkeyup", "onkeypress", "onfocus", "onblur"}

// Fill sets a field to a value.
func (l *Locator) Fill(value string, _ ...playwright.LocatorFillOptions) error {
	d, n, err := l.usable("filling", fieldEvents...)
	if err != nil {
		return err
	}
	n = d.field(n)
	typed := n.DataAtom == atom.Textarea || n.DataAtom == atom.Input && textKinds[kindOf(n)]
	switch {
	case !typed:
		return needsPage("filling " + l.name + ", which is no field for a text,")
	case has(n, "readonly"):
		return &steps.NeedsPageError{Err: fmt.Errorf("filling %s, which is only to be read", l.name)}
	case has(n, "maxlength") && len(utf16.Encode([]rune(value))) > mostOf(n) && mostOf(n) >= 0:
		return needsPage("filling " + l.name + " with more than it takes")
	}
	d.put(n, value)
	d.put(n, d.sanitized(n, value))
	return nil
}

var textKinds = names("text search tel url email password")

func (d *document) sanitized(n *html.Node, value string) string {
	if n.DataAtom == atom.Textarea {
		return strings.ReplaceAll(strings.ReplaceAll(value, "\r\n", "\n"), "\r", "\n")
	}
	value = strings.NewReplacer("\n", "", "\r", "").Replace(value)
	if kind := kindOf(n); kind == "url" || kind == "email" {
		value = strings.TrimSpace(value)
	}
	return value
}

// SetChecked ticks a box or unticks it.
func (l *Locator) SetChecked(on bool, _ ...playwright.LocatorSetCheckedOptions) error {
	d, n, err := l.usable("ticking", append(fieldEvents, "onclick")...)
	if err != nil {
		return err
	}
	n = d.field(n)
	if !isBox(n) || !on && kindOf(n) == "radio" {
		return needsPage("ticking " + l.name + ", which is no box,")
	}
	d.tick(n, on)
	return nil
}

// SelectOption chooses options by value or label.
func (l *Locator) SelectOption(values playwright.SelectOptionValues, _ ...playwright.LocatorSelectOptionOptions) ([]string, error) {
	d, n, err := l.usable("selecting in", append(fieldEvents, "onclick")...)
	if err != nil {
		return nil, err
	}
	n = d.field(n)
	if n.DataAtom != atom.Select || values.ValuesOrLabels == nil {
		return nil, needsPage("selecting in " + l.name + ", which is no select,")
	}
	var chosen []*html.Node
	for _, want := range *values.ValuesOrLabels {
		all := d.options(n)
		i := slices.IndexFunc(all, func(o *html.Node) bool {
			return optionValue(o) == want || evenSpaces(optionLabel(o)) == evenSpaces(want)
		})
		if i < 0 || isDisabled(all[i]) {
			return nil, &steps.NeedsPageError{Err: fmt.Errorf("%s has no option %q that can be chosen", l.name, want)}
		}
		chosen = append(chosen, all[i])
	}
	if !has(n, "multiple") && len(chosen) > 1 {
		return nil, needsPage("selecting several options in " + l.name)
	}
	d.choose(n, chosen)
	return nil, nil
}

// Press presses Enter in a field, which sends its form off.
func (l *Locator) Press(key string, options ...playwright.LocatorPressOptions) error {
	d, n, err := l.usable("pressing a key on", fieldEvents...)
	if err != nil {
		return err
	}
	form := d.formOf(n)
	switch {
	case key != "Enter":
		return needsPage(fmt.Sprintf("pressing %q", key))
	case n.DataAtom == atom.A || buttonKind(n) != "":
		return l.page.click(d, n, l.name, timeout(options, func(o playwright.LocatorPressOptions) *float64 { return o.Timeout }))
	case n.DataAtom != atom.Input || form == nil:
		return needsPage("pressing Enter on " + l.name + ", which is in no form,")
	}
	var single int
	for _, f := range d.controls(form) {
		if buttonKind(f) == "submit" {
			if isDisabled(f) {
				return needsPage("pressing Enter in a form whose button is disabled")
			}
			return l.page.click(d, f, l.name, timeout(options, func(o playwright.LocatorPressOptions) *float64 { return o.Timeout }))
		}
		if f.DataAtom == atom.Input && (textKinds[kindOf(f)] || strings.HasPrefix(kindOf(f), "date") || kindOf(f) == "number") {
			single++
		}
	}
	if single > 1 {
		return needsPage("pressing Enter in a form of several fields without a button")
	}
	return l.page.submit(d, form, nil, timeout(options, func(o playwright.LocatorPressOptions) *float64 { return o.Timeout }))
}

// Click clicks the element.
func (l *Locator) Click(options ...playwright.LocatorClickOptions) error {
	d, n, err := l.usable("clicking", "onclick", "onmousedown", "onmouseup", "onpointerdown")
	if err != nil {
		return err
	}
	return l.page.click(d, n, l.name, timeout(options, func(o playwright.LocatorClickOptions) *float64 { return o.Timeout }))
}

func timeout[O any](options []O, of func(O) *float64) *float64 {
	if len(options) == 0 {
		return nil
	}
	return of(options[0])
}

// click does what a browser does by itself at a click on an element.
func (p *Page) click(d *document, n *html.Node, name string, limit *float64) error {
	at := closest(n, func(n *html.Node) bool {
		return (n.DataAtom == atom.A || n.DataAtom == atom.Area) && has(n, "href") || isLabelable(n) || n.DataAtom == atom.Label || isSummary(n)
	})
	if at != nil && at.DataAtom == atom.Label {
		at = d.labelled(at)
	}
	switch {
	case at == nil:
		return needsPage(fmt.Sprintf("clicking %s, which is neither a link nor a form's (<%s>),", name, n.Data))
	case at.DataAtom == atom.A, at.DataAtom == atom.Area:
		return p.followLink(d, at, name, limit)
	case isBox(at):
		d.tick(at, kindOf(at) == "radio" || !d.isTicked(at))
	case at.DataAtom == atom.Summary:
		fold(at.Parent)
	case buttonKind(at) == "submit" && kindOf(at) == "image" && at.DataAtom == atom.Input:
		return needsPage("clicking " + name + ", a picture that tells where it was clicked,")
	case buttonKind(at) == "submit" && d.formOf(at) != nil:
		return p.submit(d, d.formOf(at), at, limit)
	case buttonKind(at) == "reset" && d.formOf(at) != nil:
		d.reset(d.formOf(at))
	case buttonKind(at) != "":
		return needsPage("clicking " + name + ", a button that does nothing without a script,")
	}
	return nil
}

// fold opens or closes details.
func fold(details *html.Node) {
	if i := slices.IndexFunc(details.Attr, func(a html.Attribute) bool { return a.Key == "open" }); i >= 0 {
		details.Attr = slices.Delete(details.Attr, i, i+1)
		return
	}
	details.Attr = append(details.Attr, html.Attribute{Key: "open"})
}

// reset has the fields of a form hold what they held at first.
func (d *document) reset(form *html.Node) {
	for _, f := range d.controls(form) {
		delete(d.values, f)
		delete(d.ticked, f)
		for _, o := range d.options(f) {
			delete(d.chosen, o)
		}
	}
}

// Field is what a form field holds.
func (l *Locator) Field() (*steps.StaticField, error) {
	d, n, err := l.one()
	if err != nil {
		return nil, err
	}
	n = d.field(n)
	if !isField(n) {
		return nil, nil
	}
	f := &steps.StaticField{ID: fmt.Sprintf("%p", n), Document: fmt.Sprintf("%p", d), Most: mostOf(n), Text: d.valueOf(n)}
	switch {
	case isBox(n):
		f.Box, f.Ticked = true, d.isTicked(n)
		if kindOf(n) == "radio" {
			f.ID = fmt.Sprintf("%p %s", d.formOf(n), attr(n, "name"))
		}
	case n.DataAtom == atom.Select:
		var labels []string
		for _, o := range d.selected(n) {
			f.Chosen = append(f.Chosen, [2]string{optionValue(o), optionLabel(o)})
			labels = append(labels, optionLabel(o))
		}
		f.Text = strings.Join(labels, ", ")
	case n.DataAtom == atom.Input:
		f.Password = kindOf(n) == "password"
	}
	return f, nil
}
