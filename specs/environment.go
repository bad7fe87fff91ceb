package specs

import (
	"maps"
	"slices"

	"github.com/expr-lang/expr/types"
)

// environment is the typed world of the expressions of one spec.
type environment struct {
	vars []string
	// set are the vars that steps give values.
	set     []string
	account []string
	// item lists the columns when they are known before the run; nil is any.
	// mapped lists those that source.map adds.
	item, mapped []string
	steps        []string
	// wanted lists the columns that expressions use, but for those with a
	// fallback.
	wanted []string
	// known holds the types by scope, once all names are declared.
	known map[Scope]types.Map
	// open is true for a part of specs by itself: which vars, accounts and steps
	// there are is up to the specs.
	open bool
	// used lists the environment variables that the spec names.
	used []string
	// env and secret look a value up.
	env, secret func(name string) (string, bool)
}

// declareStep makes a name known behind steps.
func (e *environment) declareStep(name string) {
	if !slices.Contains(e.steps, name) {
		e.steps = append(e.steps, name)
	}
}

// declareVar makes a name known behind vars, where steps are known.
func (e *environment) declareVar(name string) {
	if !slices.Contains(e.set, name) {
		e.set = append(e.set, name)
	}
}

// varsIn names the vars that a scope knows: those that steps set, where it knows
// steps.
func (e *environment) varsIn(scope Scope) []string {
	if scope == ScopeSpec || scope == ScopeRow || scope == ScopeColumn {
		return e.vars
	}
	return slices.Concat(e.vars, e.set)
}

// typed is types, for when all names are declared: it keeps the answer.
func (e *environment) typed(scope Scope) types.Map {
	if e.known[scope] == nil {
		if e.known == nil {
			e.known = map[Scope]types.Map{}
		}
		e.known[scope] = e.types(scope)
	}
	return e.known[scope]
}

// types gives the environment for expr's type checker.
func (e *environment) types(scope Scope) types.Map {
	scope, failed := scope.base()
	anyText := types.Map{types.Extra: types.String}
	m := types.Map{"env": anyText, "vars": named(e.varsIn(scope), types.Any)}
	if !slices.Contains([]Scope{ScopeRow, ScopeColumn, ScopeFile, ScopeProof, ScopeFailure}, scope) {
		m["secret"] = anyText
	}
	if scope != ScopeSpec && scope != ScopeRow && scope != ScopeColumn {
		m["account"] = named(e.account, types.String)
		m["steps"] = named(e.steps, types.Any)
	}
	if scope != ScopeSpec && scope != ScopeSession {
		if e.item == nil {
			m["item"] = types.Map{types.Extra: types.String}
		} else {
			m["item"] = named(e.columns(scope), types.String)
		}
	}
	if file := fileTypes(scope); file != nil {
		m["file"] = file
	}
	if scope == ScopeFailure || failed {
		m["error"] = types.Map{
			"message": types.String, "class": types.String, "step": types.String, "status": types.Int, "url": types.String,
		}
	}
	if e.open {
		m["vars"] = types.Map{types.Extra: types.Any}
		for _, name := range []string{"account", "steps"} {
			if m[name] != nil {
				m[name] = m["vars"]
			}
		}
	}
	return m
}

// fileTypes gives what file has in a scope, nil where it is not known.
func fileTypes(scope Scope) types.Map {
	file := types.Map{
		"name": types.String, "size": types.Int, "sha256": types.String, "type": types.String,
		"pages": types.Int, "via": types.String, "url": types.String,
	}
	switch scope {
	case ScopeFile:
		return file
	case ScopeProof:
		file["text"] = types.String
		return file
	case ScopeMember:
		return types.Map{"name": types.String, "index": types.Int, "ext": types.String}
	default:
		return nil
	}
}

func named(names []string, t types.Type) types.Map {
	if len(names) > namesMost {
		return types.Map{types.Extra: t}
	}
	m := types.Map{}
	for _, n := range names {
		m[n] = t
	}
	return m
}

// columns lists the columns that a scope knows of.
func (e *environment) columns(scope Scope) []string {
	if scope == ScopeColumn {
		return e.item
	}
	return slices.Concat(e.item, e.mapped)
}

// names lists what stands behind a name of the environment, for "did you mean".
func (e *environment) names(of string, scope Scope) []string {
	scope, _ = scope.base()
	switch of {
	case "vars":
		return e.varsIn(scope)
	case "account":
		return e.account
	case "item":
		return e.columns(scope)
	case "steps":
		return e.steps
	case "error":
		return []string{"message", "class", "step", "status", "url"}
	case "file":
		return slices.Sorted(maps.Keys(fileTypes(scope)))
	default:
		return nil
	}
}
