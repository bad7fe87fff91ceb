package specs

import (
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
