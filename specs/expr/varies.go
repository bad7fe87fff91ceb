package expr

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Varying tells what may differ from item to item.
type Varying interface {
	Varies(t Template) bool
	VariesBeside(c *Condition, name string) bool
}

// VariesBeside tells whether a condition is about more than a name and what is the
// same for all items.
func (e *Environment) VariesBeside(c *Condition, name string) bool {
	return c != nil && e.partVaries(c.p, name)
}

// Varies tells whether a template may give different texts for different items.
func (e *Environment) Varies(t Template) bool {
	return slices.ContainsFunc(t.parts, func(p part) bool { return e.partVaries(p, "") })
}

func (e *Environment) partVaries(p part, aside string) bool {
	if !p.expression {
		return false
	}
	tree, err := parser.Parse(p.text)
	if err != nil {
		return true // told elsewhere
	}
	v := &constant{env: e, call: p.call, aside: aside}
	ast.Walk(&tree.Node, v)
	return v.varies
}

// constant looks for what may differ from item to item: all but env, secret and
// the vars that no step sets, and the clock.
type constant struct {
	env    *Environment
	call   *BlockCall
	aside  string // a name that is left out
	varies bool
}

// Visit looks at one node.
func (c *constant) Visit(node *ast.Node) {
	switch x := (*node).(type) {
	case *ast.MemberNode:
		owner, field := memberOf(x)
		c.varies = c.varies || owner == "vars" && field != "" && slices.Contains(c.env.set, field)
	case *ast.IdentifierNode:
		switch x.Value {
		case "env", "secret", "vars", c.aside:
		case "params":
			c.varies = c.varies || c.call.vary(c.env)
		default:
			_, function := functionNamed(x.Value)
			c.varies = c.varies || !function
		}
	case *ast.CallNode:
		// Of ours those alone that have a clock, and what is none of ours.
		callee, ok := x.Callee.(*ast.IdentifierNode)
		c.varies = c.varies || !ok || slices.Contains([]string{"now", "totp"}, callee.Value)
	case *ast.BuiltinNode:
		c.varies = c.varies || x.Name == "now"
	}
}
