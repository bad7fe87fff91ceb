package expr

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
)

// option makes the functions known to expressions. They are made once for all
// expressions of a spec.
func (c *codes) option() expr.Option {
	made := map[string]*builtin.Function{}
	for _, f := range ours() {
		made[f.Name] = &builtin.Function{Name: f.Name, Types: []reflect.Type{reflect.TypeOf(f.kind).Elem()}, Func: func(args ...any) (any, error) {
			if len(args) > f.most {
				return nil, fmt.Errorf("%s takes no more than that: %s", f.Name, f.Use)
			}
			v, err := f.call(c, args)
			var early *EarlyError
			if err != nil && !errors.As(err, &early) {
				return nil, fmt.Errorf("%s: %w", f.Name, err)
			}
			return v, err
		}}
	}
	return func(config *conf.Config) { maps.Copy(config.Functions, made) }
}

// ours are the functions of our own.
var ours = sync.OnceValue(Functions)

// functionNamed gives a function of our own.
func functionNamed(name string) (Function, bool) {
	i := slices.IndexFunc(ours(), func(f Function) bool { return f.Name == name })
	if i < 0 {
		return Function{}, false
	}
	return ours()[i], true
}

var (
	wrongArgument = regexp.MustCompile(`^cannot use (.+?) as argument \(type (.+?)\) to call (\w+) ?$`)
	wrongCount    = regexp.MustCompile(`^(not enough|too many) arguments to call (\w+)$`)
)

// readable says what is wrong with a call in the words of this language.
func readable(message string) string {
	if m := wrongArgument.FindStringSubmatch(message); m != nil {
		if f, own := functionNamed(m[3]); own {
			return fmt.Sprintf("%s takes %s here, not %s: %s", f.Name, typeName(m[2]), typeName(m[1]), f.Use)
		}
	}
	if m := wrongCount.FindStringSubmatch(message); m != nil {
		if f, own := functionNamed(m[2]); own {
			return fmt.Sprintf("%s to call %s with: %s", strings.Replace(m[1], "many", "many values", 1)+strings.Repeat(" values", strings.Count(m[1], "not")), f.Name, f.Use)
		}
	}
	return message
}

// typeName names a Go type for a person.
func typeName(of string) string {
	switch of {
	case "string":
		return "a text"
	case "int":
		return "a whole number"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	case "nil":
		return "nothing"
	case "time.Time":
		return "a date"
	case "time.Duration":
		return "a duration"
	}
	switch {
	case strings.HasPrefix(of, "[]"):
		return "a list"
	case strings.HasPrefix(of, "map["):
		return "a mapping"
	}
	return of
}
