package specs

import (
	"reflect"
	"strings"

	"pipe/specs/definition"
	"pipe/specs/expr"
)

// UsesOf gives where what a path leads to has its effect: itself, or, for a var, the fields
// of the spec that need it, as login or download.
func (s *Spec) UsesOf(path string) []string {
	name, is := strings.CutPrefix(path, "vars.")
	if !is {
		return []string{path}
	}
	uses := []string{path}
	v := reflect.ValueOf(*s)
	for _, f := range definition.Fields(v.Type()) {
		part := v.FieldByIndex(f.Index)
		if f.Key != "vars" && anyTemplate(part, func(t expr.Template) bool { return s.needsVar(t, name) }) {
			uses = append(uses, f.Key)
		}
	}
	return uses
}

// needsVar tells whether a template is made of a var, be it by way of others.
func (s *Spec) needsVar(t expr.Template, name string) bool {
	vars, others, _ := t.FieldsOf("vars")
	if others {
		return true
	}
	for _, v := range vars {
		if of := s.Vars.byKey[v]; v == name || of != nil && s.needsVar(*of, name) {
			return true
		}
	}
	return false
}
