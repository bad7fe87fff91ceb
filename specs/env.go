package specs

import (
	"slices"

	"github.com/expr-lang/expr/types"
)

// Scope says which names an expression may use. Each holds those before it.
type Scope string

// The scopes, from the narrowest.
const (
	// ScopeSpec: env, secret and vars, as in base_url.
	ScopeSpec Scope = "spec"
	// ScopeSession: also account, as in login.steps and source.export.
	ScopeSession Scope = "session"
	// ScopeRow: item, but no account, as in key.
	ScopeRow Scope = "row"
	// ScopeItem: account, item and steps, as in navigate and download.
	ScopeItem Scope = "item"
	// ScopeFile: also file, as in record.fields.
	ScopeFile Scope = "file"
)

// environment is the typed world of the expressions of one spec.
type environment struct {
	vars    []string
	account []string
	// item lists the columns when they are known before the run; nil is any.
	item  []string
	steps []string
	// used lists the environment variables that the spec names.
	used []string
	// env and secret look a value up.
	env, secret func(name string) (string, bool)
}

func (e *environment) declareStep(name string) {
	if !slices.Contains(e.steps, name) {
		e.steps = append(e.steps, name)
	}
}

// types gives the environment for expr's type checker.
func (e *environment) types(scope Scope) types.Map {
	anyText := types.Map{types.Extra: types.String}
	m := types.Map{"env": anyText, "secret": anyText, "vars": named(e.vars, types.Any)}
	if scope == ScopeSession || scope == ScopeItem || scope == ScopeFile {
		m["account"] = named(e.account, types.String)
		m["steps"] = named(e.steps, types.Any)
	}
	if scope == ScopeRow || scope == ScopeItem || scope == ScopeFile {
		if e.item == nil {
			m["item"] = types.Map{types.Extra: types.String}
		} else {
			m["item"] = named(e.item, types.Any)
		}
	}
	if scope == ScopeFile {
		m["file"] = types.Map{
			"name": types.String, "size": types.Int, "sha256": types.String, "type": types.String,
			"pages": types.Int, "via": types.String, "url": types.String,
		}
	}
	return m
}

func named(names []string, t types.Type) types.Map {
	m := types.Map{}
	for _, n := range names {
		m[n] = t
	}
	return m
}

// names lists what stands behind a name of the environment, for "did you mean".
func (e *environment) names(of string) []string {
	switch of {
	case "vars":
		return e.vars
	case "account":
		return e.account
	case "item":
		return e.item
	case "steps":
		return e.steps
	case "file":
		return []string{"name", "size", "sha256", "type", "pages", "via", "url"}
	default:
		return nil
	}
}

// Values are the values of one evaluation, by the names of the environment:
// item, account, env, secret, vars, file, steps.
type Values map[string]any

// With gives a copy in which name has another value.
func (v Values) With(name string, value any) Values {
	out := make(Values, len(v)+1)
	for k, x := range v {
		out[k] = x
	}
	out[name] = value
	return out
}
