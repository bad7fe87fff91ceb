package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"pipe/specs"
	"pipe/specs/definition"
)

// File is the name of the schema that editors use, beside the specs, and
// PartFile that for the files that specs include.
const (
	File     = "pipe.schema.json"
	PartFile = "pipe-part.schema.json"
)

// schema is a JSON Schema.
type schema map[string]any

// schemas gathers the definitions of one JSON Schema.
type schemas struct {
	verbs []specs.Verb
	own   map[reflect.Type]ownType
	defs  map[string]schema
	// of is the type that each definition stands for.
	of map[string]reflect.Type
	// defsIn is the schema file that has the definitions; "" is this one.
	defsIn string
	// partial is true within a profile, where nothing is required.
	partial bool
}

func newSchemas(verbs []specs.Verb) *schemas {
	return &schemas{verbs: verbs, own: ownTypes(), defs: map[string]schema{}, of: map[string]reflect.Type{}}
}

// Spec gives the JSON Schema (draft 2020-12) of specs with these verbs, as
// the tags of the structs have it that the loader reads into.
func Spec(verbs []specs.Verb) []byte {
	g := newSchemas(verbs)
	root := g.object(definition.Fields(reflect.TypeFor[specs.Spec]()))
	g.def("Step", reflect.TypeFor[specs.Step](), func() schema { return g.step(false) })
	root["$defs"] = g.defs
	return root.text("A spec of pipe", "What to fetch from one site, and how.")
}

// Part is the JSON Schema of the files that specs include. Its definitions
// are those of Schema, which stands beside it.
func Part(verbs []specs.Verb) []byte {
	g := newSchemas(verbs)
	g.defsIn = File
	return schema{"anyOf": []schema{
		g.object(definition.Fields(reflect.TypeFor[specs.Shared]())),
		{"type": "array", "items": g.listed()},
	}}.text("A part of specs of pipe", "What specs include: a list of steps, or blocks and vars.")
}

// text writes the schema of a file down.
func (s schema) text(title, about string) []byte {
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"], s["description"] = title, about
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		panic(err) // it is made of texts, numbers and maps
	}
	return out.Bytes()
}

// def gives a reference to a definition, which it makes where it is new.
func (g *schemas) def(name string, t reflect.Type, build func() schema) schema {
	if before, ok := g.of[name]; ok && before != t {
		panic(fmt.Sprintf("%v and %v have the same name", before, t))
	} else if !ok && g.defsIn == "" {
		g.of[name] = t
		g.defs[name] = build()
	}
	return schema{"$ref": g.defsIn + "#/$defs/" + name}
}

// value gives the schema of what is read into a type.
func (g *schemas) value(t reflect.Type) schema {
	if own := g.own[t].schema; own != nil {
		defer g.whole()()
		return g.def(t.Name(), t, func() schema { return own(g) })
	}
	switch t.Kind() {
	case reflect.Pointer:
		return g.value(t.Elem())
	case reflect.Struct:
		name := t.Name()
		if g.partial {
			name = "Partial" + name
		}
		return g.def(name, t, func() schema { return g.structure(t) })
	case reflect.Slice:
		defer g.whole()()
		if t.Elem() == reflect.TypeFor[specs.Step]() {
			return g.steps()
		}
		return g.list(g.value(t.Elem()), t.Elem().Kind())
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Int:
		return schema{"type": "integer"}
	case reflect.Float64:
		return schema{"type": "number"}
	case reflect.String:
		return scalarText()
	default:
		panic("no schema for " + t.String())
	}
}

// list is a list, or one of its elements by itself. A mapping stands by itself
// only where the elements are structs.
func (g *schemas) list(element schema, kind reflect.Kind) schema {
	list := schema{"type": "array", "items": element}
	if kind == reflect.Map {
		return list
	}
	return schema{"anyOf": []schema{element, list}}
}

// structure is a struct: a mapping, or its short form, or nothing at all.
func (g *schemas) structure(t reflect.Type) schema {
	fields := definition.Fields(t)
	return g.forms(g.object(fields), fields)
}

func (g *schemas) forms(object schema, fields []definition.Field) schema {
	forms := []schema{object}
	for _, f := range fields {
		if definition.IsShort(f, fields) {
			short := g.field(f)
			delete(short, "default")
			forms = append([]schema{short}, forms...)
		}
	}
	if !definition.HasRequired(fields) || g.partial {
		forms = append(forms, schema{"type": "null"})
	}
	if len(forms) == 1 {
		return object
	}
	return schema{"anyOf": forms}
}

// object is a struct's mapping.
func (g *schemas) object(fields []definition.Field) schema {
	properties, required := schema{}, []string{}
	out := schema{"type": "object", "properties": properties, "additionalProperties": false}
	for _, f := range fields {
		switch {
		case f.Inline:
		case g.partial:
			properties[f.Key] = schema{"anyOf": []schema{g.field(f), {"type": "null"}}, "description": f.Tag.Get("doc")}
		default:
			properties[f.Key] = g.field(f)
		}
		if f.Tag.Get("required") == "true" && !f.Inline && !g.partial {
			required = append(required, f.Key)
		}
	}
	for _, f := range fields {
		if f.Inline {
			g.inline(out, properties, f.Tag.Get("required") == "true")
		}
	}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// inline adds a target's own fields to those of the mapping that it stands in.
func (g *schemas) inline(out, properties schema, required bool) {
	var ways []schema
	own := definition.Fields(reflect.TypeFor[specs.Locator]())
	for _, f := range own {
		if _, taken := properties[f.Key]; taken {
			continue
		}
		property := g.field(f)
		if f.Key == "selector" {
			property = schema{"anyOf": []schema{property, g.value(reflect.TypeFor[specs.Target]())}, "description": f.Tag.Get("doc")}
		}
		properties[f.Key] = property
		if slices.Contains(locatorWays(), f.Key) {
			ways = append(ways, schema{"required": []string{f.Key}})
		}
	}
	out["dependentRequired"] = schema{"name": []string{"role"}}
	if required {
		out["oneOf"] = ways
	}
}

// field is a field's value, with what its tags say of it.
func (g *schemas) field(f definition.Field) schema {
	out := g.value(f.Type)
	if enum := f.Tag.Get("enum"); enum != "" {
		out = schema{"enum": strings.Split(enum, ",")}
		if f.Type.Kind() == reflect.Slice {
			out = g.list(out, reflect.String)
		}
	}
	if f.Type.Kind() == reflect.Int {
		out["minimum"] = definition.Least(f)
	}
	if f.Tag.Get("known") == "roles" {
		out = schema{"enum": specs.Roles}
	}
	if doc := f.Tag.Get("doc"); doc != "" {
		out["description"] = doc
	}
	if value, ok := f.Tag.Lookup("default"); ok {
		out["default"] = plainValue(value, f.Type.Kind())
	}
	if value, ok := f.Tag.Lookup("example"); ok {
		out["examples"] = []any{plainValue(value, f.Type.Kind())}
	}
	return out
}

// plainValue is a tag's text as the value that it is in JSON.
func plainValue(text string, kind reflect.Kind) any {
	switch kind {
	case reflect.Bool:
		return text == "true"
	case reflect.Int, reflect.Float64:
		// Size, Rate and the like are written with a unit.
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			return v
		}
	}
	return text
}
