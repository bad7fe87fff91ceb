package specs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// visit counts a value, and tells whether there have been too many.
func (d *decoder) visit(n *yaml.Node) bool {
	if d.visits++; d.visits == visitsMost {
		d.faultAt(d.pos(n), "", "the spec is too large: over %d values, aliases followed", visitsMost)
	}
	return d.visits < visitsMost && !d.tooMany
}

func (d *decoder) checkEnum(value *yaml.Node, allowed []string, at cursor) {
	values := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		values = value.Content
	}
	for _, one := range values {
		if one.Kind == yaml.ScalarNode && !slices.Contains(allowed, one.Value) {
			d.faultAt(d.pos(one), at.path, "%q is not one of %s%s", one.Value, strings.Join(allowed, ", "), DidYouMean(one.Value, allowed))
		}
	}
}

func (d *decoder) decodeShort(n *yaml.Node, v reflect.Value, fields []structField, at cursor) {
	for _, f := range fields {
		if f.Tag.Get("short") != "true" {
			continue
		}
		if n.Tag == "!!null" {
			break
		}
		d.decodeChecked(n, v.FieldByIndex(f.Index), f, at)
		for _, other := range fields {
			if other.Tag.Get("required") == "true" && other.name != f.name && !d.partial {
				d.fault(n, "%s; write it as a mapping", missing(other))
			}
		}
		return
	}
	if n.Tag == "!!null" && !hasRequired(fields) {
		return
	}
	d.fault(n, "want a mapping with %s, not %s", strings.Join(knownNames(fields), ", "), describe(n))
}

// defaults fills the fields that have a default, down through nested structs.
func (d *decoder) defaults(v reflect.Value, at cursor) {
	for _, f := range fieldsOf(v.Type()) {
		field := v.FieldByIndex(f.Index)
		if value := f.Tag.Get("default"); value != "" {
			d.decode(&yaml.Node{Kind: yaml.ScalarNode, Value: value}, field, at.field(f.name))
		} else if field.Kind() == reflect.Struct && !readsItself(field) {
			d.defaults(field, at.field(f.name))
		}
	}
}

func (d *decoder) decodeStruct(n *yaml.Node, v reflect.Value, at cursor) {
	d.defaults(v, at)
	fields := fieldsOf(v.Type())
	if n.Kind != yaml.MappingNode {
		d.decodeShort(n, v, fields, at)
		return
	}
	d.order[n] = knownNames(fields)
	seen := map[string]bool{}
	var inlined []*yaml.Node
	for key, value := range d.pairs(n) {
		i := slices.IndexFunc(fields, func(f structField) bool { return f.name == key.Value && !f.inline })
		switch {
		case i >= 0:
			seen[key.Value] = true
			here := at
			if when := fields[i].Tag.Get("when"); when != "" && find(n, when).Value == "true" {
				here.scope = Scope(fields[i].Tag.Get("scope"))
			}
			d.decodeField(value, v, fields[i], here)
		case hasInline(fields) && isLocatorKey(key.Value):
			inlined = append(inlined, key, value)
		default:
			d.fault(key, "unknown field %q%s", key.Value, DidYouMean(key.Value, knownNames(fields)))
		}
	}
	for _, f := range fields {
		if f.inline && len(inlined) > 0 {
			seen[""] = true
			part := *n
			part.Content = inlined
			d.decode(&part, v.FieldByIndex(f.Index), at)
		}
		if f.Tag.Get("required") == "true" && !seen[f.name] && !d.partial {
			d.fault(n, "%s", missing(f))
		}
	}
}

func missing(f structField) string {
	if f.inline {
		return "no target: give selector, role, label, text or test_id"
	}
	return fmt.Sprintf("field %q is missing", f.name)
}

func (d *decoder) decodeField(value *yaml.Node, v reflect.Value, f structField, at cursor) {
	if d.partial && value.Tag == "!!null" {
		return // a profile takes away what the spec has
	}
	d.decodeChecked(value, v.FieldByIndex(f.Index), f, at.field(f.name))
}

// decodeChecked reads a field's value and holds it against the field's tags.
func (d *decoder) decodeChecked(value *yaml.Node, field reflect.Value, f structField, here cursor) {
	if s := f.Tag.Get("scope"); s != "" && f.Tag.Get("when") == "" {
		here.scope = here.scope.within(s)
	}
	before := len(d.faults)
	d.decode(value, field, here)
	if field.Kind() == reflect.Int && len(d.faults) == before && field.Int() < least(f) {
		d.faultAt(d.pos(value), here.path, "want %d at least, not %s", least(f), value.Value)
	}
	d.checkName(value, field, f.Tag.Get("path"), here)
	if f.Tag.Get("reads") == "true" {
		d.checkReads(value, field, here)
	}
	if enum := f.Tag.Get("enum"); enum != "" {
		d.checkEnum(value, strings.Split(enum, ","), here)
	}
}

// checkReads finds files that are named in full and cannot be read.
func (d *decoder) checkReads(n *yaml.Node, v reflect.Value, at cursor) {
	list, ok := v.Interface().([]Template)
	if !ok || d.reads == nil {
		return
	}
	d.path = at.path
	for i, t := range list {
		node := n
		if n.Kind == yaml.SequenceNode {
			node = n.Content[i]
		}
		if text, fixed := t.fixed(); fixed {
			d.refuse(node, d.reads(text))
		}
	}
}
