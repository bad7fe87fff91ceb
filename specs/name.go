package specs

import (
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"gopkg.in/yaml.v3"
)

// checkName finds what can be known to be wrong with a file's name before its
// expressions have values: of a template whose tag path is set. With "each",
// every item must get a name of its own.
func (d *decoder) checkName(n *yaml.Node, v reflect.Value, tag string, at cursor) {
	t, ok := v.Addr().Interface().(*Template)
	if !ok || tag == "" || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return
	}
	fault := func(message string) { d.faultAt(d.pos(n), at.path, "%s", message) }
	// What an expression gives is unknown, but not nothing.
	const some = "\x00"
	var b strings.Builder
	for _, p := range t.parts {
		if p.expression {
			b.WriteString(some)
		} else {
			b.WriteString(p.text)
		}
	}
	name := b.String()
	folders := strings.Split(name, "/")
	switch {
	case strings.TrimSpace(name) == "":
		fault("the file's name is empty")
	case strings.HasPrefix(name, "/") || drive.MatchString(name):
		fault("the file's name is absolute: it is relative to the folder of the files")
	case strings.Contains(name, `\`):
		fault(`a file's name has no \: write / for a folder in the folder of the files`)
	case slices.Contains(folders, "..") || slices.Contains(folders, "."):
		fault("the file's name leaves the folder of the files, or goes round in it: take out the .. and .")
	case slices.Contains(folders, ""):
		fault("a part of the file's name is empty: take out one /, or name the file after the last")
	case tag == "each":
		d.late = append(d.late, func() { d.checkEach(n, t, at) })
	}
}

// checkEach finds a name that is the same for every item, though there may be
// many. It comes last, when keys and items are known.
func (d *decoder) checkEach(n *yaml.Node, t *Template, at cursor) {
	items := d.spec.Source.Items
	one := items != nil && len(*items) <= 1 || !d.varies(d.spec.Key)
	if !one && !d.varies(*t) && d.perItem(at) {
		d.faultAt(d.pos(n), at.path, "every item's file would be named %q: put what sets items apart into it, as %s", t.Raw(), d.suggestName(t))
	}
}

// perItem tells a place where steps run for each item from one where they run
// for a session.
func (d *decoder) perItem(at cursor) bool {
	scope, _ := at.scope.base()
	return scope != ScopeSession && scope != ScopeSpec
}

// suggestName puts the key before a name.
func (d *decoder) suggestName(t *Template) string {
	if strings.HasPrefix(t.Raw(), ".") {
		return d.spec.Key.Raw() + t.Raw()
	}
	return d.spec.Key.Raw() + "-" + t.Raw()
}

// varies tells whether a template may give different texts for different items.
func (d *decoder) varies(t Template) bool {
	return slices.ContainsFunc(t.parts, func(p part) bool {
		if !p.expression {
			return false
		}
		tree, err := parser.Parse(p.text)
		if err != nil {
			return true // told elsewhere
		}
		v := &constant{d: d, frame: p.frame, set: d.env.set}
		ast.Walk(&tree.Node, v)
		return v.varies
	})
}

// constant looks for what may differ from item to item: all but env, secret and
// the vars that no step sets, and the clock.
type constant struct {
	d      *decoder
	frame  *frame
	set    []string
	varies bool
}

// Visit looks at one node.
func (c *constant) Visit(node *ast.Node) {
	switch x := (*node).(type) {
	case *ast.MemberNode:
		of, isName := x.Node.(*ast.IdentifierNode)
		name, isText := x.Property.(*ast.StringNode)
		c.varies = c.varies || isName && isText && of.Value == "vars" && slices.Contains(c.set, name.Value)
	case *ast.IdentifierNode:
		switch x.Value {
		case "env", "secret", "vars":
		case "params":
			c.varies = c.varies || c.frame.vary(c.d)
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
