package specs

import (
	"reflect"
	"slices"
	"strings"
)

// structField is a field of a struct as its tags describe it.
type structField struct {
	reflect.StructField
	name   string
	inline bool
	// body is true for the one field of a verb that is all that stands behind
	// it: a list of steps, names and values.
	body bool
}

func fieldsOf(t reflect.Type) []structField {
	var fields []structField
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case opts == "inline":
			fields = append(fields, structField{StructField: f, inline: true})
		case opts == "body":
			fields = append(fields, structField{StructField: f, body: true})
		case name != "" && name != "-":
			fields = append(fields, structField{StructField: f, name: name})
		case f.Anonymous:
			for _, inner := range fieldsOf(f.Type) {
				inner.Index = append(slices.Clone(f.Index), inner.Index...)
				fields = append(fields, inner)
			}
		}
	}
	return fields
}

func hasRequired(fields []structField) bool {
	return slices.ContainsFunc(fields, func(f structField) bool { return f.Tag.Get("required") == "true" })
}

func hasInline(fields []structField) bool {
	return slices.ContainsFunc(fields, func(f structField) bool { return f.inline })
}

func knownNames(fields []structField) []string {
	var names []string
	for _, f := range fields {
		switch {
		case f.inline:
			names = append(names, locatorKeys()...)
		case !f.body:
			names = append(names, f.name)
		}
	}
	return names
}
