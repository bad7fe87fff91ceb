package expr

import (
	"reflect"
	"time"

	"github.com/expr-lang/expr/types"
)

// Kind is the sort of values that a template gives, as far as its expression
// tells.
func (t Template) Kind() string {
	if len(t.parts) != 1 || t.parts[0].program == nil {
		return "text"
	}
	of := t.parts[0].program.Node().Type()
	if of == nil {
		return ""
	}
	switch of.Kind() {
	case reflect.Int, reflect.Int64:
		return "int"
	case reflect.Float64:
		return "number"
	case reflect.Bool:
		return "bool"
	case reflect.String:
		return "text"
	default:
		return ""
	}
}

// typed gives the type of a template's value, once it is compiled.
func (t *Template) typed() types.Type {
	switch {
	case t == nil:
		return types.Any
	case len(t.parts) != 1 || !t.parts[0].expression:
		return types.String
	case t.parts[0].program == nil:
		return types.Any // told elsewhere
	}
	of := t.parts[0].program.Node().Type()
	for _, plain := range []any{"", 0, 0.0, false, time.Time{}, []any{}} {
		if of == reflect.TypeOf(plain) {
			return types.TypeOf(plain)
		}
	}
	return types.Any
}
