package htmlpage

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func byLabel(text string, exact bool) step {
	fits := byWords(text, exact)
	return func(d *document, root *html.Node) (found []*html.Node, _ error) {
		labels := d.labelTexts()
		for n := range d.elements(root) {
			for _, t := range labels(n) {
				if fits(t) {
					found = append(found, n)
					break
				}
			}
		}
		return found, nil
	}
}

// labelTexts gives what tells the texts by which an element is labelled.
func (d *document) labelTexts() func(*html.Node) []*nodeText {
	of := map[*html.Node][]*html.Node{}
	for l := range d.elements(d.root) {
		if l.Data == "label" {
			if n := d.labelled(l); n != nil {
				of[n] = append(of[n], l)
			}
		}
	}
	return func(n *html.Node) (all []*nodeText) {
		labels := d.referred(attr(n, "aria-labelledby"))
		if len(labels) == 0 {
			if own := attr(n, "aria-label"); strings.TrimSpace(own) != "" {
				return []*nodeText{{full: own, normal: evenSpaces(own), runs: []string{own}}}
			}
			labels = of[n]
		}
		for _, l := range labels {
			all = append(all, d.textOf(l))
		}
		return all
	}
}

// labels gives the labels of a form field, nil for what has none.
func (d *document) labels(n *html.Node) []*html.Node {
	if !isLabelable(n) {
		return nil
	}
	var all []*html.Node
	for l := range d.elements(d.root) {
		if l.DataAtom == atom.Label && d.labelled(l) == n {
			all = append(all, l)
		}
	}
	return all
}

func isLabelable(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Button, atom.Meter, atom.Output, atom.Progress, atom.Select, atom.Textarea:
		return true
	case atom.Input:
		return kindOf(n) != "hidden"
	default:
		return false
	}
}

// labelled gives the field that a label is of, nil for none.
func (d *document) labelled(label *html.Node) *html.Node {
	if id, given := lookup(label, "for"); given {
		if n := d.ids[id]; n != nil && isLabelable(n) {
			return n
		}
		return nil
	}
	for n := range d.elements(label) {
		if isLabelable(n) {
			return n
		}
	}
	return nil
}
