package expr

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// Template is a text that may hold expressions in ${{ }}.
type Template struct {
	raw   string
	parts []part
}

// part is a literal text, or a program when it is an expression.
type part struct {
	text       string
	expression bool
	program    *vm.Program
	// call has the parameters of the block that it stands in, params those that
	// it uses.
	call   *BlockCall
	params []string
	// raw is true where the spec calls the value raw.
	raw bool
}

// AnyTemplate is a template of any kind: a Template, an Address or a Location.
type AnyTemplate interface {
	Raw() string
	Names(owner, field string) bool
	Text(values Values) (string, error)
}

// TemplateOf gives the template of a pointer to one of any kind, nil for all else.
func TemplateOf(v any) *Template {
	if t, is := v.(interface{ own() *Template }); is {
		return t.own()
	}
	return nil
}

func (t *Template) own() *Template { return t }

// Raw is the text as the spec has it.
func (t Template) Raw() string { return t.raw }

// Bound gives what the parameters stand for that the template has, by their names, where it
// is of a block.
func (t Template) Bound() map[string]string {
	bound := map[string]string{}
	for _, p := range t.parts {
		for _, name := range p.params {
			if value := p.call.Values[name]; value != nil {
				bound[name] = value.Raw()
			}
		}
	}
	return bound
}

// Empty tells whether the spec has no text here.
func (t Template) Empty() bool { return t.raw == "" }

// Text evaluates the template to a text.
func (t Template) Text(values Values) (string, error) {
	var out strings.Builder
	for _, p := range t.parts {
		if p.program == nil {
			out.WriteString(p.text)
			continue
		}
		v, err := run(p, values)
		if err != nil {
			return "", err
		}
		out.WriteString(PlainText(v))
	}
	return out.String(), nil
}

// Value evaluates the template. One that is a single expression keeps the
// type of its value; any other is a text.
func (t Template) Value(values Values) (any, error) {
	if len(t.parts) == 1 && t.parts[0].program != nil {
		return run(t.parts[0], values)
	}
	return t.Text(values)
}

// List evaluates the template to the members of a list; what says which, for a
// person, where it gives none.
func (t Template) List(values Values, what string) ([]any, error) {
	v, err := t.Value(values)
	if err != nil {
		return nil, err
	}
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice && list.Kind() != reflect.Array {
		return nil, &EvalError{Code: t.raw, Err: fmt.Errorf("want a list %s, not %.100v", what, v)}
	}
	all := make([]any, list.Len())
	for i := range all {
		all[i] = list.Index(i).Interface()
	}
	return all, nil
}

// ListOf gives the values of several templates; a single one's are those of its list.
func ListOf(all []Template, values Values, what string) ([]any, error) {
	if len(all) == 1 {
		return all[0].List(values, what)
	}
	list := make([]any, len(all))
	for i, one := range all {
		var err error
		if list[i], err = one.Value(values); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func run(p part, values Values) (any, error) {
	if len(p.params) > 0 {
		var err error
		if values, err = p.call.with(p.params, values); err != nil {
			return nil, err
		}
	}
	v, err := expr.Run(p.program, map[string]any(values))
	if err != nil {
		return nil, &EvalError{Code: p.text, Err: err}
	}
	return v, nil
}

// Fixed gives the text of a template that has no expression, and is there.
func (t Template) Fixed() (string, bool) {
	return t.raw, t.raw != "" && !strings.Contains(t.raw, "${{")
}

// Literal gives the text with another in place of each expression.
func (t Template) Literal(some string) string {
	var b strings.Builder
	for _, p := range t.parts {
		if p.expression {
			b.WriteString(some)
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// Split reads a text: what is in ${{ }} is an expression, of a block where call
// is one. It gives the expressions as they stand there, and whether the last of
// them is closed.
func (t *Template) Split(text string, call *BlockCall) (codes []string, closed bool) {
	t.raw, t.parts = text, nil
	for rest := text; ; {
		before, after, found := strings.Cut(rest, "${{")
		if before != "" {
			t.parts = append(t.parts, part{text: before})
		}
		if !found {
			return codes, true
		}
		code, tail, closed := CutExpression(after)
		if !closed {
			return codes, false
		}
		t.parts = append(t.parts, part{text: strings.TrimSpace(code), expression: true, call: call})
		codes = append(codes, code)
		rest = tail
	}
}

// Expressions are the parts that are compiled.
func (t *Template) Expressions() []*part {
	var all []*part
	for i := range t.parts {
		if t.parts[i].expression {
			all = append(all, &t.parts[i])
		}
	}
	return all
}

// EvalError is an expression that could not be evaluated on its values.
type EvalError struct {
	Code string
	Err  error
}

func (e *EvalError) Error() string { return fmt.Sprintf("evaluating ${{ %s }}: %v", e.Code, e.Err) }

// Unwrap gives the expression language's own error.
func (e *EvalError) Unwrap() error { return e.Err }
