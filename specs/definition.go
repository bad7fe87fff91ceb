package specs

import (
	"reflect"
	"slices"
	"strconv"
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

// fieldsOf gives the fields of a struct, those of embedded structs among them.
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

// hasRequired tells whether one of the fields must be given.
func hasRequired(fields []structField) bool {
	return slices.ContainsFunc(fields, func(f structField) bool { return f.Tag.Get("required") == "true" })
}

// least is the least value of a whole number.
func least(f structField) int64 {
	v, _ := strconv.ParseInt(f.Tag.Get("min"), 10, 64)
	return v
}

// isShort tells whether a bare value may stand for the whole mapping, and fills
// this field.
func isShort(f structField, fields []structField) bool {
	return f.Tag.Get("short") == "true" && !slices.ContainsFunc(fields, func(other structField) bool {
		return other.Tag.Get("required") == "true" && other.name != f.name
	})
}
