package summary

import (
	"cmp"
	"iter"
	"regexp"
	"slices"
	"strings"

	"pipe/pipeline"
)

// Cause is why items failed, or were skipped: a class of failure at a step.
type Cause struct {
	Class pipeline.Class `json:"class,omitempty"`
	// Step is the path of the step, Place where it stood in the spec, as
	// specs/x.yaml:40:7, and Line the spec's line there, while that is as it was.
	Step  string `json:"step,omitempty"`
	Place string `json:"place,omitempty"`
	Line  string `json:"line,omitempty"`
	Items int    `json:"items"`
	// Keys are those of the first of them, Sample is the key of the one whose Reason
	// it is, Reasons how many there are, but for the items' own keys in them.
	Keys    []string `json:"keys"`
	Sample  string   `json:"sample"`
	Reason  string   `json:"reason"`
	Reasons int      `json:"reasons"`
	// Changed counts those that failed under the spec as it was.
	Changed  int       `json:"changed"`
	Evidence *Evidence `json:"evidence,omitempty"`
	Next     Command   `json:"next"`
}

const (
	// keysShown is how many keys a cause names.
	keysShown = 10
	// reasonsMost bounds how many reasons of a cause are told apart.
	reasonsMost = 1_000
	// causesMost bounds how many causes are told apart: what is beyond is not listed.
	causesMost = 500
)

// causeKey is what failures are grouped by.
type causeKey struct {
	class pipeline.Class
	step  string
}

// causes groups items by why they are where they are.
type causes struct {
	by      map[causeKey]*Cause
	reasons map[causeKey]map[string]bool
	order   []causeKey
}

func newCauses() *causes {
	return &causes{by: map[causeKey]*Cause{}, reasons: map[causeKey]map[string]bool{}}
}

// add puts an item to those of its cause; changed is true for one that failed under
// the spec as it was.
func (c *causes) add(item pipeline.ItemDetail, changed bool) {
	path, place := splitStep(item.Step)
	// A step moves when lines before it are written: it is the same one.
	key := causeKey{item.Class, path}
	cause := c.by[key]
	if cause == nil {
		if len(c.order) == causesMost {
			return
		}
		cause = &Cause{Class: item.Class, Step: path, Sample: item.Key, Reason: item.Reason}
		c.by[key], c.reasons[key] = cause, map[string]bool{}
		c.order = append(c.order, key)
	}
	cause.Items++
	cause.Place = cmp.Or(place, cause.Place)
	if len(cause.Keys) < keysShown {
		cause.Keys = append(cause.Keys, item.Key)
	}
	if general := strings.ReplaceAll(item.Reason, item.Key, "\x00"); len(c.reasons[key]) < reasonsMost {
		c.reasons[key][general] = true
	}
	if changed {
		cause.Changed++
	}
}

// all are the causes, the most frequent first.
func (c *causes) all() []Cause {
	all := []Cause{}
	for _, key := range c.order {
		cause := c.by[key]
		cause.Reasons = len(c.reasons[key])
		all = append(all, *cause)
	}
	slices.SortStableFunc(all, func(a, b Cause) int { return b.Items - a.Items })
	return all
}

// attach gives each cause the newest evidence of it, or else that of another attempt at
// one of its first items; others are the evidence beside that of items, the newest of it.
func (c *causes) attach(evidence iter.Seq2[pipeline.Evidence, error]) (others []Evidence, err error) {
	others = []Evidence{}
	byKey := map[string]*Cause{}
	for _, cause := range c.by {
		for _, key := range cause.Keys {
			byKey[key] = cause
		}
	}
	fallback := map[*Cause]*Evidence{}
	for e, err := range evidence {
		if err != nil {
			return nil, err
		}
		own := EvidenceOf(e)
		if e.Of != pipeline.EvidenceOfItem {
			others = append(others, own)
			others = others[max(0, len(others)-keysShown):]
			continue
		}
		if cause := c.by[causeKey{own.Class, own.Step}]; cause != nil {
			cause.Evidence = &own
		} else if cause := byKey[e.Key]; cause != nil {
			fallback[cause] = &own
		}
	}
	for cause, e := range fallback {
		if cause.Evidence == nil {
			cause.Evidence = e
		}
	}
	return others, nil
}

var placed = regexp.MustCompile(`^(.*) \((.+:\d+:\d+)\)$`)

// splitStep takes the place off a step, as of "download[1].click (specs/x.yaml:40:7)".
func splitStep(step string) (path, place string) {
	if found := placed.FindStringSubmatch(step); found != nil {
		return found[1], found[2]
	}
	return step, ""
}
