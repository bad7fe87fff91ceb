package specs

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Vars are the spec's own values, by name.
type Vars struct {
	names []string
	byKey map[string]*expr.Template
	nodes map[string]*yaml.Node
	// order has the names so that each comes after those that it is made of.
	order []string
}

func (v *Vars) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	v.byKey, v.nodes = map[string]*expr.Template{}, map[string]*yaml.Node{}
	if n.Kind != yaml.MappingNode {
		d.Fault(n, "want a mapping of names to values, not %s", document.Describe(n))
		return
	}
	for key, value := range d.Pairs(n) {
		t := &expr.Template{}
		d.decode(value, reflectOf(t), at.field(key.Value))
		v.names, v.byKey[key.Value], v.nodes[key.Value] = append(v.names, key.Value), t, value
	}
	d.env.Vars = v.names
}

// addVars gives the spec the vars of the files that it includes, but for those
// that it has itself, and puts all in the order of what they are made of.
func (d *decoder) addVars(s *Spec) {
	v := &s.Vars
	if v.byKey == nil {
		v.byKey, v.nodes = map[string]*expr.Template{}, map[string]*yaml.Node{}
	}
	own := len(v.names)
	for i := 0; i+1 < len(d.parts.vars); i += 2 {
		name, value := d.parts.vars[i].Value, d.parts.vars[i+1]
		if slices.Contains(v.names[:own], name) {
			continue
		}
		if v.byKey[name] != nil {
			d.FaultAt(d.Pos(d.parts.vars[i]), "vars", "a file that is included too has a var %q (at %s): rename one of them, or give the spec its own", name, d.Pos(v.nodes[name]))
			continue
		}
		t := &expr.Template{}
		d.decode(value, reflectOf(t), cursor{path: "vars." + name, scope: expr.ScopeSpec})
		v.names, v.byKey[name], v.nodes[name] = append(v.names, name), t, value
	}
	d.env.Vars = v.names
	d.late = append(d.late, func() { d.orderVars(v) })
}

// orderVars puts vars in the order of what they are made of. One that is made of
// itself, by whatever way, is a fault.
func (d *decoder) orderVars(v *Vars) {
	state := map[string]int{} // 1 while a var is looked at, 2 once it is in order
	var way []string
	var visit func(name string)
	visit = func(name string) {
		state[name] = 1
		way = append(way, name)
		for _, of := range v.madeOf(name) {
			switch {
			case of == "":
				d.FaultAt(d.Pos(v.nodes[name]), "vars."+name, "a var must name those that it is made of, as vars.NAME")
			case v.byKey[of] == nil, state[of] == 2: // told elsewhere, or there already
			case state[of] == 1:
				round := append(slices.Clone(way[slices.Index(way, of):]), of)
				d.FaultAt(d.Pos(v.nodes[of]), "vars."+of, "the var is made of itself: %s", strings.Join(round, " → "))
			default:
				visit(of)
			}
		}
		way = way[:len(way)-1]
		state[name] = 2
		v.order = append(v.order, name)
	}
	for _, name := range v.names {
		if state[name] == 0 {
			visit(name)
		}
	}
}

// madeOf gives the vars that a var is made of; "" is for one that cannot be
// known.
func (v *Vars) madeOf(name string) []string {
	names, others, _ := v.byKey[name].FieldsOf("vars")
	if others {
		names = append(names, "")
	}
	return names
}
