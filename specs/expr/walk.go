package expr

import (
	"github.com/expr-lang/expr/ast"
)

// members gathers where an expression takes a field of something, as item.a,
// and which of them have a fallback: item.a ?? "".
type members struct {
	all      []*ast.MemberNode
	fallback map[ast.Node]bool
}

func membersOf(tree ast.Node) *members {
	look := &members{fallback: map[ast.Node]bool{}}
	ast.Walk(&tree, look)
	return look
}

// Visit looks at one node.
func (m *members) Visit(node *ast.Node) {
	switch x := (*node).(type) {
	case *ast.MemberNode:
		m.all = append(m.all, x)
	case *ast.BinaryNode:
		if x.Operator == "??" {
			m.fallback[x.Left] = true
		}
	}
}

// memberOf gives the name that a field is taken of, "" where it is something
// else, and the field's name, "" where it is only known once it is evaluated.
func memberOf(m *ast.MemberNode) (owner, field string) {
	if of, ok := m.Node.(*ast.IdentifierNode); ok {
		owner = of.Value
	}
	if name, ok := m.Property.(*ast.StringNode); ok {
		field = name.Value
	}
	return owner, field
}

// identifiers gathers the names of an expression.
type identifiers struct{ all []string }

func identifiersOf(tree ast.Node) []string {
	look := &identifiers{}
	ast.Walk(&tree, look)
	return look.all
}

// Visit looks at one node.
func (i *identifiers) Visit(node *ast.Node) {
	if x, ok := (*node).(*ast.IdentifierNode); ok {
		i.all = append(i.all, x.Value)
	}
}

// calls gathers the calls of an expression. Those that have the name of one of
// the language's look so when it is parsed without ours.
type calls struct {
	all []struct {
		name string
		args []ast.Node
		at   int
	}
}

// Visit looks at one node.
func (c *calls) Visit(node *ast.Node) {
	name, args := callOf(*node)
	if name != "" {
		c.all = append(c.all, struct {
			name string
			args []ast.Node
			at   int
		}{name, args, (*node).Location().From})
	}
}

// callOf gives the name of the function that a node calls, "" where it calls
// none, and what it calls it with.
func callOf(node ast.Node) (name string, args []ast.Node) {
	switch x := node.(type) {
	case *ast.CallNode:
		if callee, ok := x.Callee.(*ast.IdentifierNode); ok {
			return callee.Value, x.Arguments
		}
	case *ast.BuiltinNode:
		return x.Name, x.Arguments
	}
	return "", nil
}
