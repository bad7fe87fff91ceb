package specs

import (
	"errors"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"gopkg.in/yaml.v3"
)

// compiler compiles the expressions of a spec, and tells what is wrong with them.
type compiler struct {
	doc *reader
	env *environment
	// functions are those of the expressions.
	functions expr.Option
	// compiled is how many expressions it has compiled.
	compiled int
}

// newCompiler gives one for the files of a spec, with the values and the clock
// that it has.
func newCompiler(doc *reader, env *environment, secrets *Secrets, now func() time.Time) *compiler {
	return &compiler{doc: doc, env: env, functions: newCodes(secrets, now).option()}
}

// place is where an expression stands.
type place struct {
	node *yaml.Node
	// path leads to it.
	path  string
	scope Scope
	// call has the parameters of the block that it is in, nil outside of one.
	call *blockCall
}

// compile compiles an expression of the node, telling faults at their place.
func (c *compiler) compile(p *part, code string, at place, opts ...expr.Option) {
	if strings.TrimSpace(code) == "" {
		c.doc.faultAt(c.doc.pos(at.node), at.path, "the expression is empty")
		return
	}
	if len(code) > codeMost {
		c.doc.faultAt(c.doc.pos(at.node), at.path, "the expression is too long: %d characters at most", codeMost)
		return
	}
	if c.compiled++; c.compiled > expressionsMost {
		if c.compiled == expressionsMost+1 {
			c.doc.faultAt(c.doc.pos(at.node), at.path, "the spec has over %d expressions", expressionsMost)
		}
		return
	}
	known := c.knownAt(at)
	program, err := expr.Compile(code, append(opts, c.functions, expr.Env(known))...)
	if err != nil {
		var e *file.Error
		if !errors.As(err, &e) {
			c.doc.faultAt(c.doc.pos(at.node), at.path, "%v", err)
			return
		}
		c.doc.faultAt(c.doc.inside(at.node, code, e.From), at.path, "%s%s", readable(e.Message), c.meant(code, e, at))
		return
	}
	p.program = program
	tree, err := parser.Parse(code)
	if err != nil {
		return // it has been compiled
	}
	p.params = c.noteParams(code, tree.Node, at)
	c.checkLookups(code, tree.Node, at)
	c.checkCalls(code, tree.Node, at)
}

// compileCondition compiles a condition's expression.
func (c *compiler) compileCondition(of *Condition, code string, at place) {
	c.compile(&of.p, code, at, expr.AsBool())
}

// knownAt gives the names that an expression may use.
func (c *compiler) knownAt(at place) types.Map {
	if at.call != nil {
		return at.call.env(c.env, at.scope)
	}
	return c.env.typed(at.scope)
}

// meant suggests a name for one that is not there.
func (c *compiler) meant(code string, e *file.Error, at place) string {
	if name, ok := strings.CutPrefix(e.Message, "unknown name "); ok {
		var names []string
		for n := range c.knownAt(at) {
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
		if owner == "params" && at.call != nil {
			return DidYouMean(name, at.call.block.names)
		}
		return DidYouMean(name, c.env.names(owner, at.scope))
	}
	return ""
}

// after gives what stands in a text after so many characters.
func after(code string, characters int) string { return code[bytesOf(code, characters):] }
