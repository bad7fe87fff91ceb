package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/expr"
)

// Classify gives failures a class of the spec's choice. All that a rule names
// must hold; the first rule that fits counts.
type Classify struct {
	Status   []int           `yaml:"status" doc:"the site's answer has this status, or one of these"`
	URL      string          `yaml:"url" doc:"the page's address matches this glob"`
	Selector Target          `yaml:"selector" doc:"this is to be seen on the page where it failed"`
	Text     string          `yaml:"text" doc:"that page, or what came in place of the file, holds this text, in capitals or not"`
	If       *expr.Condition `yaml:"if" doc:"this holds, over error.message, .class, .step, .status and .url, and item"`
	Class    string          `yaml:"class" required:"true" enum:"not_found,rejected,transient,rate_limited,session_lost,proof_failed,site_down,crashed,spec" doc:"what the failure is"`
}

type plainClassify Classify

func (c *Classify) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	d.decode(n, reflectOf((*plainClassify)(c)), at)
	if n.Kind != yaml.MappingNode {
		return
	}
	if len(c.Status) == 0 && c.URL == "" && c.Text == "" && !c.OnPage() && c.If == nil {
		d.Fault(n, "the rule says nothing of the failure: give status, url, selector, text or if")
	}
	for _, status := range c.Status {
		if status != 0 && (status < 100 || status > 599) {
			d.Fault(n, "%d is no HTTP status", status)
		}
	}
}

// OnPage tells whether the rule is about what the page shows.
func (c *Classify) OnPage() bool { return c.Selector.Given() || c.Text != "" }
