package specs

import (
	"reflect"
	"slices"

	"pipe/specs/expr"
)

// later are the scopes of what cannot be evaluated before there is a file.
var later = []string{string(expr.ScopeNamed), string(expr.ScopeProof), string(expr.ScopeFile), string(expr.ScopeMember)}

// Evaluate evaluates all expressions of a verb's struct that need no file, and
// gives the error of the first that does not go. Steps in it are left out.
func Evaluate(verb any, values expr.Values) error { return evaluate(reflect.ValueOf(verb), values) }

func evaluate(v reflect.Value, values expr.Values) error {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		if c, ok := v.Interface().(*expr.Condition); ok {
			_, err := c.Holds(values)
			return err
		}
		return evaluate(v.Elem(), values)
	case reflect.Slice:
		for i := range v.Len() {
			if err := evaluate(v.Index(i), values); err != nil {
				return err
			}
		}
	case reflect.Struct:
		return evaluateStruct(v, values)
	}
	return nil
}

func evaluateStruct(v reflect.Value, values expr.Values) error {
	switch x := v.Interface().(type) {
	case expr.AnyTemplate:
		if x.Names("file", "") {
			return nil
		}
		_, err := x.Text(values)
		return err
	case Step:
		return nil
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || awaitsFile(v, f) {
			continue
		}
		if err := evaluate(v.Field(i), values); err != nil {
			return err
		}
	}
	return nil
}

// awaitsFile tells whether a field's expressions are about a file: with when,
// only where that field is set.
func awaitsFile(of reflect.Value, f reflect.StructField) bool {
	if !slices.Contains(later, f.Tag.Get("scope")) {
		return false
	}
	when := f.Tag.Get("when")
	if when == "" {
		return true
	}
	for i := range of.NumField() {
		if of.Type().Field(i).Tag.Get("yaml") == when {
			return !of.Field(i).IsZero()
		}
	}
	return true
}

// perItem are the names whose values go with the item, or with what its steps found.
var perItem = []string{"item", "vars", "steps", "params"}

// Varies tells whether an expression of a verb's struct names a value that goes with
// the item. Steps in it are left out.
func Varies(verb any) bool { return varies(reflect.ValueOf(verb)) }

func varies(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil() && varies(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if varies(v.Index(i)) {
				return true
			}
		}
		return false
	case reflect.Struct:
	default:
		return false
	}
	names := func(names func(owner, field string) bool) bool {
		return slices.ContainsFunc(perItem, func(owner string) bool { return names(owner, "") })
	}
	switch x := v.Interface().(type) {
	case expr.Template:
		return names(x.Names)
	case expr.Condition:
		return names(x.Names)
	case Step:
		return false
	}
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() && varies(v.Field(i)) {
			return true
		}
	}
	return false
}
