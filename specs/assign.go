package specs

import (
	"regexp"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Identifier is what may stand behind vars. in an expression.
var Identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// VarName is a name that steps give a value, which is vars.NAME from there on.
type VarName string

func (v *VarName) decodeNode(d *decoder, n *yaml.Node, _ cursor) {
	if n.Kind != yaml.ScalarNode || !Identifier.MatchString(n.Value) {
		d.Fault(n, "want a name of letters, digits and _, not %s: it is vars.NAME in expressions", document.Describe(n))
		return
	}
	*v = VarName(n.Value)
	d.env.DeclareVar(n.Value)
}

// Assign is a value and the name that it gets.
type Assign struct {
	Name  VarName
	Value expr.Template
}

// Assigns are values with names, in the order of the spec: each knows those
// before it.
type Assigns []Assign

func (as *Assigns) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		d.Fault(n, "want names and their values such as {total: \"${{ 1 + 1 }}\"}, not %s", document.Describe(n))
		return
	}
	*as = make(Assigns, 0, len(n.Content)/2)
	for key, value := range d.Pairs(n) {
		*as = append(*as, Assign{})
		one := &(*as)[len(*as)-1]
		d.decode(key, reflectOf(&one.Name), at)
		d.decode(value, reflectOf(&one.Value), at.field(key.Value))
	}
}
