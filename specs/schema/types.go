package schema

import (
	"reflect"
	"slices"

	"pipe/specs"
	"pipe/specs/definition"
	"pipe/specs/expr"
)

// ownSchemas are those of the types that are not written as their fields are.
func ownSchemas() map[reflect.Type]func(*schemas) schema {
	return map[reflect.Type]func(*schemas) schema{
		reflect.TypeFor[specs.VarName]():    varNameSchema,
		reflect.TypeFor[specs.Assigns]():    assignsSchema,
		reflect.TypeFor[specs.ScrollTo]():   scrollToSchema,
		reflect.TypeFor[specs.Table]():      tableSchema,
		reflect.TypeFor[specs.Args]():       (*schemas).texts,
		reflect.TypeFor[specs.Blocks]():     blocksSchema,
		reflect.TypeFor[specs.Params]():     paramsSchema,
		reflect.TypeFor[specs.Profiles]():   profilesSchema,
		reflect.TypeFor[specs.Profile]():    profileSchema,
		reflect.TypeFor[specs.Locator]():    locatorSchema,
		reflect.TypeFor[specs.Target]():     targetSchema,
		reflect.TypeFor[expr.Template]():    templateSchema,
		reflect.TypeFor[expr.Address]():     addressSchema,
		reflect.TypeFor[expr.Location]():    addressSchema,
		reflect.TypeFor[expr.Condition]():   conditionSchema,
		reflect.TypeFor[specs.Step]():       func(g *schemas) schema { return g.step(false) },
		reflect.TypeFor[specs.Vars]():       (*schemas).texts,
		reflect.TypeFor[specs.Headers]():    (*schemas).texts,
		reflect.TypeFor[specs.Account]():    (*schemas).texts,
		reflect.TypeFor[specs.Columns]():    (*schemas).texts,
		reflect.TypeFor[specs.Pattern]():    patternSchema,
		reflect.TypeFor[specs.DateFormat](): dateFormatSchema,
		reflect.TypeFor[specs.Items]():      itemsSchema,
		reflect.TypeFor[specs.Fields]():     fieldsSchema,
		reflect.TypeFor[specs.Read]():       readSchema,
		reflect.TypeFor[specs.Classify]():   classifySchema,
		reflect.TypeFor[specs.InARow]():     inARowSchema,
		reflect.TypeFor[specs.Share]():      shareSchema,
		reflect.TypeFor[specs.Duration]():   durationSchema,
		reflect.TypeFor[specs.Size]():       sizeSchema,
		reflect.TypeFor[specs.Rate]():       rateSchema,
		reflect.TypeFor[specs.Length]():     lengthSchema,
		reflect.TypeFor[specs.Span]():       spanSchema,
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
