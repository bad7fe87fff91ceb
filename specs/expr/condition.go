package expr

import (
	"fmt"
	"strings"
)

// Condition is an expression that gives true or false; the ${{ }} around it
// may be left out.
type Condition struct{ p part }

// String gives the condition as the spec has it.
func (c *Condition) String() string { return c.p.text }

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

// Names tells whether the condition uses a field of one of the names that it
// knows, as file.text; without a field it is about the name itself, or any field
// of it.
func (c *Condition) Names(owner, field string) bool { return c.p.names(owner, field) }

// Set takes the condition's expression, of a block where call is one, and gives
// it as it stands in the text.
func (c *Condition) Set(text string, call *BlockCall) (code string) {
	code = text
	if inner, ok := strings.CutPrefix(text, "${{"); ok {
		code = strings.TrimSuffix(inner, "}}")
	}
	c.p.text, c.p.expression, c.p.call = strings.TrimSpace(code), true, call
	return code
}
