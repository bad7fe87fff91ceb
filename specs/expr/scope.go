package expr

import (
	"reflect"
	"strings"
)

// Scope says which names an expression may use.
type Scope string

// The scopes, from the narrowest.
const (
	// ScopeSpec: env, secret and vars, as in base_url.
	ScopeSpec Scope = "spec"
	// ScopeSession: also account, as in login.steps and source.export.
	ScopeSession Scope = "session"
	// ScopeRow: item, but neither account nor secret, as in key: keys are on
	// record and name files.
	ScopeRow Scope = "row"
	// ScopeColumn: as ScopeRow, before source.map has added its columns.
	ScopeColumn Scope = "column"
	// ScopeItem: account, item and steps, as in navigate and download.
	ScopeItem Scope = "item"
	// ScopeFile: also file, but no secret, as in record.fields.
	ScopeFile Scope = "file"
	// ScopeProof: the same, and file has its text, as in a capture's
	// expect.matches.
	ScopeProof Scope = "proof"
	// ScopeMember: ScopeItem, and file is a member of an archive, as in the as
	// of a capture with many.
	ScopeMember Scope = "member"
	// ScopeNamed: ScopeItem, and file has what the site calls it, as in the as of a
	// capture without many.
	ScopeNamed Scope = "named"
	// ScopeFailure: as ScopeItem with error and no secret, as in classify.
	ScopeFailure Scope = "failure"
	// ScopeNotify: run and event, but no secret, as in notify.message.
	ScopeNotify Scope = "notify"
)

// rescued is what a scope knows beside all else where a failure is rescued:
// error.
const rescued = "+error"

// Within gives the scope of what a field with the tag holds.
func (s Scope) Within(tag string) Scope {
	if !strings.HasPrefix(tag, "+") {
		return Scope(tag)
	}
	return Scope(strings.TrimSuffix(string(s), tag) + tag)
}

// When gives the scope of a field whose tag has one for when another field is set,
// and one for when it is not; that one only where there is an item.
func (s Scope) When(set bool, tag reflect.StructTag) Scope {
	if set {
		return Scope(tag.Get("scope"))
	}
	if base, _ := s.Base(); base != ScopeItem || tag.Get("else") == "" {
		return s
	}
	return Scope(tag.Get("else") + strings.TrimPrefix(string(s), string(ScopeItem)))
}

// Base gives the scope without what is rescued, and tells whether that is known.
func (s Scope) Base() (Scope, bool) {
	base, in := strings.CutSuffix(string(s), rescued)
	return Scope(base), in
}

// knownIn tells where the names are known that are not known everywhere.
var knownIn = map[string]string{ //nolint:gosec // they are names
	"secret":  "login, source, navigate and download, but in no expect.matches; what is written down holds none",
	"account": "login, source, navigate, download and record",
	"steps":   "login, source, navigate, download and record",
	"item":    "key, navigate, download and record",
	"run":     "notify's title and message",
	"event":   "notify's title and message",
	"error":   "classify, and in the steps that rescue a try",
	"params":  "the steps of a block, if it has any",
	"file":    "record, and in a capture's as and expect.matches",
}
