package expr

import (
	"maps"
	"slices"

	"github.com/expr-lang/expr/types"
)

// Environment is the typed world of the expressions of one spec.
type Environment struct {
	Vars []string
	// set are the vars that steps give values.
	set     []string
	Account []string
	// Item lists the source's columns when they are known before the run; nil is
	// any.
	Item  []string
	steps []string
	// Uses are the columns that expressions take.
	Uses []ColumnUse
	// known holds the types by scope, once all names are declared.
	known map[Scope]types.Map
	// Open is true for a part of specs by itself: which vars, accounts and steps
	// there are is up to the specs.
	Open bool
	// UsedEnv lists the environment variables that the spec names.
	UsedEnv []string
	// LookupEnv and secret look a value up.
	LookupEnv, LookupSecret func(name string) (string, bool)
}

// DeclareStep makes a name known behind steps.
func (e *Environment) DeclareStep(name string) {
	if !slices.Contains(e.steps, name) {
		e.steps = append(e.steps, name)
	}
}

// DeclareVar makes a name known behind vars, where steps are known.
func (e *Environment) DeclareVar(name string) {
	if !slices.Contains(e.set, name) {
		e.set = append(e.set, name)
	}
}

// varsIn names the vars that a scope knows: those that steps set, where it knows
// steps.
func (e *Environment) varsIn(scope Scope) []string {
	if slices.Contains([]Scope{ScopeSpec, ScopeRow, ScopeColumn, ScopeNotify}, scope) {
		return e.Vars
	}
	return slices.Concat(e.Vars, e.set)
}

// typed is types, for when all names are declared: it keeps the answer.
func (e *Environment) typed(scope Scope) types.Map {
	if e.known[scope] == nil {
		if e.known == nil {
			e.known = map[Scope]types.Map{}
		}
		e.known[scope] = e.types(scope)
	}
	return e.known[scope]
}

// types gives the environment for expr's type checker.
func (e *Environment) types(scope Scope) types.Map {
	scope, failed := scope.Base()
	anyText := types.Map{types.Extra: types.String}
	m := types.Map{"env": anyText, "vars": named(e.varsIn(scope), types.Any)}
	if !slices.Contains([]Scope{ScopeRow, ScopeColumn, ScopeFile, ScopeProof, ScopeFailure, ScopeNotify}, scope) {
		m["secret"] = anyText
	}
	if !slices.Contains([]Scope{ScopeSpec, ScopeRow, ScopeColumn, ScopeNotify}, scope) {
		m["account"] = named(e.Account, types.String)
		m["steps"] = named(e.steps, types.Any)
	}
	if scope == ScopeNotify {
		m["run"], m["event"] = runTypes, eventTypes
	}
	if scope != ScopeSpec && scope != ScopeSession && scope != ScopeNotify {
		m["item"] = anyText // which columns there are is up to the source
	}
	if file := fileTypes(scope); file != nil {
		m["file"] = file
	}
	if scope == ScopeFailure || failed {
		m["error"] = types.Map{
			"message": types.String, "class": types.String, "step": types.String, "status": types.Int, "url": types.String,
		}
	}
	if e.Open {
		m["vars"] = types.Map{types.Extra: types.Any}
		for _, name := range []string{"account", "steps"} {
			if m[name] != nil {
				m[name] = m["vars"]
			}
		}
	}
	return m
}

// runTypes is what run has, eventTypes what event has, where a run is told of.
var (
	runTypes = types.Map{
		"number": types.Int, "spec": types.String, "outcome": types.String, "reason": types.String, "exit_code": types.Int,
		"done": types.Int, "skipped": types.Int, "failed": types.Int, "pending": types.Int, "duplicates": types.Int, "bad": types.Int,
		"done_now": types.Int, "skipped_now": types.Int, "failed_now": types.Int,
		"started": types.String, "duration": types.String, "seconds": types.Int, "folder": types.String,
		"causes": types.Array(types.Map{"class": types.String, "reason": types.String, "items": types.Int}),
	}
	eventTypes = types.Map{"kind": types.String, "text": types.String, "account": types.String, "time": types.String}
)

// fileTypes gives what file has in a scope, nil where it is not known.
func fileTypes(scope Scope) types.Map {
	file := types.Map{
		"name": types.String, "size": types.Int, "sha256": types.String, "type": types.String,
		"pages": types.Int, "via": types.String, "url": types.String,
		"site_name": types.String,
	}
	switch scope {
	case ScopeFile:
		return file
	case ScopeProof:
		file["text"] = types.String
		return file
	case ScopeMember:
		return types.Map{"name": types.String, "index": types.Int, "ext": types.String, "site_name": types.String}
	case ScopeNamed:
		return types.Map{"site_name": types.String, "ext": types.String}
	default:
		return nil
	}
}

func named(names []string, t types.Type) types.Map {
	if len(names) > MaxNames {
		return types.Map{types.Extra: t}
	}
	m := types.Map{}
	for _, n := range names {
		m[n] = t
	}
	return m
}

// names lists what stands behind a name of the environment, for "did you mean".
func (e *Environment) names(of string, scope Scope) []string {
	scope, _ = scope.Base()
	switch of {
	case "vars":
		return e.varsIn(scope)
	case "account":
		return e.Account
	case "steps":
		return e.steps
	case "error":
		return []string{"message", "class", "step", "status", "url"}
	case "run":
		return slices.Sorted(maps.Keys(runTypes))
	case "event":
		return slices.Sorted(maps.Keys(eventTypes))
	case "file":
		return slices.Sorted(maps.Keys(fileTypes(scope)))
	default:
		return nil
	}
}
