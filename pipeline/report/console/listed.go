package console

import (
	"fmt"
	"io"
	"strings"

	"pipe/pipeline"
)

// place is what failures are grouped by: where they were, and what they are.
type place struct {
	step  string
	class pipeline.Class
}

// reasons are items that are there for the same reason, but for their keys in it.
type reasons struct {
	// general is the reason without the key, to tell by; first is one item's own.
	general string
	first   pipeline.ItemRow
	keys    []string
	n       int
	// alike is true as long as all have the very same text.
	alike bool
}

// group is the items of one class and place, by their reasons.
type group struct {
	place
	n   int
	all []*reasons
}

// add puts an item to those of its reason.
func (g *group) add(row pipeline.ItemRow) {
	g.n++
	general := strings.ReplaceAll(row.Reason, row.Key, "\x00")
	var r *reasons
	for _, have := range g.all {
		if have.general == general || have.first.Reason == row.Reason {
			r = have
			break
		}
	}
	if r == nil {
		r = &reasons{general: general, first: row, alike: true}
		g.all = append(g.all, r)
	}
	r.alike = r.alike && r.first.Reason == row.Reason
	if r.n++; len(r.keys) < keysShown {
		r.keys = append(r.keys, row.Key)
	}
}

// text is the reason as one of the items has it.
func (r *reasons) text() string {
	if r.alike {
		return Clean(r.first.Reason)
	}
	return fmt.Sprintf("%s (so for %s)", Clean(r.first.Reason), Clean(r.first.Key))
}

func (r *reasons) items() string { return named(r.keys, r.n) }

// named names the first of n items.
func named(keys []string, n int) string {
	text := Clean(strings.Join(keys[:min(len(keys), keysShown)], " "))
	if more := n - min(len(keys), keysShown); more > 0 {
		text += fmt.Sprintf(" … and %d more", more)
	}
	return text
}

// reasonsShown is how many reasons of a group are told.
const reasonsShown = 10

// listed prints items and why they are there, by place and class, and within by
// reason.
func listed(w io.Writer, what string, rows []pipeline.ItemRow) {
	var groups []*group
	known := map[place]*group{}
	for _, row := range rows {
		here := place{row.Step, row.Class}
		g := known[here]
		if g == nil {
			g = &group{place: here}
			known[here], groups = g, append(groups, g)
		}
		g.add(row)
	}
	for _, g := range groups {
		if len(g.all) == 1 {
			fmt.Fprintf(w, "  %s %d%s: %s%s\n    %s\n", what, g.n, classed(g.class), g.all[0].text(), at(g.step), g.all[0].items())
			continue
		}
		fmt.Fprintf(w, "  %s %d%s%s, for %d reasons:\n", what, g.n, classed(g.class), at(g.step), len(g.all))
		for _, r := range g.all[:min(len(g.all), reasonsShown)] {
			fmt.Fprintf(w, "    %d: %s\n      %s\n", r.n, r.text(), r.items())
		}
		if more := len(g.all) - reasonsShown; more > 0 {
			fmt.Fprintf(w, "    … and %d more reasons: `pipe status` has each item's\n", more)
		}
	}
}
