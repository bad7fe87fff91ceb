package expr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// partText bounds a text that Parts tells, in bytes: of a longer one it tells the length,
// for half a secret would not be known for one.
const partText = 200

// Parts tells what the names of the condition have for values, as `item.state is "sold"`;
// "" where it has none. Whoever shows it takes out secrets, as of any text.
func (c *Condition) Parts(values Values) string {
	tree, err := parser.Parse(c.p.text)
	if err != nil {
		return "" // it has been compiled
	}
	if len(c.p.params) > 0 {
		if values, err = c.p.call.with(c.p.params, values); err != nil {
			return ""
		}
	}
	look := &paths{}
	ast.Walk(&tree.Node, look)
	var parts []string
	for _, path := range look.all {
		v, known := values[fmt.Sprint(path[0])]
		if !known {
			continue // a function, or a name of the expression's own
		}
		for _, name := range path[1:] {
			v, known = memberAt(v, name)
		}
		told := pathText(path) + " is " + partValue(v, known)
		if !slices.Contains(parts, told) {
			parts = append(parts, told)
		}
	}
	return strings.Join(parts, ", ")
}

// paths gathers the values that an expression names, each as far as its path is fixed:
// item.a, or steps.list[0].
type paths struct{ all [][]any }

// Visit looks at one node, after those within.
func (p *paths) Visit(node *ast.Node) {
	path := pathOf(*node)
	if path == nil {
		return
	}
	// What is taken of it is told, and not what it is taken of.
	if last := len(p.all) - 1; len(path) > 1 && last >= 0 && slices.Equal(p.all[last], path[:len(path)-1]) {
		p.all = p.all[:last]
	}
	p.all = append(p.all, path)
}

// pathOf is the path of a value from its name on; nil of other nodes.
func pathOf(node ast.Node) []any {
	switch x := node.(type) {
	case *ast.IdentifierNode:
		return []any{x.Value}
	case *ast.MemberNode:
		of := x.Node
		if chain, ok := of.(*ast.ChainNode); ok {
			of = chain.Node
		}
		owner := pathOf(of)
		if owner == nil {
			return nil
		}
		switch p := x.Property.(type) {
		case *ast.StringNode:
			return append(slices.Clone(owner), p.Value)
		case *ast.IntegerNode:
			return append(slices.Clone(owner), p.Value)
		}
	}
	return nil
}

func memberAt(of, name any) (any, bool) {
	switch of := of.(type) {
	case map[string]any:
		v, ok := of[fmt.Sprint(name)]
		return v, ok
	case []any:
		if i, ok := name.(int); ok && i >= 0 && i < len(of) {
			return of[i], true
		}
	}
	return nil, false
}

func pathText(path []any) string {
	text := fmt.Sprint(path[0])
	for _, one := range path[1:] {
		if name, ok := one.(string); ok {
			text += "." + name
		} else {
			text += fmt.Sprintf("[%v]", one)
		}
	}
	return text
}

func partValue(v any, known bool) string {
	switch v := v.(type) {
	case nil:
		if !known {
			return "not there"
		}
		return "empty"
	case string:
		if len(v) > partText {
			return fmt.Sprintf("a text of %d characters", len([]rune(v)))
		}
		return fmt.Sprintf("%q", v)
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	case map[string]any:
		return fmt.Sprintf("an object of %d fields", len(v))
	default:
		return fmt.Sprint(v)
	}
}
