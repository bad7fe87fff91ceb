package expr

import (
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// NamesAlone tells whether a template gives the same text whenever the values of one
// name are the same: it takes no others, and has no clock.
func (t Template) NamesAlone(owner string) bool {
	for _, p := range t.parts {
		if !p.namesAlone(owner) {
			return false
		}
	}
	return true
}

// NamesAlone is that of a template, for a condition; true for none.
func (c *Condition) NamesAlone(owner string) bool { return c == nil || c.p.namesAlone(owner) }

func (p part) namesAlone(owner string) bool {
	if !p.expression {
		return true
	}
	tree, err := parser.Parse(p.text)
	if err != nil {
		return false // told elsewhere
	}
	v := &others{owner: owner}
	ast.Walk(&tree.Node, v)
	return !v.found
}

// others looks for names beside one, and for the clock.
type others struct {
	owner string
	found bool
}

// Visit looks at one node.
func (o *others) Visit(node *ast.Node) {
	switch x := (*node).(type) {
	case *ast.IdentifierNode:
		_, function := functionNamed(x.Value)
		o.found = o.found || x.Value != o.owner && !function || x.Value == "now" || x.Value == "totp"
	case *ast.BuiltinNode:
		o.found = o.found || x.Name == "now"
	}
}
