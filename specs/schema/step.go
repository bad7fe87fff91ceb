package schema

import (
	"reflect"
	"slices"

	"pipe/specs"
	"pipe/specs/definition"
	"pipe/specs/expr"
)

// step is a step: one verb, and what goes on any step. Where it is listed, a
// block or a file may stand for steps.
func (g *schemas) step(listed bool) schema {
	properties := schema{}
	for _, f := range definition.Fields(reflect.TypeFor[specs.Step]()) {
		properties[f.Key] = g.field(f)
	}
	var one []schema
	var bare []string
	needs := schema{}
	for _, v := range g.verbs {
		t := reflect.TypeOf(v.New()).Elem()
		verb := g.def(t.Name(), t, func() schema { return g.verb(t) })
		verb["description"] = v.Doc
		properties[v.Name] = verb
		one = append(one, schema{"required": []string{v.Name}})
		fields := definition.Fields(t)
		if !definition.HasRequired(fields) {
			bare = append(bare, v.Name)
		}
		for _, f := range fields {
			if f.Tag.Get("beside") == "true" {
				properties[f.Key] = g.field(f)
				needs[f.Key] = []string{v.Name}
			}
			if needed := f.Tag.Get("needs"); needed != "" {
				needs[v.Name] = []string{needed}
			}
		}
	}
	object := schema{"type": "object", "properties": properties, "additionalProperties": false, "oneOf": one, "dependentRequired": needs}
	if listed {
		g.standIns(object)
	}
	return schema{"anyOf": []schema{object, {"enum": bare}}}
}

// verb is what stands behind a verb. What goes on any step may stand among its
// own fields.
func (g *schemas) verb(t reflect.Type) schema {
	fields := definition.Fields(t)
	if i := slices.IndexFunc(fields, func(f definition.Field) bool { return f.Body }); i >= 0 {
		return g.field(fields[i])
	}
	object := g.object(fields)
	properties, _ := object["properties"].(schema)
	for _, f := range definition.Fields(reflect.TypeFor[specs.Step]()) {
		if _, own := properties[f.Key]; !own {
			properties[f.Key] = g.field(f)
		}
	}
	return g.forms(object, fields)
}

// texts is a mapping of the user's own names to texts.
func (g *schemas) texts() schema {
	return schema{"type": "object", "additionalProperties": g.value(reflect.TypeFor[expr.Template]())}
}
