package schema

import (
	"reflect"

	"pipe/specs"
	"pipe/specs/definition"
)

// scalarText is a text: YAML takes a bare number or a bare true for one.
func scalarText() schema { return schema{"type": []string{"string", "number", "boolean"}} }

func varNameSchema(_ *schemas) schema {
	return schema{"type": "string", "pattern": specs.Identifier.String()}
}

func templateSchema(_ *schemas) schema {
	out := scalarText()
	out["description"] = "A text, which may hold expressions in ${{ }}."
	return out
}

func addressSchema(_ *schemas) schema {
	out := scalarText()
	out["description"] = "An address, which may hold expressions in ${{ }}: their values are escaped for their place, but for one at the beginning and for raw(…)."
	return out
}

func conditionSchema(_ *schemas) schema {
	return schema{"type": []string{"string", "boolean"}, "pattern": `\S`}
}

func patternSchema(_ *schemas) schema {
	return schema{"type": []string{"string", "number", "boolean"}, "format": "regex", "pattern": ".", "examples": []string{"([0-9]+) miles"}}
}

func dateFormatSchema(_ *schemas) schema {
	return schema{"type": "string", "pattern": `^(YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|hh|h|mm|ss|A|T|[^A-Za-z0-9])+$`, "examples": []string{"DD.MM.YYYY", "MMM D, YYYY"}}
}

func inARowSchema(_ *schemas) schema {
	number := schema{"type": "integer", "minimum": 1}
	properties := schema{}
	for _, class := range specs.EndClasses() {
		properties[class] = number
	}
	return schema{"anyOf": []schema{number, {"type": "object", "properties": properties, "additionalProperties": false}}}
}

func shareSchema(_ *schemas) schema {
	return schema{"type": []string{"integer", "string"}, "minimum": 1, "pattern": `^\s*([1-9][0-9]*|(100|[0-9]{1,2})(\.[0-9]+)?\s*%)\s*$`, "examples": []any{50, "20%"}}
}

func durationSchema(_ *schemas) schema {
	// Both bounds are for a bare 0, which needs no unit.
	return schema{
		"type": []string{"string", "integer"}, "minimum": 0, "maximum": 0,
		"pattern":  `^\+?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+|[0-9]+(\.[0-9]*)?d)$`,
		"examples": []string{"500ms", "30s", "2m", "30d"},
	}
}

func sizeSchema(_ *schemas) schema {
	return schema{
		"type": []string{"string", "number"}, "minimum": 0,
		"pattern":  `^\s*[0-9.]+([eE][+-]?[0-9]+)?\s*([KkMmGg]?[Bb])?\s*$`,
		"examples": []string{"300", "10KB", "5MB"},
	}
}

func rateSchema(_ *schemas) schema {
	return schema{
		"type": "string", "pattern": `^\s*[0-9.]*[1-9][0-9.]*\s*/\s*(s|sec|min|m|h|hour)\s*$`,
		"examples": []string{"30/min", "2/s", "500/h"},
	}
}

func lengthSchema(_ *schemas) schema {
	return schema{
		"type": []string{"string", "integer"}, "minimum": 0, "maximum": 0,
		"pattern":  `^\s*([0-9.]+\s*(cm|mm|in|pt|px)|0)$`,
		"examples": []string{"1cm", "10mm", "0.5in", "36pt"},
	}
}

func spanSchema(g *schemas) schema {
	return schema{"anyOf": []schema{{"type": "integer", "minimum": 1}, g.object(definition.Fields(reflect.TypeFor[specs.Span]()))}}
}

func clockTimeSchema(_ *schemas) schema {
	return schema{"type": "string", "pattern": specs.ClockTimePattern.String(), "examples": []string{"02:00"}}
}
