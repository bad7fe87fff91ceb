package expr

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"pipe/specs/document"
)

// ColumnUse is a column that an expression takes of a row.
type ColumnUse struct {
	document.Pos
	// Path leads to what has the expression.
	Path string
	// Names are the column, and those that stand in for it: item.a ?? item.b. One
	// of them is enough.
	Names []string
	// Mapped is true where the columns that source.map adds are known.
	Mapped bool
}

// columnUses finds the columns without which an expression makes no sense. A
// column with a fallback, as item.a ?? "", and one that the expression looks
// for itself, as "a" in item, may be missing.
type columnUses struct {
	all  []*ast.MemberNode
	free map[ast.Node]bool
	// asked are the columns that the expression looks for, instead has those that
	// stand in for others.
	asked   []string
	instead map[ast.Node][]string
}

func columnsOf(tree ast.Node) *columnUses {
	look := &columnUses{free: map[ast.Node]bool{}, instead: map[ast.Node][]string{}}
	ast.Walk(&tree, look)
	return look
}

// Visit looks at one node; those below it have been visited.
func (c *columnUses) Visit(node *ast.Node) {
	switch x := (*node).(type) {
	case *ast.MemberNode:
		if owner, field := memberOf(x); owner == "item" && field != "" {
			c.all = append(c.all, x)
		}
	case *ast.BinaryNode:
		switch x.Operator {
		case "in":
			name, literal := x.Left.(*ast.StringNode)
			of, known := x.Right.(*ast.IdentifierNode)
			if literal && known && of.Value == "item" {
				c.asked = append(c.asked, name.Value)
			}
		case "??":
			c.fallback(x)
		}
	}
}

// fallback takes what stands in a chain of ??: columns alone are as good as one,
// and before anything else all of them may be missing.
func (c *columnUses) fallback(x *ast.BinaryNode) {
	var names []string
	var columns []ast.Node
	alone := true
	for _, one := range operands(x) {
		name, is := columnOf(one)
		if !is {
			alone = false
			continue
		}
		names, columns = append(names, name), append(columns, one)
	}
	for i, one := range columns {
		c.free[one] = !alone || i > 0
	}
	if alone {
		c.instead[columns[0]] = names
	}
}

// operands are what stands between the ?? of a chain.
func operands(of ast.Node) []ast.Node {
	x, ok := of.(*ast.BinaryNode)
	if !ok || x.Operator != "??" {
		return []ast.Node{of}
	}
	return append(operands(x.Left), operands(x.Right)...)
}

// columnOf gives the column that a node is.
func columnOf(node ast.Node) (string, bool) {
	if chain, ok := node.(*ast.ChainNode); ok {
		node = chain.Node
	}
	m, ok := node.(*ast.MemberNode)
	if !ok {
		return "", false
	}
	owner, field := memberOf(m)
	return field, owner == "item" && field != ""
}

// noteColumns notes which columns there are to be.
func (c *Compiler) noteColumns(code string, tree ast.Node, at Place) {
	look := columnsOf(tree)
	scope, _ := at.Scope.Base()
	for _, m := range look.all {
		_, field := memberOf(m)
		if look.free[m] || slices.Contains(look.asked, field) {
			continue
		}
		names := look.instead[m]
		if names == nil {
			names = []string{field}
		}
		c.env.Uses = append(c.env.Uses, ColumnUse{
			Pos: c.doc.Inside(at.Node, code, m.Location().From), Path: at.Path, Names: names, Mapped: scope != ScopeColumn,
		})
	}
}
