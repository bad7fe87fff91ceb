package specs

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// FailOn is what shows that a step has failed, before its limit is over.
type FailOn struct {
	Status  StatusSet `yaml:"status" example:"5xx" doc:"a request of the page or of its scripts to its own site is answered with this status, or one of these: 500, 5xx, 500..599; 0 for no answer"`
	Visible Target    `yaml:"visible" doc:"this is to be seen, as a message of the page's is: what it says is the reason"`
}

type plainFailOn FailOn

func (f *FailOn) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	d.decodeStruct(n, reflectOf((*plainFailOn)(f)), at)
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		d.Fault(n, "say what shows that a step has failed: status or visible")
	}
}

// StatusSet is a set of HTTP statuses; 0 is no answer.
type StatusSet []StatusRange

// StatusRange is a range of them, both ends of it included.
type StatusRange struct{ From, To int }

// Has tells whether a status is in the set.
func (s StatusSet) Has(status int) bool {
	for _, r := range s {
		if r.From <= status && status <= r.To {
			return true
		}
	}
	return false
}

func (s *StatusSet) decodeNode(d *decoder, n *yaml.Node, _ cursor) {
	list := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		list = n.Content
	}
	*s = nil
	for _, one := range list {
		r, ok := parseStatusRange(one.Value)
		if one.Kind != yaml.ScalarNode || !ok {
			d.Fault(one, "want a status such as 500, a range such as 5xx or 500..599, or a list of these, not %s", document.Describe(one))
			continue
		}
		*s = append(*s, r)
	}
}

func parseStatusRange(text string) (StatusRange, bool) {
	text = strings.TrimSpace(text)
	if hundred, ok := strings.CutSuffix(strings.ToLower(text), "xx"); ok {
		n, err := strconv.Atoi(hundred)
		return StatusRange{n * 100, n*100 + 99}, err == nil && n >= 1 && n <= 5
	}
	low, high, ranged := strings.Cut(text, "..")
	if !ranged {
		high = low
	}
	from, err := strconv.Atoi(strings.TrimSpace(low))
	to, err2 := strconv.Atoi(strings.TrimSpace(high))
	valid := err == nil && err2 == nil && from >= 100 && to <= 599 && from <= to
	return StatusRange{from, to}, valid || text == "0"
}
