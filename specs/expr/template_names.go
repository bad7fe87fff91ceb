package expr

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Names tells whether an expression of the template has a field of one of the
// names that it knows, as file.text; without a field it is about the name
// itself, or any field of it.
func (t Template) Names(owner, field string) bool {
	return slices.ContainsFunc(t.parts, func(p part) bool { return p.expression && p.names(owner, field) })
}

func (p part) names(owner, field string) bool {
	tree, err := parser.Parse(p.text)
	if err != nil {
		return false // it has been compiled
	}
	if field == "" {
		return slices.Contains(identifiersOf(tree.Node), owner)
	}
	return slices.ContainsFunc(membersOf(tree.Node).all, func(m *ast.MemberNode) bool {
		of, name := memberOf(m)
		return of == owner && name == field
	})
}

// FieldsOf gives the fields that the template takes of a name, as NAME of
// vars.NAME, and tells whether it uses the name in other ways. What does not
// parse, or is too long to, is told elsewhere: parsed is false then.
func (t Template) FieldsOf(owner string) (fields []string, others, parsed bool) {
	parsed = true
	for _, p := range t.parts {
		if !p.expression {
			continue
		}
		if len(p.text) > MaxCode {
			parsed = false
			continue
		}
		tree, err := parser.Parse(p.text)
		if err != nil {
			parsed = false
			continue
		}
		bare := 0
		for _, name := range identifiersOf(tree.Node) {
			if name == owner {
				bare++
			}
		}
		for _, m := range membersOf(tree.Node).all {
			if of, field := memberOf(m); of == owner && field != "" {
				bare--
				fields = append(fields, field)
			}
		}
		others = others || bare > 0
	}
	return fields, others, parsed
}

// TakesColumn tells whether the template takes a column of the item, by itself or by
// a parameter of its block.
func (t Template) TakesColumn(name string) bool {
	return slices.ContainsFunc(t.parts, func(p part) bool { return p.expression && p.takesColumn(name) })
}

// TakesColumn tells whether the condition does.
func (c *Condition) TakesColumn(name string) bool { return c.p.takesColumn(name) }

func (p part) takesColumn(name string) bool {
	return p.names("item", name) || slices.ContainsFunc(p.params, func(param string) bool {
		given := p.call.Values[param]
		return given != nil && given.TakesColumn(name)
	})
}
