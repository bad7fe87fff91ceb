package specs

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// checkCalls finds what is known to be wrong with the calls of functions before
// they have values: patterns, layouts and zones.
func (c *compiler) checkCalls(code string, tree ast.Node, at place) {
	look := &calls{}
	ast.Walk(&tree, look)
	for _, call := range look.all {
		f, own := functionNamed(call.name)
		if !own {
			continue
		}
		if len(call.args) > f.most {
			c.doc.faultAt(c.doc.inside(at.node, code, call.at), at.path, "too many values to call %s with: %s", f.Name, f.Use)
		}
		for i, arg := range call.args {
			text, is := arg.(*ast.StringNode)
			if check := f.literal[i]; check != nil && is {
				if err := check(text.Value); err != nil {
					c.doc.faultAt(c.doc.inside(at.node, code, text.Location().From), at.path, "%s: %v", f.Name, err)
				}
			}
		}
	}
}

// checkLookups finds secrets and environment variables that are not set, and
// notes which columns and variables there are to be.
func (c *compiler) checkLookups(code string, tree ast.Node, at place) {
	look := membersOf(tree)
	for _, m := range look.all {
		if owner, field := memberOf(m); field != "" {
			c.checkLookup(m, owner, field, look.fallback[m], code, at)
		}
	}
}

func (c *compiler) checkLookup(m ast.Node, owner, field string, fallback bool, code string, at place) {
	find, what := c.env.env, "environment variable"
	hint := fmt.Sprintf("; set it, or give a fallback: env.%s ?? \"…\"", field)
	switch owner {
	case "item":
		if !fallback && !slices.Contains(c.env.wanted, field) {
			c.env.wanted = append(c.env.wanted, field)
		}
		return
	case "env":
		c.env.used = append(c.env.used, field)
	case "secret":
		find, what = c.env.secret, "secret"
		hint = "; set it in the environment or in the file given by --secrets"
	default:
		return
	}
	if _, set := find(field); !set && !fallback {
		c.doc.faultAt(c.doc.inside(at.node, code, m.Location().From), at.path, "%s %s is not set%s", what, field, hint)
	}
}

// noteParams notes which parameters an expression has. Those that are made of
// what its own scope does not know, as a secret in what is written down, are
// faults.
func (c *compiler) noteParams(code string, tree ast.Node, at place) []string {
	if at.call == nil {
		return nil
	}
	var names []string
	for _, m := range at.call.used(tree) {
		_, field := memberOf(m)
		for _, name := range at.call.block.names {
			if field != "" && name != field {
				continue
			}
			at.call.block.used[name] = true
			if slices.Contains(names, name) {
				continue
			}
			names = append(names, name)
			for _, of := range at.call.madeOf(name) {
				if _, known := c.env.typed(at.scope)[of]; !known {
					c.doc.faultAt(c.doc.inside(at.node, code, m.Location().From), at.path, "params.%s is made of %s, which is not known here: it is known in %s", name, of, knownIn[of])
				}
			}
		}
	}
	return names
}
