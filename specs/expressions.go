package specs

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// decodeTemplate splits the text now; its expressions are compiled once all
// names that the spec declares are known.
func (d *decoder) decodeTemplate(t *Template, n *yaml.Node, at cursor) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.fault(n, "want a text, not %s", describe(n))
		return
	}
	codes, closed := t.split(n.Value, at.call)
	for i, p := range t.expressions() {
		d.late = append(d.late, func() { d.exprs.compile(p, codes[i], at.place(n)) })
	}
	if !closed {
		d.fault(n, "an expression is opened by ${{ and not closed by }}")
	}
}

func (d *decoder) decodeCondition(c *Condition, n *yaml.Node, at cursor) {
	text := strings.TrimSpace(n.Value)
	if n.Kind != yaml.ScalarNode || text == "" {
		d.fault(n, "want a condition such as ${{ item.branch == \"north\" }}, not %s", describe(n))
		return
	}
	code := c.set(text, at.call)
	d.late = append(d.late, func() { d.exprs.compileCondition(c, code, at.place(n)) })
}

// place is where the expressions of a node stand.
func (c cursor) place(n *yaml.Node) place {
	return place{node: n, path: c.path, scope: c.scope, call: c.call}
}
