package specs

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"
	"gopkg.in/yaml.v3"
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
	// frame has the parameters of the block that it stands in, params those that
	// it uses.
	frame  *frame
	params []string
}

// Raw is the text as the spec has it.
func (t Template) Raw() string { return t.raw }

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
		out.WriteString(textOf(v))
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

func run(p part, values Values) (any, error) {
	if len(p.params) > 0 {
		var err error
		if values, err = p.frame.with(p.params, values); err != nil {
			return nil, err
		}
	}
	v, err := expr.Run(p.program, map[string]any(values))
	if err != nil {
		return nil, &EvalError{Code: p.text, Err: err}
	}
	return v, nil
}

// EvalError is an expression that could not be evaluated on its values.
type EvalError struct {
	Code string
	Err  error
}

func (e *EvalError) Error() string { return fmt.Sprintf("evaluating ${{ %s }}: %v", e.Code, e.Err) }

// Unwrap gives the expression language's own error.
func (e *EvalError) Unwrap() error { return e.Err }

func (t *Template) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.fault(n, "want a text, not %s", describe(n))
		return
	}
	t.parse(d, n, at)
}

// parse splits the text now and compiles its expressions once all names that
// the spec declares are known.
func (t *Template) parse(d *decoder, n *yaml.Node, at cursor) {
	t.raw, t.parts = n.Value, nil
	rest := n.Value
	for {
		before, after, found := strings.Cut(rest, "${{")
		if before != "" {
			t.parts = append(t.parts, part{text: before})
		}
		if !found {
			return
		}
		code, tail, closed := strings.Cut(after, "}}")
		if !closed {
			d.fault(n, "an expression is opened by ${{ and not closed by }}")
			return
		}
		t.parts = append(t.parts, part{text: strings.TrimSpace(code), expression: true, frame: at.frame})
		i := len(t.parts) - 1
		d.late = append(d.late, func() { d.compile(&t.parts[i], n, code, at) })
		rest = tail
	}
}

// compile compiles an expression of the node, telling faults at their place.
func (d *decoder) compile(p *part, n *yaml.Node, code string, at cursor, opts ...expr.Option) {
	if strings.TrimSpace(code) == "" {
		d.faultAt(d.pos(n), at.path, "the expression is empty")
		return
	}
	if len(code) > codeMost {
		d.faultAt(d.pos(n), at.path, "the expression is too long: %d characters at most", codeMost)
		return
	}
	if d.compiled++; d.compiled > expressionsMost {
		if d.compiled == expressionsMost+1 {
			d.faultAt(d.pos(n), at.path, "the spec has over %d expressions", expressionsMost)
		}
		return
	}
	known := d.knownAt(at)
	program, err := expr.Compile(code, append(opts, d.functions, expr.Env(known))...)
	if err != nil {
		var e *file.Error
		if !errors.As(err, &e) {
			d.faultAt(d.pos(n), at.path, "%v", err)
			return
		}
		d.faultAt(d.inside(n, code, e.From), at.path, "%s%s", readable(e.Message), d.meant(code, e, at))
		return
	}
	p.program = program
	tree, err := parser.Parse(code)
	if err != nil {
		return // it has been compiled
	}
	p.params = d.noteParams(n, code, tree, at)
	d.checkLookups(n, code, tree, at)
	d.checkCalls(n, code, tree, at)
}

// knownAt gives the names that an expression may use.
func (d *decoder) knownAt(at cursor) types.Map {
	if at.frame != nil {
		return at.frame.env(d, at.scope)
	}
	return d.env.typed(at.scope)
}

// meant suggests a name for one that is not there.
func (d *decoder) meant(code string, e *file.Error, at cursor) string {
	if name, ok := strings.CutPrefix(e.Message, "unknown name "); ok {
		var names []string
		for n := range d.knownAt(at) {
			names = append(names, n)
		}
		if where := knownIn[name]; where != "" {
			return " here: it is known in " + where
		}
		if strings.HasPrefix(strings.TrimSpace(after(code, e.From)), name+"(") {
			names = FunctionNames()
		}
		return DidYouMean(name, names)
	}
	if name, ok := strings.CutPrefix(e.Message, "unknown field "); ok && e.From <= len(code) {
		owner := strings.TrimRight(code[:e.From], ".?[ ")
		if i := strings.LastIndexAny(owner, " (!+,"); i >= 0 {
			owner = owner[i+1:]
		}
		if owner == "params" && at.frame != nil {
			return DidYouMean(name, at.frame.block.paramNames())
		}
		return DidYouMean(name, d.env.names(owner, at.scope))
	}
	return ""
}

// after gives what stands in a text after so many characters.
func after(code string, characters int) string { return code[bytesOf(code, characters):] }

// checkLookups finds secrets and environment variables that are not set.
func (d *decoder) checkLookups(n *yaml.Node, code string, tree *parser.Tree, at cursor) {
	look := &lookups{d: d, n: n, code: code, at: at, fallback: map[ast.Node]bool{}}
	ast.Walk(&tree.Node, look)
	for _, member := range look.members {
		look.check(member)
	}
}

type lookups struct {
	d        *decoder
	n        *yaml.Node
	code     string
	at       cursor
	members  []*ast.MemberNode
	fallback map[ast.Node]bool
}

// Visit gathers the members of env and secret, and those with a fallback.
func (l *lookups) Visit(node *ast.Node) {
	switch x := (*node).(type) {
	case *ast.MemberNode:
		l.members = append(l.members, x)
	case *ast.BinaryNode:
		if x.Operator == "??" {
			l.fallback[x.Left] = true
		}
	}
}

func (l *lookups) check(m *ast.MemberNode) {
	owner, ok := m.Node.(*ast.IdentifierNode)
	name, isText := m.Property.(*ast.StringNode)
	if !ok || !isText {
		return
	}
	find, what := l.d.env.env, "environment variable"
	hint := fmt.Sprintf("; set it, or give a fallback: env.%s ?? \"…\"", name.Value)
	switch owner.Value {
	case "item":
		if !l.fallback[m] && !slices.Contains(l.d.env.wanted, name.Value) {
			l.d.env.wanted = append(l.d.env.wanted, name.Value)
		}
		return
	case "env":
		l.d.env.used = append(l.d.env.used, name.Value)
	case "secret":
		find, what = l.d.env.secret, "secret"
		hint = "; set it in the environment or in the file given by --secrets"
	default:
		return
	}
	if _, set := find(name.Value); !set && !l.fallback[m] {
		l.d.faultAt(l.d.inside(l.n, l.code, m.Location().From), l.at.path, "%s %s is not set%s", what, name.Value, hint)
	}
}
