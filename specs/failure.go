package specs

import (
	"reflect"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Retry says how often a failed item is tried, in all and by class.
type Retry struct {
	Attempts    int        `yaml:"attempts" default:"3" doc:"how often an item is tried in all"`
	Backoff     Backoff    `yaml:"backoff" doc:"the wait before the next try; it doubles each time"`
	NotFound    *ClassRule `yaml:"not_found" doc:"the site does not know the item; default 1 attempt"`
	Rejected    *ClassRule `yaml:"rejected" doc:"the site refuses the item; default 1 attempt"`
	Transient   *ClassRule `yaml:"transient" doc:"time-outs, resets, server errors"`
	RateLimited *ClassRule `yaml:"rate_limited" doc:"the site asks for a slower pace: it holds the whole site back; costs no try, 20 attempts"`
	SessionLost *ClassRule `yaml:"session_lost" doc:"the login is gone; costs no try, 20 attempts"`
	ProofFailed *ClassRule `yaml:"proof_failed" doc:"a file is not what is expected"`
	SiteDown    *ClassRule `yaml:"site_down" doc:"the site cannot be reached: it is held back and asked by one item at a time; costs no try, 20 attempts"`
	Crashed     *ClassRule `yaml:"crashed" doc:"the page or the browser died"`
	Spec        *ClassRule `yaml:"spec" doc:"the spec is wrong for the item; default 1 attempt"`
}

// Backoff is the wait before another try.
type Backoff struct {
	Initial Duration `yaml:"initial" default:"2s" short:"true" doc:"before the second try"`
	Max     Duration `yaml:"max" default:"30s" doc:"the most"`
}

// ClassRule overrides the retry rule for one class of failure.
type ClassRule struct {
	Attempts int      `yaml:"attempts" short:"true" doc:"how often an item may fail so"`
	Backoff  *Backoff `yaml:"backoff" doc:"the wait before the next try"`
	Costs    *bool    `yaml:"costs" doc:"whether such a failure counts against the item's attempts in all"`
}

// Of gives the rule that the spec has for a class, or nil.
func (r *Retry) Of(class string) *ClassRule {
	v := reflectOf(r)
	for _, f := range fieldsOf(v.Type()) {
		if own, ok := v.FieldByIndex(f.Index).Interface().(*ClassRule); ok && f.name == class {
			return own
		}
	}
	return nil
}

// Classes names the classes of failure: those that have a rule under retry.
func Classes() []string {
	var names []string
	for _, f := range fieldsOf(reflect.TypeFor[Retry]()) {
		if f.Type == reflect.TypeFor[*ClassRule]() {
			names = append(names, f.name)
		}
	}
	return names
}

// Classify gives failures a class of the spec's choice. All that a rule names
// must hold; the first rule that fits counts.
type Classify struct {
	Status   []int      `yaml:"status" doc:"the site's answer has this status, or one of these"`
	URL      string     `yaml:"url" doc:"the page's address matches this glob"`
	Selector Target     `yaml:"selector" doc:"this is to be seen on the page where it failed"`
	Text     string     `yaml:"text" doc:"that page, or what came in place of the file, holds this text, in capitals or not"`
	If       *Condition `yaml:"if" doc:"this holds, over error.message, .class, .step, .status and .url, and item"`
	Class    string     `yaml:"class" required:"true" enum:"not_found,rejected,transient,rate_limited,session_lost,proof_failed,site_down,crashed,spec" doc:"what the failure is"`
}

type plainClassify Classify

func (c *Classify) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	d.decode(n, reflectOf((*plainClassify)(c)), at)
	if n.Kind != yaml.MappingNode {
		return
	}
	if len(c.Status) == 0 && c.URL == "" && c.Text == "" && !c.OnPage() && c.If == nil {
		d.fault(n, "the rule says nothing of the failure: give status, url, selector, text or if")
	}
	for _, status := range c.Status {
		if status != 0 && (status < 100 || status > 599) {
			d.fault(n, "%d is no HTTP status", status)
		}
	}
}

// OnPage tells whether the rule is about what the page shows.
func (c *Classify) OnPage() bool { return c.Selector.Given() || c.Text != "" }

// StopWhen ends a run that makes no sense.
type StopWhen struct {
	Failures Share  `yaml:"failures" short:"true" doc:"so many items have failed for good: a number, or 20% once 20 items are settled"`
	InARow   InARow `yaml:"in_a_row" doc:"so many items in a row failed in the same class: a number for any class, or a number by class"`
	Drift    int    `yaml:"drift" default:"5" doc:"the first so many items all failed to find the same element: the spec no longer fits the site; 0 for never"`
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
		d.fault(n, "want a number of items such as 50, or a part of them such as 20%%, not %s", describe(n))
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
	for key, value := range d.pairs(n) {
		d.checkEnum(key, Classes(), at)
		r.number(d, value, at.field(key.Value), key.Value)
	}
}

func (r *InARow) number(d *decoder, n *yaml.Node, at cursor, class string) {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < 1 {
		d.faultAt(d.pos(n), at.path, "want a number of items such as 10, or numbers by class such as {rejected: 10}, not %s", describe(n))
		return
	}
	(*r)[class] = v
}
