package definition

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Field is a field of a struct as its tags describe it.
type Field struct {
	reflect.StructField
	Key    string
	Inline bool
	// Body is true for the one field of a verb that is all that stands behind
	// it: a list of steps, names and values.
	Body bool
}

// Fields gives the fields of a struct, those of embedded structs among them.
func Fields(t reflect.Type) []Field {
	var fields []Field
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case opts == "inline":
			fields = append(fields, Field{StructField: f, Inline: true})
		case opts == "body":
			fields = append(fields, Field{StructField: f, Body: true})
		case name != "" && name != "-":
			fields = append(fields, Field{StructField: f, Key: name})
		case f.Anonymous:
			for _, inner := range Fields(f.Type) {
				inner.Index = append(slices.Clone(f.Index), inner.Index...)
				fields = append(fields, inner)
			}
		}
	}
	return fields
}

// HasRequired tells whether one of the fields must be given.
func HasRequired(fields []Field) bool {
	return slices.ContainsFunc(fields, func(f Field) bool { return f.Tag.Get("required") == "true" })
}

// Least is the least value of a whole number.
func Least(f Field) int64 {
	v, _ := strconv.ParseInt(f.Tag.Get("min"), 10, 64)
	return v
}

// IsShort tells whether a bare value may stand for the whole mapping, and fills
// this field.
func IsShort(f Field, fields []Field) bool {
	return f.Tag.Get("short") == "true" && !slices.ContainsFunc(fields, func(other Field) bool {
		return other.Tag.Get("required") == "true" && other.Key != f.Key
	})
}
