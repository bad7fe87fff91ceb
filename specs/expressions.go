package specs

import (
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// decodeTemplate splits the text now; its expressions are compiled once all
// names that the spec declares are known.
func (d *decoder) decodeTemplate(t *expr.Template, n *yaml.Node, at cursor) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.Fault(n, "want a text, not %s", document.Describe(n))
		return
	}
	codes, closed := t.Split(n.Value, at.call)
	for i, p := range t.Expressions() {
		d.late = append(d.late, func() { d.exprs.Compile(p, codes[i], at.place(n)) })
	}
	if !closed {
		hint := ""
		if line := d.Texts.Line(d.Pos(n)); n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 && strings.Contains(line, " #") {
			hint = `: " #" begins a comment, unless the whole value stands in quotes`
		}
		d.Fault(n, "an expression is opened by ${{ and not closed by }}%s", hint)
	}
}

func (d *decoder) decodeCondition(c *expr.Condition, n *yaml.Node, at cursor) {
	text := strings.TrimSpace(n.Value)
	if n.Kind != yaml.ScalarNode || text == "" {
		d.Fault(n, "want a condition such as ${{ item.branch == \"north\" }}, not %s", document.Describe(n))
		return
	}
	code := c.Set(text, at.call)
	d.late = append(d.late, func() { d.exprs.CompileCondition(c, code, at.place(n)) })
}

// place is where the expressions of a node stand.
func (c cursor) place(n *yaml.Node) expr.Place {
	return expr.Place{Node: n, Path: c.path, Scope: c.scope, Call: c.call}
}
