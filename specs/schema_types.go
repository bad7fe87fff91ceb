package specs

import (
	"reflect"
	"slices"
)

// ownSchemas are those of the types that are not written as their fields are.
func ownSchemas() map[reflect.Type]func(*schemas) schema {
	return map[reflect.Type]func(*schemas) schema{
		reflect.TypeFor[VarName]():    varNameSchema,
		reflect.TypeFor[Assigns]():    assignsSchema,
		reflect.TypeFor[ScrollTo]():   scrollToSchema,
		reflect.TypeFor[Table]():      tableSchema,
		reflect.TypeFor[Args]():       (*schemas).texts,
		reflect.TypeFor[Blocks]():     blocksSchema,
		reflect.TypeFor[Params]():     paramsSchema,
		reflect.TypeFor[Profiles]():   profilesSchema,
		reflect.TypeFor[Profile]():    profileSchema,
		reflect.TypeFor[Locator]():    locatorSchema,
		reflect.TypeFor[Target]():     targetSchema,
		reflect.TypeFor[Template]():   templateSchema,
		reflect.TypeFor[Condition]():  conditionSchema,
		reflect.TypeFor[Step]():       func(g *schemas) schema { return g.step(false) },
		reflect.TypeFor[Vars]():       (*schemas).texts,
		reflect.TypeFor[Headers]():    (*schemas).texts,
		reflect.TypeFor[Account]():    (*schemas).texts,
		reflect.TypeFor[Columns]():    (*schemas).texts,
		reflect.TypeFor[Pattern]():    patternSchema,
		reflect.TypeFor[DateFormat](): dateFormatSchema,
		reflect.TypeFor[Items]():      itemsSchema,
		reflect.TypeFor[Fields]():     fieldsSchema,
		reflect.TypeFor[Read]():       readSchema,
		reflect.TypeFor[Classify]():   classifySchema,
		reflect.TypeFor[InARow]():     inARowSchema,
		reflect.TypeFor[Share]():      shareSchema,
		reflect.TypeFor[Duration]():   durationSchema,
		reflect.TypeFor[Size]():       sizeSchema,
		reflect.TypeFor[Rate]():       rateSchema,
		reflect.TypeFor[Length]():     lengthSchema,
		reflect.TypeFor[Span]():       spanSchema,
	}
}

func assignsSchema(g *schemas) schema {
	texts := g.texts()
	texts["minProperties"] = 1
	texts["propertyNames"] = schema{"pattern": identifier.String()}
	return texts
}

func scrollToSchema(g *schemas) schema {
	return schema{"anyOf": []schema{{"const": true}, g.value(reflect.TypeFor[Target]())}}
}

func tableSchema(g *schemas) schema { return g.structure(reflect.TypeFor[Table]()) }

func blocksSchema(g *schemas) schema {
	return schema{
		"type": "object", "additionalProperties": g.value(reflect.TypeFor[Block]()),
		"propertyNames": schema{"pattern": blockName.String()},
	}
}

func paramsSchema(g *schemas) schema {
	return schema{
		"type": "object", "additionalProperties": g.value(reflect.TypeFor[Param]()),
		"propertyNames": schema{"pattern": paramName.String()},
	}
}

func profilesSchema(g *schemas) schema {
	return schema{
		"type": "object", "additionalProperties": g.value(reflect.TypeFor[Profile]()),
		"propertyNames": schema{"pattern": profileName.String()}, "maxProperties": profilesMost,
	}
}

// A profile is a spec of which everything may be left out.
func profileSchema(g *schemas) schema {
	g.partial = true
	fields := slices.DeleteFunc(fieldsOf(reflect.TypeFor[Spec]()), func(f structField) bool {
		return slices.Contains(notInProfiles(), f.name)
	})
	return g.object(fields)
}

func locatorSchema(g *schemas) schema {
	object := g.object(fieldsOf(reflect.TypeFor[Locator]()))
	var ways []schema
	for _, name := range locatorWays() {
		ways = append(ways, schema{"required": []string{name}})
	}
	object["oneOf"] = ways
	object["dependentRequired"] = schema{"name": []string{"role"}}
	return schema{"anyOf": []schema{{"type": []string{"string", "number", "boolean"}, "minLength": 1}, object}}
}

func targetSchema(g *schemas) schema {
	one := g.value(reflect.TypeFor[Locator]())
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
	return schema{"type": "object", "additionalProperties": g.value(reflect.TypeFor[Read]())}
}

func readSchema(g *schemas) schema {
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

func classifySchema(g *schemas) schema {
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

// locatorWays are the fields of a Locator of which one is given.
func locatorWays() []string {
	return []string{"selector", "role", "label", "text", "placeholder", "test_id"}
}
