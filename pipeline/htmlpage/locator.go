package htmlpage

import (
	"fmt"

	"github.com/playwright-community/playwright-go"
	"golang.org/x/net/html"

	"pipe/steps"
)

type driverLocator = playwright.Locator

// Locator is elements of a page without a browser, looked for whenever they are asked for.
// What it does not have of the driver's needs a page in a browser.
type Locator struct {
	driverLocator // nil

	page *Page
	name string
	find func(*document) ([]*html.Node, error)
}

var _ steps.StaticElement = (*Locator)(nil)

func (p *Page) locate(name string, at func(*document) ([]*html.Node, error), look step, err error) *Locator {
	return &Locator{page: p, name: name, find: func(d *document) ([]*html.Node, error) {
		if err != nil {
			return nil, err
		}
		roots, err := at(d)
		if err != nil {
			return nil, err
		}
		var all []*html.Node
		seen := map[*html.Node]bool{}
		for _, root := range roots {
			found, err := look(d, root)
			if err != nil {
				return nil, err
			}
			for _, n := range found {
				if !seen[n] {
					seen[n] = true
					all = append(all, n)
				}
			}
		}
		return all, nil
	}}
}

// whole is the document itself, in which a page's locators look.
func whole(d *document) ([]*html.Node, error) { return []*html.Node{d.root}, nil }

func (p *Page) bySelector(at func(*document) ([]*html.Node, error), selectorText any) *Locator {
	text, is := selectorText.(string)
	if !is {
		return p.locate("a locator", at, nil, needsPage("a locator within another"))
	}
	s, err := parseSelector(text)
	return &Locator{page: p, name: fmt.Sprintf("%q", text), find: func(d *document) ([]*html.Node, error) {
		if err != nil {
			return nil, err
		}
		roots, err := at(d)
		if err != nil {
			return nil, err
		}
		return s.find(d, roots)
	}}
}

func (p *Page) byRole(at func(*document) ([]*html.Node, error), role playwright.AriaRole, options []playwright.PageGetByRoleOptions) *Locator {
	name, exact := "", false
	if len(options) > 0 {
		name, _ = options[0].Name.(string)
		exact = options[0].Exact != nil && *options[0].Exact
	}
	return p.locate(fmt.Sprintf("%s %q", role, name), at, byRole(string(role), name, exact), nil)
}

// byWording is what looks for a text in one of several ways.
func (p *Page) byWording(at func(*document) ([]*html.Node, error), what string, text any, exact *bool, look func(string, bool) step) *Locator {
	words, is := text.(string)
	if !is {
		return p.locate(what, at, nil, needsPage("an expression for "+what))
	}
	return p.locate(fmt.Sprintf("%s %q", what, words), at, look(words, exact != nil && *exact), nil)
}

func byPlaceholder(text string, exact bool) step { return byAttribute("placeholder", text, exact) }

func byTestID(text string, _ bool) step { return byAttribute("data-testid", text, true) }

// all gives the elements that there are now.
func (l *Locator) all() (*document, []*html.Node, error) {
	d, err := l.page.shown()
	if err != nil {
		return nil, nil, err
	}
	found, err := l.find(d)
	return d, found, err
}

// one gives the one element that there is to be.
func (l *Locator) one() (*document, *html.Node, error) {
	d, found, err := l.all()
	switch {
	case err != nil:
		return nil, nil, err
	case len(found) == 0:
		return nil, nil, &steps.NeedsPageError{Err: fmt.Errorf("%s is not there, and no script runs that could bring it", l.name)}
	case len(found) > 1:
		return nil, nil, &steps.NeedsPageError{Err: fmt.Errorf("%s resolved to %d elements", l.name, len(found))}
	}
	return d, found[0], nil
}

// Count tells how many there are.
func (l *Locator) Count() (int, error) {
	_, found, err := l.all()
	return len(found), err
}

// IsVisible tells whether the element is to be seen.
func (l *Locator) IsVisible(...playwright.LocatorIsVisibleOptions) (bool, error) {
	d, found, err := l.all()
	if err != nil || len(found) == 0 {
		return false, err
	}
	if len(found) > 1 {
		_, _, err = l.one()
		return false, err
	}
	return d.visible(found[0]), nil
}

// IsEnabled tells whether it takes what is done to it.
func (l *Locator) IsEnabled(...playwright.LocatorIsEnabledOptions) (bool, error) {
	_, n, err := l.one()
	return err == nil && (!canBeDisabled(n) || !isDisabled(n)), err
}

// First is the first of them.
func (l *Locator) First() playwright.Locator { return l.Nth(0) }

// Last is the last of them.
func (l *Locator) Last() playwright.Locator { return l.Nth(-1) }

// Nth is one of them, from 0.
func (l *Locator) Nth(index int) playwright.Locator {
	return &Locator{page: l.page, name: l.name, find: func(d *document) ([]*html.Node, error) {
		found, err := l.find(d)
		return pick(found, index), err
	}}
}

// Or is these and those of another locator, in the order of the document.
func (l *Locator) Or(other playwright.Locator) playwright.Locator {
	return l.joined(other, " or ", func(d *document, mine, its []*html.Node) []*html.Node {
		return d.inOrder(append(append([]*html.Node{}, mine...), its...))
	})
}

// And is those of these that are of another locator too.
func (l *Locator) And(other playwright.Locator) playwright.Locator {
	return l.joined(other, " and ", func(_ *document, mine, its []*html.Node) (both []*html.Node) {
		for _, n := range its {
			for _, m := range mine {
				if m == n {
					both = append(both, n)
				}
			}
		}
		return both
	})
}

func (l *Locator) joined(other playwright.Locator, word string, join func(d *document, mine, its []*html.Node) []*html.Node) playwright.Locator {
	o, is := other.(*Locator)
	if !is {
		return l.page.locate(l.name, whole, nil, needsPage("a locator of another page"))
	}
	return &Locator{page: l.page, name: l.name + word + o.name, find: func(d *document) ([]*html.Node, error) {
		mine, err := l.find(d)
		if err != nil {
			return nil, err
		}
		its, err := o.find(d)
		if err != nil {
			return nil, err
		}
		return join(d, mine, its), nil
	}}
}

// Filter is those of them that are as is wanted.
func (l *Locator) Filter(options ...playwright.LocatorFilterOptions) playwright.Locator {
	return &Locator{page: l.page, name: l.name, find: func(d *document) ([]*html.Node, error) {
		found, err := l.find(d)
		if err != nil {
			return nil, err
		}
		for _, o := range options {
			text, textual := o.HasText.(string)
			if o.HasText != nil && !textual || o.Has != nil || o.HasNot != nil || o.HasNotText != nil {
				return nil, needsPage("a filter by what is in an element")
			}
			var kept []*html.Node
			for _, n := range found {
				if (o.Visible == nil || d.visible(n) == *o.Visible) && (!textual || containing(text)(d.textOf(n))) {
					kept = append(kept, n)
				}
			}
			found = kept
		}
		return found, nil
	}}
}

// Locator is what a selector finds in them.
func (l *Locator) Locator(selector any, options ...playwright.LocatorLocatorOptions) playwright.Locator {
	if len(options) > 0 {
		return l.page.locate(l.name, whole, nil, needsPage("a locator with conditions"))
	}
	return l.page.bySelector(l.find, selector)
}

// FrameLocator is what is in a frame: another document, which is not loaded.
func (l *Locator) FrameLocator(selector string) playwright.FrameLocator {
	return l.page.FrameLocator(selector)
}

// GetByRole is those in them of a role.
func (l *Locator) GetByRole(role playwright.AriaRole, options ...playwright.LocatorGetByRoleOptions) playwright.Locator {
	var same []playwright.PageGetByRoleOptions
	for _, o := range options {
		same = append(same, playwright.PageGetByRoleOptions(o))
	}
	return l.page.byRole(l.find, role, same)
}

// GetByLabel is the fields in them that have a label.
func (l *Locator) GetByLabel(text any, options ...playwright.LocatorGetByLabelOptions) playwright.Locator {
	return l.page.byWording(l.find, "label", text, exactly(options, func(o playwright.LocatorGetByLabelOptions) *bool { return o.Exact }), byLabel)
}

// GetByText is those in them that hold a text.
func (l *Locator) GetByText(text any, options ...playwright.LocatorGetByTextOptions) playwright.Locator {
	return l.page.byWording(l.find, "text", text, exactly(options, func(o playwright.LocatorGetByTextOptions) *bool { return o.Exact }), byWordsOf)
}

// GetByPlaceholder is the fields in them that have a placeholder.
func (l *Locator) GetByPlaceholder(text any, options ...playwright.LocatorGetByPlaceholderOptions) playwright.Locator {
	return l.page.byWording(l.find, "placeholder", text, exactly(options, func(o playwright.LocatorGetByPlaceholderOptions) *bool { return o.Exact }), byPlaceholder)
}

// GetByTestId is those in them of a data-testid.
func (l *Locator) GetByTestId(id any) playwright.Locator {
	return l.page.byWording(l.find, "test id", id, nil, byTestID)
}

func exactly[O any](options []O, of func(O) *bool) *bool {
	if len(options) == 0 {
		return nil
	}
	return of(options[0])
}
