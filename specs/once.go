package specs

import (
	"maps"
	"reflect"
	"slices"

	"pipe/specs/expr"
)

// Repeater is a verb that runs the steps in it again and again.
type Repeater interface{ Repeats() }

// reader is a verb that may only read, or act on nothing but the values of the spec.
type reader interface{ OnlyReads() bool }

// checkOnce finds what does not go with a step that is done once for an item.
func (s *Step) checkOnce(d *decoder, at cursor) {
	inner := stepsIn(reflect.ValueOf(s.Do))
	_, repeats := s.Do.(Repeater)
	for _, step := range inner {
		switch {
		case step.Once && (repeats || s.Verb == "capture"):
			d.FaultAt(step.Pos, step.Path, "once does not go into %s, whose steps come again: give it to a step beside it", s.Verb)
		case step.Once && s.Once:
			d.FaultAt(step.Pos, step.Path, "it stands in a step that is once (%q), which is done once as a whole", s.Name)
		case s.Once && step.Verb == "capture":
			d.FaultAt(step.Pos, step.Path, "a capture is done again until its file has come, and does not go into a step that is once: put it behind that step")
		case s.Once && step.Verb == "skip":
			d.FaultAt(step.Pos, step.Path, "a skip does not go into a step that is once, which the next try passes over: put it behind that step, with an if")
		}
		step.WithinOnce = step.WithinOnce || s.Once
	}
	if !s.Once {
		return
	}
	fault := ""
	does, reads := s.Do.(reader)
	switch {
	case s.Name == "":
		fault = "a step that is once needs a name, by which the ledger knows it: name: order"
	case s.Verb == "capture":
		fault = "a capture is done again until its file has come: once goes on the step that does something on the site, and the capture behind it"
	case reads && does.OnlyReads() || s.Writes != nil && !*s.Writes:
		fault = "once is for what changes something on the site, and this step does not"
	case !d.perItem(at):
		fault = "once is about an item: there is none in login, source, export and whenever"
	}
	if fault != "" {
		d.FaultAt(s.Pos, s.Path, "%s", fault)
	}
}

// checkOnceNames finds steps that the ledger could not tell from one another.
func (d *decoder) checkOnceNames(s *Spec) {
	all := append(StepsIn(s.Navigate.Steps), StepsIn(s.Download.Steps)...)
	names := map[string]*Step{}
	for _, step := range all {
		if step.Once && names[step.Name] != nil {
			d.FaultAt(step.Pos, step.Path, "a step that is once has the name %q already, at %s: the ledger would take the one for the other", step.Name, names[step.Name].Pos)
		}
		if step.Once && step.Name != "" {
			names[step.Name] = step
		}
		if step.Once && s.Refresh != nil {
			d.WarnAt(step.Pos, step.Path, "refresh does done items again, and with them this step, which is once: what it orders or sends then is one more")
		}
	}
	for _, step := range all {
		if one := names[step.Name]; one != nil && !step.Once {
			d.FaultAt(step.Pos, step.Path, "its name %q is that of a step that is once, at %s: each needs one of its own", step.Name, one.Pos)
		}
	}
}

// ColumnsOf gives those of an item's columns, in order, by which a step and those within
// it do what they do; whether it is done at all is another matter.
func ColumnsOf(step *Step, item map[string]any) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(item)) {
		if takesColumn(reflect.ValueOf(step.Do), name) || step.Verb == "then" && step.If.TakesColumn(name) {
			names = append(names, name)
		}
	}
	return names
}

func takesColumn(v reflect.Value, name string) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && takesColumn(v.Elem(), name)
	case reflect.Slice:
		for i := range v.Len() {
			if takesColumn(v.Index(i), name) {
				return true
			}
		}
		return false
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if takesColumn(v.MapIndex(key), name) {
				return true
			}
		}
		return false
	case reflect.Struct:
	default:
		return false
	}
	switch x := v.Interface().(type) {
	case expr.Template:
		return x.TakesColumn(name)
	case expr.Condition:
		return x.TakesColumn(name)
	}
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() && takesColumn(v.Field(i), name) {
			return true
		}
	}
	return false
}
