package expr

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// checkCalls finds what is known to be wrong with the calls of functions before
// they have values: patterns, layouts and zones.
func (c *Compiler) checkCalls(code string, tree ast.Node, at Place) {
	look := &calls{}
	ast.Walk(&tree, look)
	for _, call := range look.all {
		f, own := functionNamed(call.name)
		if !own {
			continue
		}
		if len(call.args) > f.most {
			c.doc.FaultAt(c.doc.Inside(at.Node, code, call.at), at.Path, "too many values to call %s with: %s", f.Name, f.Use)
		}
		for i, arg := range call.args {
			text, is := arg.(*ast.StringNode)
			if check := f.literal[i]; check != nil && is {
				if err := check(text.Value); err != nil {
					c.doc.FaultAt(c.doc.Inside(at.Node, code, text.Location().From), at.Path, "%s: %v", f.Name, err)
				}
			}
		}
	}
}

// isRaw tells whether all that an expression gives is what it calls raw, or what
// the spec itself writes: raw(a), or one or the other of such.
func isRaw(node ast.Node) bool {
	raw := 0
	for _, result := range resultsOf(node) {
		if _, written := result.(*ast.StringNode); written {
			continue
		}
		name, _ := callOf(result)
		if name != "raw" {
			return false
		}
		raw++
	}
	return raw > 0
}

// resultsOf gives the parts of an expression of which one is its value.
func resultsOf(node ast.Node) []ast.Node {
	switch x := node.(type) {
	case *ast.ConditionalNode:
		return append(resultsOf(x.Exp1), resultsOf(x.Exp2)...)
	case *ast.BinaryNode:
		if x.Operator == "??" {
			return append(resultsOf(x.Left), resultsOf(x.Right)...)
		}
	}
	return []ast.Node{node}
}

// checkRaw finds a raw that has no effect: what is made of its value is a value
// like any other, and escaped.
func (c *Compiler) checkRaw(code string, tree ast.Node, at Place) {
	if isRaw(tree) {
		return
	}
	look := &calls{}
	ast.Walk(&tree, look)
	for _, call := range look.all {
		if call.name == "raw" {
			c.doc.FaultAt(c.doc.Inside(at.Node, code, call.at), at.Path, "raw has no effect within another expression: put it around the whole, as ${{ raw(…) }}")
			return
		}
	}
}

// checkLookups finds secrets and environment variables that are not set, and
// notes which variables there are to be.
func (c *Compiler) checkLookups(code string, tree ast.Node, at Place) {
	look := membersOf(tree)
	for _, m := range look.all {
		if owner, field := memberOf(m); field != "" {
			c.checkLookup(m, owner, field, look.fallback[m], code, at)
		}
	}
}

func (c *Compiler) checkLookup(m ast.Node, owner, field string, fallback bool, code string, at Place) {
	find, what := c.env.LookupEnv, "environment variable"
	hint := fmt.Sprintf("; set it, or give a fallback: env.%s ?? \"…\"", field)
	switch owner {
	case "env":
		c.env.UsedEnv = append(c.env.UsedEnv, field)
	case "secret":
		find, what = c.env.LookupSecret, "secret"
		hint = "; set it in the environment or in the file given by --secrets"
	default:
		return
	}
	if _, set := find(field); !set && !fallback {
		c.doc.FaultAt(c.doc.Inside(at.Node, code, m.Location().From), at.Path, "%s %s is not set%s", what, field, hint)
	}
}

// noteParams notes which parameters an expression has. Those that are made of
// what its own scope does not know, as a secret in what is written down, are
// faults.
func (c *Compiler) noteParams(code string, tree ast.Node, at Place) []string {
	if at.Call == nil {
		return nil
	}
	var names []string
	for _, m := range at.Call.used(tree) {
		_, field := memberOf(m)
		for _, name := range at.Call.Block.Names {
			if field != "" && name != field {
				continue
			}
			at.Call.Block.Used[name] = true
			if slices.Contains(names, name) {
				continue
			}
			names = append(names, name)
			for _, of := range at.Call.madeOf(name) {
				if _, known := c.env.typed(at.Scope)[of]; !known {
					c.doc.FaultAt(c.doc.Inside(at.Node, code, m.Location().From), at.Path, "params.%s is made of %s, which is not known here: it is known in %s", name, of, knownIn[of])
				}
			}
		}
	}
	return names
}
