package specs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
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
	text    string
	program *vm.Program
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

func run(p part, values Values) (any, error) {
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

func textOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

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
		t.parts = append(t.parts, part{text: strings.TrimSpace(code)})
		i := len(t.parts) - 1
		d.late = append(d.late, func() { t.parts[i].program = d.compile(n, code, at) })
		rest = tail
	}
}

// Condition is an expression that gives true or false; the ${{ }} around it
// may be left out.
type Condition struct{ p part }

// Holds evaluates the condition.
func (c *Condition) Holds(values Values) (bool, error) {
	if c == nil {
		return true, nil
	}
	v, err := run(c.p, values)
	if err != nil {
		return false, err
	}
	holds, ok := v.(bool)
	if !ok {
		return false, &EvalError{Code: c.p.text, Err: fmt.Errorf("want true or false, not %v", v)}
	}
	return holds, nil
}

func (c *Condition) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	code := strings.TrimSpace(n.Value)
	if n.Kind != yaml.ScalarNode || code == "" {
		d.fault(n, "want a condition such as ${{ item.branch == \"north\" }}, not %s", describe(n))
		return
	}
	if inner, ok := strings.CutPrefix(code, "${{"); ok {
		code = strings.TrimSuffix(inner, "}}")
	}
	c.p.text = strings.TrimSpace(code)
	d.late = append(d.late, func() { c.p.program = d.compile(n, code, at, expr.AsBool()) })
}

// compile compiles an expression of the node, telling faults at their place.
func (d *decoder) compile(n *yaml.Node, code string, at cursor, opts ...expr.Option) *vm.Program {
	if strings.TrimSpace(code) == "" {
		d.faultAt(d.pos(n), at.path, "the expression is empty")
		return nil
	}
	program, err := expr.Compile(code, append(opts, expr.Env(d.env.types(at.scope)))...)
	if err != nil {
		var e *file.Error
		if !errors.As(err, &e) {
			d.faultAt(d.pos(n), at.path, "%v", err)
			return nil
		}
		d.faultAt(d.inside(n, code, e.From), at.path, "%s%s", e.Message, d.meant(code, e, at))
		return nil
	}
	d.checkLookups(n, code, at)
	return program
}

// inside gives the place of a character of an expression within its node.
func (d *decoder) inside(n *yaml.Node, code string, offset int) Pos {
	first, _, _ := strings.Cut(code, "\n")
	for line := n.Line; line <= min(n.Line+40, len(d.lines)); line++ {
		from := 0
		if line == n.Line {
			from = min(max(n.Column-1, 0), len(d.lines[line-1]))
		}
		if i := strings.Index(d.lines[line-1][from:], first); i >= 0 && offset <= utf8.RuneCountInString(first) {
			col := utf8.RuneCountInString(d.lines[line-1][:from+i]) + offset + 1
			return Pos{File: d.file, Line: line, Col: col}
		}
	}
	return d.pos(n)
}

// meant suggests a name for one that is not there.
func (d *decoder) meant(code string, e *file.Error, at cursor) string {
	if name, ok := strings.CutPrefix(e.Message, "unknown name "); ok {
		var names []string
		for n := range d.env.types(at.scope) {
			names = append(names, n)
		}
		return suggest(name, names)
	}
	if name, ok := strings.CutPrefix(e.Message, "unknown field "); ok && e.From <= len(code) {
		owner := strings.TrimRight(code[:e.From], ".?[ ")
		if i := strings.LastIndexAny(owner, " (!+,"); i >= 0 {
			owner = owner[i+1:]
		}
		return suggest(name, d.env.names(owner))
	}
	return ""
}

// checkLookups finds secrets and environment variables that are not set.
func (d *decoder) checkLookups(n *yaml.Node, code string, at cursor) {
	tree, err := parser.Parse(code)
	if err != nil {
		return
	}
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
