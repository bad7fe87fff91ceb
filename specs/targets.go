package specs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"pipe/specs/definition"
)

// TargetAt is a target of a spec, and where it stands.
type TargetAt struct {
	Target Target
	// Path leads to its value, which may have other keys beside the target's.
	Path string
	// Place is the path of its step, or of the part of the spec that it is in, as
	// "login.success".
	Place string
	// Step is the step that it stands in, nil for none.
	Step *Step
	// Absent is true for what shows that something is wrong, or over: it is not there as a
	// rule.
	Absent bool
}

// absentKeys are the fields whose targets are not there as a rule.
var absentKeys = []string{"hidden", "skip", "end", "fail_on", "classify", "whenever", "selector"}

// Targets gives all targets of the spec, in its order, but for those of blocks and of
// profiles.
func (s *Spec) Targets() []TargetAt {
	w := &targetWalk{}
	w.walk(reflect.ValueOf(s).Elem(), TargetAt{})
	return w.found
}

type targetWalk struct{ found []TargetAt }

// walk looks through a value; at has what is known of where it is.
func (w *targetWalk) walk(v reflect.Value, at TargetAt) {
	switch own := v.Interface().(type) {
	case Target:
		if at.Target = own; own.Given() {
			w.found = append(w.found, at)
		}
		return
	case Step:
		at.Step, at.Path, at.Place = &own, own.Path, own.Path
		w.walk(reflect.ValueOf(own.Do), at)
		at.Path = strings.TrimSuffix(own.Path, "."+own.Verb) + ".fail_on"
		at.Absent = true
		w.walk(reflect.ValueOf(own.FailOn), at)
		return
	case Fields:
		for _, f := range own {
			inner := at
			inner.Path = at.Path + "." + f.Name
			if at.Step == nil && strings.HasPrefix(inner.Path, "record.") {
				inner.Place = inner.Path
			}
			w.walk(reflect.ValueOf(f.Read), inner)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			w.walk(v.Elem(), at)
		}
	case reflect.Slice:
		for i := range v.Len() {
			inner := at
			inner.Path = fmt.Sprintf("%s[%d]", at.Path, i)
			w.walk(v.Index(i), inner)
		}
	case reflect.Struct:
		w.walkStruct(v, at)
	}
}

func (w *targetWalk) walkStruct(v reflect.Value, at TargetAt) {
	for _, f := range definition.Fields(v.Type()) {
		inner := at
		if !f.Inline && !f.Body {
			inner.Path = strings.TrimPrefix(at.Path+"."+f.Key, ".")
			inner.Absent = at.Absent || slices.Contains(absentKeys, f.Key)
		}
		if at.Step == nil && !strings.HasPrefix(at.Place, "record.fields.") {
			inner.Place = placeOf(inner.Path)
		}
		if value := v.FieldByIndex(f.Index); value.CanInterface() {
			w.walk(value, inner)
		}
	}
}

// placeOf names the part of the spec that a target stands in that is no step's.
func placeOf(path string) string {
	for _, place := range []string{"login.success", "source"} {
		if path == place || strings.HasPrefix(path, place+".") {
			return place
		}
	}
	return path
}
