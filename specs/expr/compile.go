package expr

import (
	"errors"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/secret"
)

// Compiler compiles the expressions of a spec, and tells what is wrong with them.
type Compiler struct {
	doc *document.Reader
	env *Environment
	// functions are those of the expressions.
	functions expr.Option
	// compiled is how many expressions it has compiled.
	compiled int
}

// NewCompiler gives one for the files of a spec, with the values and the clock
// that it has.
func NewCompiler(doc *document.Reader, env *Environment, secrets *secret.Store, now func() time.Time) *Compiler {
	return &Compiler{doc: doc, env: env, functions: newCodes(secrets, now).option()}
}

// Place is where an expression stands.
type Place struct {
	Node *yaml.Node
	// Path leads to it.
	Path  string
	Scope Scope
	// Call has the parameters of the block that it is in, nil outside of one.
	Call *BlockCall
}

// Compile compiles an expression of the node, telling faults at their place.
func (c *Compiler) Compile(p *part, code string, at Place, opts ...expr.Option) {
	if strings.TrimSpace(code) == "" {
		c.doc.FaultAt(c.doc.Pos(at.Node), at.Path, "the expression is empty")
		return
	}
	if len(code) > MaxCode {
		c.doc.FaultAt(c.doc.Pos(at.Node), at.Path, "the expression is too long: %d characters at most", MaxCode)
		return
	}
	if c.compiled++; c.compiled > expressionsMost {
		if c.compiled == expressionsMost+1 {
			c.doc.FaultAt(c.doc.Pos(at.Node), at.Path, "the spec has over %d expressions", expressionsMost)
		}
		return
	}
	known := c.knownAt(at)
	program, err := expr.Compile(code, append(opts, c.functions, expr.Env(known))...)
	if err != nil {
		var e *file.Error
		if !errors.As(err, &e) {
			c.doc.FaultAt(c.doc.Pos(at.Node), at.Path, "%v", err)
			return
		}
		c.doc.FaultAt(c.doc.Inside(at.Node, code, e.From), at.Path, "%s%s", readable(e.Message), c.meant(code, e, at))
		return
	}
	p.program = program
	tree, err := parser.Parse(code)
	if err != nil {
		return // it has been compiled
	}
	p.raw = isRaw(tree.Node)
	c.checkRaw(code, tree.Node, at)
	p.params = c.noteParams(code, tree.Node, at)
	c.checkLookups(code, tree.Node, at)
	c.noteColumns(code, tree.Node, at)
	c.checkCalls(code, tree.Node, at)
}

// CompileCondition compiles a condition's expression.
func (c *Compiler) CompileCondition(of *Condition, code string, at Place) {
	c.Compile(&of.p, code, at, expr.AsBool())
}

// knownAt gives the names that an expression may use.
func (c *Compiler) knownAt(at Place) types.Map {
	if at.Call != nil {
		return at.Call.env(c.env, at.Scope)
	}
	return c.env.typed(at.Scope)
}

// meant suggests a name for one that is not there.
func (c *Compiler) meant(code string, e *file.Error, at Place) string {
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
		return document.DidYouMean(name, names)
	}
	if name, ok := strings.CutPrefix(e.Message, "unknown field "); ok && e.From <= len(code) {
		owner := strings.TrimRight(code[:e.From], ".?[ ")
		if i := strings.LastIndexAny(owner, " (!+,"); i >= 0 {
			owner = owner[i+1:]
		}
		if owner == "params" && at.Call != nil {
			return document.DidYouMean(name, at.Call.Block.Names)
		}
		return document.DidYouMean(name, c.env.names(owner, at.Scope))
	}
	return ""
}

// after gives what stands in a text after so many characters.
func after(code string, characters int) string { return code[document.BytesOf(code, characters):] }
