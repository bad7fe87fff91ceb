package specs

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
	"gopkg.in/yaml.v3"
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

// FunctionNames names all functions that expressions have.
func FunctionNames() []string {
	names := LanguageFunctions()
	for _, f := range ours() {
		names = append(names, f.Name)
	}
	return names
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

// checkCalls finds what is known to be wrong with the calls of functions before
// they have values: patterns, layouts and zones.
func (d *decoder) checkCalls(n *yaml.Node, code string, tree *parser.Tree, at cursor) {
	look := &calls{}
	ast.Walk(&tree.Node, look)
	for _, c := range look.all {
		f, own := functionNamed(c.name)
		if !own {
			continue
		}
		if len(c.args) > f.most {
			d.faultAt(d.inside(n, code, c.at), at.path, "too many values to call %s with: %s", f.Name, f.Use)
		}
		for i, arg := range c.args {
			text, is := arg.(*ast.StringNode)
			if check := f.literal[i]; check != nil && is {
				if err := check(text.Value); err != nil {
					d.faultAt(d.inside(n, code, text.Location().From), at.path, "%s: %v", f.Name, err)
				}
			}
		}
	}
}

// calls gathers the calls of an expression. Those that have the name of one of
// the language's look so when it is parsed without ours.
type calls struct {
	all []struct {
		name string
		args []ast.Node
		at   int
	}
}

// Visit looks at one node.
func (c *calls) Visit(node *ast.Node) {
	var name string
	var args []ast.Node
	switch x := (*node).(type) {
	case *ast.CallNode:
		if callee, ok := x.Callee.(*ast.IdentifierNode); ok {
			name, args = callee.Value, x.Arguments
		}
	case *ast.BuiltinNode:
		name, args = x.Name, x.Arguments
	}
	if name != "" {
		c.all = append(c.all, struct {
			name string
			args []ast.Node
			at   int
		}{name, args, (*node).Location().From})
	}
}

// dateText writes a date into a text: with its time of day where it has one.
func dateText(at time.Time) string {
	if h, m, s := at.Clock(); h+m+s == 0 && at.Nanosecond() == 0 {
		return at.Format(time.DateOnly)
	}
	return at.Format(time.RFC3339)
}
