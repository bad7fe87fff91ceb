package specs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"gopkg.in/yaml.v3"
)

// Condition is an expression that gives true or false; the ${{ }} around it
// may be left out.
type Condition struct{ p part }

// String gives the condition as the spec has it.
func (c *Condition) String() string { return c.p.text }

// Holds evaluates the condition.
func (c *Condition) Holds(values Values) (bool, error) {
	if c == nil {
		return true, nil
	}
	v, err := run(c.p, values)
	if err != nil {
		return false, err
	}
	holds, ok := v.(bool)
	if !ok {
		return false, &EvalError{Code: c.p.text, Err: fmt.Errorf("want true or false, not %v", v)}
	}
	return holds, nil
}

// Names tells whether the condition uses a field of one of the names that it
// knows, as file.text.
func (c *Condition) Names(owner, field string) bool {
	tree, err := parser.Parse(c.p.text)
	if err != nil {
		return false // it has been compiled
	}
	look := &lookups{fallback: map[ast.Node]bool{}}
	ast.Walk(&tree.Node, look)
	return slices.ContainsFunc(look.members, func(m *ast.MemberNode) bool {
		of, ok := m.Node.(*ast.IdentifierNode)
		name, isText := m.Property.(*ast.StringNode)
		return ok && isText && of.Value == owner && name.Value == field
	})
}

func (c *Condition) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	code := strings.TrimSpace(n.Value)
	if n.Kind != yaml.ScalarNode || code == "" {
		d.fault(n, "want a condition such as ${{ item.branch == \"north\" }}, not %s", describe(n))
		return
	}
	if inner, ok := strings.CutPrefix(code, "${{"); ok {
		code = strings.TrimSuffix(inner, "}}")
	}
	c.p.text, c.p.frame = strings.TrimSpace(code), at.frame
	d.late = append(d.late, func() { d.compile(&c.p, n, code, at, expr.AsBool()) })
}
