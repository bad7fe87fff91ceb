package specs

import (
	"reflect"
	"slices"
)

// step is a step: one verb, and what goes on any step. Where it is listed, a
// block or a file may stand for steps.
func (g *schemas) step(listed bool) schema {
	properties := schema{}
	for _, f := range fieldsOf(reflect.TypeFor[Step]()) {
		properties[f.name] = g.field(f)
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
		fields := fieldsOf(t)
		if !hasRequired(fields) {
			bare = append(bare, v.Name)
		}
		for _, f := range fields {
			if f.Tag.Get("beside") == "true" {
				properties[f.name] = g.field(f)
				needs[f.name] = []string{v.Name}
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
	fields := fieldsOf(t)
	if i := slices.IndexFunc(fields, func(f structField) bool { return f.body }); i >= 0 {
		return g.field(fields[i])
	}
	object := g.object(fields)
	properties, _ := object["properties"].(schema)
	for _, f := range fieldsOf(reflect.TypeFor[Step]()) {
		if _, own := properties[f.name]; !own {
			properties[f.name] = g.field(f)
		}
	}
	return g.forms(object, fields)
}

// locatorWays are the fields of a Locator of which one is given.
func locatorWays() []string {
	return []string{"selector", "role", "label", "text", "placeholder", "test_id"}
}

func (l *Locator) schemaOf(g *schemas) schema {
	object := g.object(fieldsOf(reflect.TypeFor[Locator]()))
	var ways []schema
	for _, name := range locatorWays() {
		ways = append(ways, schema{"required": []string{name}})
	}
	object["oneOf"] = ways
	object["dependentRequired"] = schema{"name": []string{"role"}}
	return schema{"anyOf": []schema{{"type": []string{"string", "number", "boolean"}, "minLength": 1}, object}}
}

func (t *Target) schemaOf(g *schemas) schema {
	one := g.value(reflect.TypeFor[Locator]())
	list := schema{"type": "array", "items": one, "minItems": 1}
	return schema{"anyOf": []schema{one, list, {
		"type": "object", "properties": schema{"selector": list}, "required": []string{"selector"}, "additionalProperties": false,
	}}}
}

func (*Template) schemaOf(*schemas) schema {
	out := scalarText()
	out["description"] = "A text, which may hold expressions in ${{ }}."
	return out
}

func (*Condition) schemaOf(*schemas) schema {
	return schema{"type": []string{"string", "boolean"}, "pattern": `\S`}
}

func (s *Step) schemaOf(g *schemas) schema { return g.step(false) }

func (*Vars) schemaOf(g *schemas) schema    { return g.texts() }
func (*Headers) schemaOf(g *schemas) schema { return g.texts() }
func (*Account) schemaOf(g *schemas) schema { return g.texts() }
func (*Columns) schemaOf(g *schemas) schema { return g.texts() }

func (*Pattern) schemaOf(*schemas) schema {
	return schema{"type": []string{"string", "number", "boolean"}, "format": "regex", "pattern": ".", "examples": []string{"([0-9]+) miles"}}
}

func (*DateFormat) schemaOf(*schemas) schema {
	return schema{"type": "string", "pattern": `^(YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|hh|h|mm|ss|A|T|[^A-Za-z0-9])+$`, "examples": []string{"DD.MM.YYYY", "MMM D, YYYY"}}
}

// texts is a mapping of the user's own names to texts.
func (g *schemas) texts() schema {
	return schema{"type": "object", "additionalProperties": g.value(reflect.TypeFor[Template]())}
}

func (*Items) schemaOf(*schemas) schema {
	return schema{"type": "array", "items": schema{
		"type": "object", "additionalProperties": schema{"type": []string{"string", "number", "boolean", "null"}},
	}}
}

func (*Fields) schemaOf(g *schemas) schema {
	return schema{"type": "object", "additionalProperties": g.value(reflect.TypeFor[Read]())}
}

func (r *Read) schemaOf(g *schemas) schema {
	fields := fieldsOf(reflect.TypeFor[Read]())
	object := g.object(fields)
	var ways []schema
	for _, f := range fields {
		if f.Tag.Get("way") == "true" {
			ways = append(ways, schema{"required": []string{f.name}})
		}
	}
	object["oneOf"] = ways
	return g.forms(object, fields)
}

func (c *Classify) schemaOf(g *schemas) schema {
	fields := fieldsOf(reflect.TypeFor[Classify]())
	object := g.object(fields)
	var ways []schema
	for _, f := range fields {
		if f.name != "class" {
			ways = append(ways, schema{"required": []string{f.name}})
		}
	}
	object["anyOf"] = ways
	return object
}

func (*InARow) schemaOf(*schemas) schema {
	number := schema{"type": "integer", "minimum": 1}
	properties := schema{}
	for _, class := range Classes() {
		properties[class] = number
	}
	return schema{"anyOf": []schema{number, {"type": "object", "properties": properties, "additionalProperties": false}}}
}

func (*Share) schemaOf(*schemas) schema {
	return schema{"type": []string{"integer", "string"}, "minimum": 1, "pattern": `^\s*([1-9][0-9]*|(100|[0-9]{1,2})(\.[0-9]+)?\s*%)\s*$`, "examples": []any{50, "20%"}}
}

func (*Duration) schemaOf(*schemas) schema {
	// Both bounds are for a bare 0, which needs no unit.
	return schema{
		"type": []string{"string", "integer"}, "minimum": 0, "maximum": 0,
		"pattern":  `^\+?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+|[0-9]+(\.[0-9]*)?d)$`,
		"examples": []string{"500ms", "30s", "2m", "30d"},
	}
}

func (*Size) schemaOf(*schemas) schema {
	return schema{
		"type": []string{"string", "number"}, "minimum": 0,
		"pattern":  `^\s*[0-9.]+([eE][+-]?[0-9]+)?\s*([KkMmGg]?[Bb])?\s*$`,
		"examples": []string{"300", "10KB", "5MB"},
	}
}

func (*Rate) schemaOf(*schemas) schema {
	return schema{
		"type": "string", "pattern": `^\s*[0-9.]*[1-9][0-9.]*\s*/\s*(s|sec|min|m|h|hour)\s*$`,
		"examples": []string{"30/min", "2/s", "500/h"},
	}
}

func (*Length) schemaOf(*schemas) schema {
	return schema{
		"type": []string{"string", "integer"}, "minimum": 0, "maximum": 0,
		"pattern":  `^\s*([0-9.]+\s*(cm|mm|in|pt|px)|0)$`,
		"examples": []string{"1cm", "10mm", "0.5in", "36pt"},
	}
}

func (s *Span) schemaOf(g *schemas) schema {
	return schema{"anyOf": []schema{{"type": "integer", "minimum": 1}, g.object(fieldsOf(reflect.TypeFor[Span]()))}}
}
