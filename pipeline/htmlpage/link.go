package htmlpage

import (
	"strings"

	"golang.org/x/net/html/atom"

	"pipe/steps"
)

// Link is where the element keeps an address.
func (l *Locator) Link() (steps.Link, error) {
	d, n, err := l.one()
	if err != nil {
		return steps.Link{}, err
	}
	name := "src"
	switch n.DataAtom {
	case atom.A, atom.Area, atom.Link, atom.Base:
		name = "href"
	case atom.Object:
		name = "data"
	}
	if has(n, "srcset") || n.Namespace != "" || n.DataAtom == atom.Video || n.DataAtom == atom.Audio {
		return steps.Link{}, needsPage("the address of " + l.name + ", of which a browser chooses one,")
	}
	raw, given := lookup(n, name)
	if !given || strings.TrimSpace(raw) == "" {
		return steps.Link{}, nil
	}
	to, err := d.base.Parse(strings.TrimSpace(raw))
	if err != nil || to.Scheme != "http" && to.Scheme != "https" {
		return steps.Link{}, needsPage("the address of " + l.name)
	}
	link := steps.Link{URL: to.String(), Policies: []string{l.page.policy, attr(n, "referrerpolicy")}}
	for word := range strings.FieldsSeq(strings.ToLower(attr(n, "rel"))) {
		if word == "noreferrer" {
			link.Policies = append(link.Policies, "no-referrer")
		}
	}
	return link, nil
}
