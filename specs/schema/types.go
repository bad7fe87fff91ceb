package schema

import (
	"reflect"
	"slices"

	"pipe/specs"
	"pipe/specs/definition"
	"pipe/specs/expr"
)

// ownType is a type that is not written as its fields are: what is written for a
// value of it, "" for a mapping, and its schema.
type ownType struct {
	takes  string
	schema func(*schemas) schema
}

func ownTypes() map[reflect.Type]ownType {
	return map[reflect.Type]ownType{
		reflect.TypeFor[specs.VarName]():    {"a name", varNameSchema},
		reflect.TypeFor[specs.Assigns]():    {"names and their values", assignsSchema},
		reflect.TypeFor[specs.ScrollTo]():   {"true, or a target", scrollToSchema},
		reflect.TypeFor[specs.Table]():      {"", tableSchema},
		reflect.TypeFor[specs.Args]():       {"names and their values", (*schemas).texts},
		reflect.TypeFor[specs.Blocks]():     {"names and blocks", blocksSchema},
		reflect.TypeFor[specs.Params]():     {"names and parameters", paramsSchema},
		reflect.TypeFor[specs.Profiles]():   {"names and parts of a spec", profilesSchema},
		reflect.TypeFor[specs.Profile]():    {"", profileSchema},
		reflect.TypeFor[specs.Locator]():    {"", locatorSchema},
		reflect.TypeFor[specs.Target]():     {"a target", targetSchema},
		reflect.TypeFor[expr.Template]():    {"a text, expressions in it", templateSchema},
		reflect.TypeFor[expr.Address]():     {"an address, expressions in it", addressSchema},
		reflect.TypeFor[expr.Location]():    {"a path or an address, expressions in it", addressSchema},
		reflect.TypeFor[expr.Condition]():   {"a condition", conditionSchema},
		reflect.TypeFor[specs.Step]():       {"a step", func(g *schemas) schema { return g.step(false) }},
		reflect.TypeFor[specs.Vars]():       {"names and their values", (*schemas).texts},
		reflect.TypeFor[specs.Headers]():    {"names and their values", (*schemas).texts},
		reflect.TypeFor[specs.Account]():    {"names and their values", (*schemas).texts},
		reflect.TypeFor[specs.Columns]():    {"names and their values", (*schemas).texts},
		reflect.TypeFor[specs.Pattern]():    {"a regular expression", patternSchema},
		reflect.TypeFor[specs.DateFormat](): {"a format such as DD.MM.YYYY", dateFormatSchema},
		reflect.TypeFor[specs.Items]():      {"a list of mappings", itemsSchema},
		reflect.TypeFor[specs.Fields]():     {"names and what they are read from", fieldsSchema},
		reflect.TypeFor[specs.Read]():       {"", readSchema},
		reflect.TypeFor[specs.Classify]():   {"", classifySchema},
		reflect.TypeFor[specs.InARow]():     {"a number, or numbers by class", inARowSchema},
		reflect.TypeFor[specs.Share]():      {"a number, or a part such as 20%", shareSchema},
		reflect.TypeFor[specs.Duration]():   {"a duration such as 30s", durationSchema},
		reflect.TypeFor[specs.ClockTime]():  {"a time of day such as 02:00", clockTimeSchema},
		reflect.TypeFor[specs.Size]():       {"a size such as 10KB", sizeSchema},
		reflect.TypeFor[specs.Rate]():       {"a rate such as 30/min", rateSchema},
		reflect.TypeFor[specs.Length]():     {"a length such as 1cm", lengthSchema},
		reflect.TypeFor[specs.Span]():       {"a number, or {min, max}", spanSchema},
	}
}

func assignsSchema(g *schemas) schema {
	texts := g.texts()
	texts["minProperties"] = 1
	texts["propertyNames"] = schema{"pattern": specs.Identifier.String()}
	return texts
}

func scrollToSchema(g *schemas) schema {
	return schema{"anyOf": []schema{{"const": true}, g.value(reflect.TypeFor[specs.Target]())}}
}

func tableSchema(g *schemas) schema { return g.structure(reflect.TypeFor[specs.Table]()) }

func blocksSchema(g *schemas) schema {
	return schema{
		"type": "object", "additionalProperties": g.value(reflect.TypeFor[specs.Block]()),
		"propertyNames": schema{"pattern": specs.BlockName.String()},
	}
}

func paramsSchema(g *schemas) schema {
	return schema{
		"type": "object", "additionalProperties": g.value(reflect.TypeFor[specs.Param]()),
		"propertyNames": schema{"pattern": specs.ParamName.String()},
	}
}

func profilesSchema(g *schemas) schema {
	return schema{
		"type": "object", "additionalProperties": g.value(reflect.TypeFor[specs.Profile]()),
		"propertyNames": schema{"pattern": specs.ProfileName.String()}, "maxProperties": specs.MaxProfiles,
	}
}

// profileSchema is that of a spec of which everything may be left out.
func profileSchema(g *schemas) schema {
	g.partial = true
	fields := slices.DeleteFunc(definition.Fields(reflect.TypeFor[specs.Spec]()), func(f definition.Field) bool {
		return slices.Contains(specs.NotInProfiles(), f.Key)
	})
	return g.object(fields)
}

func locatorSchema(g *schemas) schema {
	object := g.object(definition.Fields(reflect.TypeFor[specs.Locator]()))
	var ways []schema
	for _, name := range locatorWays() {
		ways = append(ways, schema{"required": []string{name}})
	}
	object["oneOf"] = ways
	object["dependentRequired"] = schema{"name": []string{"role"}}
	return schema{"anyOf": []schema{{"type": []string{"string", "number", "boolean"}, "minLength": 1}, object}}
}

func targetSchema(g *schemas) schema {
	one := g.value(reflect.TypeFor[specs.Locator]())
	list := schema{"type": "array", "items": one, "minItems": 1}
	return schema{"anyOf": []schema{one, list, {
		"type": "object", "properties": schema{"selector": list}, "required": []string{"selector"}, "additionalProperties": false,
	}}}
}

func itemsSchema(_ *schemas) schema {
	return schema{"type": "array", "items": schema{
		"type": "object", "additionalProperties": schema{"type": []string{"string", "number", "boolean", "null"}},
	}}
}

func fieldsSchema(g *schemas) schema {
	return schema{"type": "object", "additionalProperties": g.value(reflect.TypeFor[specs.Read]())}
}

func readSchema(g *schemas) schema {
	fields := definition.Fields(reflect.TypeFor[specs.Read]())
	object := g.object(fields)
	var ways []schema
	for _, f := range fields {
		if f.Tag.Get("way") == "true" {
			ways = append(ways, schema{"required": []string{f.Key}})
		}
	}
	object["oneOf"] = ways
	return g.forms(object, fields)
}

func classifySchema(g *schemas) schema {
	fields := definition.Fields(reflect.TypeFor[specs.Classify]())
	object := g.object(fields)
	var ways []schema
	for _, f := range fields {
		if f.Key != "class" {
			ways = append(ways, schema{"required": []string{f.Key}})
		}
	}
	object["anyOf"] = ways
	return object
}

// locatorWays are the fields of a Locator of which one is given.
func locatorWays() []string {
	return []string{"selector", "role", "label", "text", "placeholder", "test_id"}
}
