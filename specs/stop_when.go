package specs

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// StopWhen ends a run that makes no sense.
type StopWhen struct {
	Failures Share  `yaml:"failures" short:"true" doc:"so many items have failed for good: a number, or 20% once 20 items are settled"`
	InARow   InARow `yaml:"in_a_row" doc:"so many items in a row failed in the same class: a number for any class, or a number by class"`
	Drift    int    `yaml:"drift" default:"5" doc:"the first so many items all failed to find the same element, or at the same value: the spec no longer fits the site; 0 for never"`
	Alike    int    `yaml:"alike" default:"10" doc:"the first so many items all failed for good at the same step and in the same class, whichever it is; 0 for never"`
}

// Share is a number of items, or a part of them in percent.
type Share struct {
	Count   int
	Percent float64
}

func (s *Share) decodeNode(d *decoder, n *yaml.Node, _ cursor) {
	number, percent := strings.CutSuffix(strings.TrimSpace(n.Value), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	switch {
	case n.Kind != yaml.ScalarNode, err != nil, !percent && v != float64(int(v)), v <= 0, percent && v > 100:
		d.Fault(n, "want a number of items such as 50, or a part of them such as 20%%, not %s", document.Describe(n))
	case percent:
		s.Percent = v
	default:
		s.Count = int(v)
	}
}

// InARow is a number of items by class; "" stands for any class.
type InARow map[string]int

func (r *InARow) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	*r = InARow{}
	if n.Kind != yaml.MappingNode {
		r.number(d, n, at, "")
		return
	}
	for key, value := range d.Pairs(n) {
		d.checkEnum(key, EndClasses(), at)
		r.number(d, value, at.field(key.Value), key.Value)
	}
}

func (r *InARow) number(d *decoder, n *yaml.Node, at cursor, class string) {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < 1 {
		d.FaultAt(d.Pos(n), at.path, "want a number of items such as 10, or numbers by class such as {rejected: 10}, not %s", document.Describe(n))
		return
	}
	(*r)[class] = v
}
