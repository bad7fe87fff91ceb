package specs

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"gopkg.in/yaml.v3"
)

// frame is one use of a block: the values of its parameters, as the user of the
// block has written them.
type frame struct {
	block *block
	// scope is that of the use.
	scope  Scope
	values map[string]*Template
	known  map[Scope]types.Map
	// names has the names that each parameter's value is made of, by whatever way.
	names map[string][]string
	// varies is set once it is known whether the values may differ from item to
	// item.
	varies *bool
}

// bind holds the values that a use gives against a block's parameters.
func (d *decoder) bind(b *block, use, with *yaml.Node, at cursor) *frame {
	f := &frame{block: b, scope: at.scope, values: map[string]*Template{}}
	if with != nil && with.Kind != yaml.MappingNode {
		d.fault(with, "want a mapping of parameters to values, not %s", describe(with))
		return f
	}
	given := map[string]bool{}
	if with != nil {
		for key, value := range d.pairs(with) {
			d.path = at.path
			if given[key.Value] = slices.Contains(b.paramNames(), key.Value); !given[key.Value] {
				d.fault(key, "the block %q has no parameter %q%s", b.name, short(key.Value, 60), DidYouMean(key.Value, b.paramNames()))
				continue
			}
			f.values[key.Value] = &Template{}
			d.decode(value, reflectOf(f.values[key.Value]), at.field("with").field(key.Value))
		}
	}
	d.path = at.path
	for _, p := range b.params {
		switch {
		case given[p.name]:
		case p.value == nil:
			d.fault(use, "the block %q must be given its parameter %q: with: {%s: …}", b.name, p.name, p.name)
		default:
			f.values[p.name] = &Template{}
			d.decode(p.value, reflectOf(f.values[p.name]), cursor{path: b.path + ".params." + p.name, scope: at.scope})
		}
	}
	return f
}

// env gives what an expression of the block knows, in a scope.
func (f *frame) env(d *decoder, scope Scope) types.Map {
	if f.known[scope] == nil {
		params := types.Map{}
		for _, p := range f.block.params {
			params[p.name] = f.values[p.name].typed()
		}
		all := maps.Clone(d.env.typed(scope))
		all["params"] = params
		if f.known == nil {
			f.known = map[Scope]types.Map{}
		}
		f.known[scope] = all
	}
	return f.known[scope]
}

// typed gives the type of a template's value, once it is compiled.
func (t *Template) typed() types.Type {
	switch {
	case t == nil:
		return types.Any
	case len(t.parts) != 1 || !t.parts[0].expression:
		return types.String
	case t.parts[0].program == nil:
		return types.Any // told elsewhere
	}
	of := t.parts[0].program.Node().Type()
	for _, plain := range []any{"", 0, 0.0, false, time.Time{}, []any{}} {
		if of == reflect.TypeOf(plain) {
			return types.TypeOf(plain)
		}
	}
	return types.Any
}

// used gives the parameters that an expression has, and their places.
func (f *frame) used(tree ast.Node) []*ast.MemberNode {
	look := &lookups{fallback: map[ast.Node]bool{}}
	ast.Walk(&tree, look)
	return slices.DeleteFunc(look.members, func(m *ast.MemberNode) bool {
		of, ok := m.Node.(*ast.IdentifierNode)
		return !ok || of.Value != "params"
	})
}

// noteParams notes which parameters an expression has. Those that are made of
// what its own scope does not know, as a secret in what is written down, are
// faults.
func (d *decoder) noteParams(n *yaml.Node, code string, tree *parser.Tree, at cursor) []string {
	if at.frame == nil {
		return nil
	}
	var names []string
	for _, m := range at.frame.used(tree.Node) {
		name, fixed := m.Property.(*ast.StringNode)
		for _, p := range at.frame.block.params {
			if fixed && name.Value != p.name {
				continue
			}
			p.used = true
			if slices.Contains(names, p.name) {
				continue
			}
			names = append(names, p.name)
			for _, of := range at.frame.madeOf(p.name) {
				if _, known := d.env.typed(at.scope)[of]; !known {
					d.faultAt(d.inside(n, code, m.Location().From), at.path, "params.%s is made of %s, which is not known here: it is known in %s", p.name, of, knownIn[of])
				}
			}
		}
	}
	return names
}

// madeOf gives the names that a parameter's value is made of.
func (f *frame) madeOf(param string) []string {
	if names, known := f.names[param]; known || f.values[param] == nil {
		return names
	}
	all := &identifiers{}
	for _, p := range f.values[param].parts {
		if p.program == nil {
			continue
		}
		node := p.program.Node()
		ast.Walk(&node, all)
		for _, name := range p.params {
			all.all = append(all.all, p.frame.madeOf(name)...)
		}
	}
	slices.Sort(all.all)
	if f.names == nil {
		f.names = map[string][]string{}
	}
	f.names[param] = slices.DeleteFunc(slices.Compact(all.all), func(name string) bool { return name == "params" || knownIn[name] == "" })
	return f.names[param]
}

// vary tells whether the values of parameters may differ from item to item.
func (f *frame) vary(d *decoder) bool {
	if f == nil {
		return true // told elsewhere: there are none
	}
	if f.varies == nil {
		f.varies = new(bool)
		for _, p := range f.block.params {
			if t := f.values[p.name]; t == nil || d.varies(*t) {
				*f.varies = true
			}
		}
	}
	return *f.varies
}

// identifiers gathers the names of an expression.
type identifiers struct{ all []string }

// Visit looks at one node.
func (i *identifiers) Visit(node *ast.Node) {
	if x, ok := (*node).(*ast.IdentifierNode); ok {
		i.all = append(i.all, x.Value)
	}
}

// memo is where the values of parameters are kept during one evaluation: each
// is evaluated once, however many others are made of it.
const memo = "params of all frames"

type memoKey struct {
	f    *frame
	name string
}

// with gives values with those of the parameters that an expression has.
func (f *frame) with(names []string, values Values) (Values, error) {
	kept, ok := values[memo].(map[memoKey]any)
	if !ok {
		kept = map[memoKey]any{}
		values = values.With(memo, kept)
	}
	params := map[string]any{}
	for _, name := range names {
		key := memoKey{f, name}
		v, done := kept[key]
		if !done {
			var err error
			if v, err = f.values[name].Value(values); err != nil {
				return nil, err
			}
			kept[key] = v
		}
		params[name] = v
	}
	return values.With("params", params), nil
}
