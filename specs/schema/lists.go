package schema

import (
	"reflect"

	"pipe/specs"
	"pipe/specs/definition"
)

// whole leaves a profile for what stands in it as a whole; the func goes back.
func (g *schemas) whole() func() {
	partial := g.partial
	g.partial = false
	return func() { g.partial = partial }
}

// steps is a list of steps, in which blocks and files may stand for theirs.
func (g *schemas) steps() schema { return g.list(g.listed(), reflect.Struct) }

// listed is what stands in a list of steps.
func (g *schemas) listed() schema {
	return g.def("Listed", reflect.TypeFor[[]specs.Step](), func() schema { return g.step(true) })
}

// standIns adds what may stand for steps. It goes in the same object as they do,
// since that is what editors complete.
func (g *schemas) standIns(object schema) {
	properties, _ := object["properties"].(schema)
	one, _ := object["oneOf"].([]schema)
	alone := schema{"with": schema{"required": []string{"use"}}}
	for _, t := range []reflect.Type{reflect.TypeFor[specs.Use](), reflect.TypeFor[specs.Include]()} {
		fields := definition.Fields(t)
		for _, f := range fields {
			properties[f.Key] = g.field(f)
		}
		one = append(one, schema{"required": []string{fields[0].Key}})
		alone[fields[0].Key] = schema{"propertyNames": schema{"enum": specs.FieldNames(fields)}}
	}
	object["oneOf"], object["dependentSchemas"] = one, alone
}
