package expr

import (
	"maps"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/types"
)

// Signature has the names of a block's parameters, and which of them its
// expressions have used.
type Signature struct {
	Names []string
	Used  map[string]bool
}

// BlockCall is one use of a block: the values of its parameters, as the user of the
// block has written them.
type BlockCall struct {
	Block *Signature
	// Scope is that of the use.
	Scope  Scope
	Values map[string]*Template
	known  map[Scope]types.Map
	// names has the names that each parameter's value is made of, by whatever way.
	names map[string][]string
	// varies is set once it is known whether the values may differ from item to
	// item.
	varies *bool
}

// env gives what an expression of the block knows, in a scope.
func (c *BlockCall) env(e *Environment, scope Scope) types.Map {
	if c.known[scope] == nil {
		params := types.Map{}
		for _, name := range c.Block.Names {
			params[name] = c.Values[name].typed()
		}
		all := maps.Clone(e.typed(scope))
		all["params"] = params
		if c.known == nil {
			c.known = map[Scope]types.Map{}
		}
		c.known[scope] = all
	}
	return c.known[scope]
}

// used gives the parameters that an expression has, and their places.
func (c *BlockCall) used(tree ast.Node) []*ast.MemberNode {
	return slices.DeleteFunc(membersOf(tree).all, func(m *ast.MemberNode) bool {
		owner, _ := memberOf(m)
		return owner != "params"
	})
}

// madeOf gives the names that a parameter's value is made of.
func (c *BlockCall) madeOf(param string) []string {
	if names, known := c.names[param]; known || c.Values[param] == nil {
		return names
	}
	var all []string
	for _, p := range c.Values[param].parts {
		if p.program == nil {
			continue
		}
		all = append(all, identifiersOf(p.program.Node())...)
		for _, name := range p.params {
			all = append(all, p.call.madeOf(name)...)
		}
	}
	slices.Sort(all)
	if c.names == nil {
		c.names = map[string][]string{}
	}
	c.names[param] = slices.DeleteFunc(slices.Compact(all), func(name string) bool { return name == "params" || knownIn[name] == "" })
	return c.names[param]
}

// vary tells whether the values of parameters may differ from item to item.
func (c *BlockCall) vary(e *Environment) bool {
	if c == nil {
		return true // told elsewhere: there are none
	}
	if c.varies == nil {
		c.varies = new(bool)
		for _, name := range c.Block.Names {
			if t := c.Values[name]; t == nil || e.Varies(*t) {
				*c.varies = true
			}
		}
	}
	return *c.varies
}

// memo is where the values of parameters are kept during one evaluation: each
// is evaluated once, however many others are made of it.
const memo = "params of all frames"

type memoKey struct {
	call *BlockCall
	name string
}

// with gives values with those of the parameters that an expression has.
func (c *BlockCall) with(names []string, values Values) (Values, error) {
	kept, ok := values[memo].(map[memoKey]any)
	if !ok {
		kept = map[memoKey]any{}
		values = values.With(memo, kept)
	}
	params := map[string]any{}
	for _, name := range names {
		key := memoKey{c, name}
		v, done := kept[key]
		if !done {
			var err error
			if v, err = c.Values[name].Value(values); err != nil {
				return nil, err
			}
			kept[key] = v
		}
		params[name] = v
	}
	return values.With("params", params), nil
}
