package specs

import (
	"maps"
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"

	"pipe/specs/definition"
)

// Steps may hold steps: a field of a verb that is a []Step is a list of them.
// What stands behind `then` is nothing else, and its `else` stands beside it, as
// fields of the step: such a verb has one field with the option body, and those
// with the tag beside.

// decodeVerb reads what stands behind the verb, and gives what goes on any step
// with what of it stood there.
func (s *Step) decodeVerb(d *decoder, body *yaml.Node, own []*yaml.Node, at cursor) []*yaml.Node {
	v := reflect.ValueOf(s.Do).Elem()
	fields := definition.Fields(v.Type())
	here := at.field(s.Verb)
	if i := slices.IndexFunc(fields, func(f definition.Field) bool { return f.Body }); i >= 0 {
		d.defaults(v, here)
		if fields[i].Tag.Get("per") == "item" && !d.perItem(at) {
			d.FaultAt(s.Pos, s.Path, "%s is about an item: there is none in login, source and export", s.Verb)
		}
		d.decodeChecked(body, v.FieldByIndex(fields[i].Index), fields[i], here)
		return own
	}
	d.order[body] = stepOrder(FieldNames(fields))
	body, own = liftModifiers(body, own, fields)
	d.decode(body, v, here)
	return own
}

// decodeBeside reads the fields of the verb's that stand beside it.
func (s *Step) decodeBeside(d *decoder, pairs []*yaml.Node, at cursor) {
	d.Path = at.path
	for i := 0; i < len(pairs); i += 2 {
		key := pairs[i]
		if s.Do == nil || d.companionOf(key.Value) != s.Verb {
			d.Fault(key, "%q goes with %q, in the same step", key.Value, d.companionOf(key.Value))
			continue
		}
		v := reflect.ValueOf(s.Do).Elem()
		for _, f := range definition.Fields(v.Type()) {
			if f.Key == key.Value {
				d.decodeField(pairs[i+1], v, f, at)
			}
		}
	}
	d.Path = at.path
}

// check finds what is wrong with the step as a whole.
func (s *Step) check(d *decoder, at cursor) {
	for _, f := range definition.Fields(reflect.TypeOf(s.Do).Elem()) {
		if f.Tag.Get("needs") == "if" && s.If == nil {
			d.FaultAt(s.Pos, s.Path, "%s goes with an if, in the same step: `- if: …`, and below it `%s: [...]`", s.Verb, s.Verb)
		}
	}
	for _, inner := range stepsIn(reflect.ValueOf(s.Do)) {
		if s.Exclusive != "" && inner.Exclusive != "" && inner.Exclusive != s.Exclusive {
			d.FaultAt(inner.Pos, inner.Path, "it is exclusive under %q, within a step that is so under %q: pages could wait for one another forever; give both one name", inner.Exclusive, s.Exclusive)
		}
	}
	s.checkOnce(d, at)
	if c, ok := s.Do.(Checker); ok {
		if fault := c.Fault(); fault != "" {
			d.FaultAt(s.Pos, s.Path, "%s", fault)
		}
	}
}

// advise warns of a step for items that may not be wise, once all names are known.
func (d *decoder) advise(s *Step, at cursor) {
	adviser, ok := s.Do.(Adviser)
	if !ok || !d.perItem(at) || d.env.Open {
		return
	}
	pos, path := s.Pos, s.Path
	d.late = append(d.late, func() {
		if advice := adviser.Advice(d.env, d.spec.Key); advice != "" && !d.oneItem() {
			d.WarnAt(pos, path, advice)
		}
	})
}

// companionOf gives the verb beside which a field stands, or "".
func (d *decoder) companionOf(name string) string {
	if d.beside == nil {
		d.beside = map[string]string{}
		for _, v := range d.verbs {
			for _, field := range companions(definition.Fields(reflect.TypeOf(v.New()).Elem())) {
				d.beside[field] = v.Name
			}
		}
	}
	return d.beside[name]
}

// stepWords are all that a step may begin with.
func (d *decoder) stepWords() []string {
	words := append(d.verbNames(), Modifiers()...)
	return append(words, slices.Sorted(maps.Keys(d.beside))...)
}

// companions names the fields that stand beside a verb.
func companions(fields []definition.Field) []string {
	var names []string
	for _, f := range fields {
		if f.Tag.Get("beside") == "true" {
			names = append(names, f.Key)
		}
	}
	return names
}
