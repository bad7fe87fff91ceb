package specs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/definition"
	"pipe/specs/document"
	"pipe/specs/expr"
)

// visit counts a value, and tells whether there have been too many.
func (d *decoder) visit(n *yaml.Node) bool {
	if d.visits++; d.visits == visitsMost {
		d.FaultAt(d.Pos(n), "", "the spec is too large: over %d values, aliases followed", visitsMost)
	}
	return d.visits < visitsMost && !d.TooMany
}

func (d *decoder) checkEnum(value *yaml.Node, allowed []string, at cursor) {
	values := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		values = value.Content
	}
	for _, one := range values {
		if one.Kind == yaml.ScalarNode && !slices.Contains(allowed, one.Value) {
			d.FaultAt(d.Pos(one), at.path, "%q is not one of %s%s", one.Value, strings.Join(allowed, ", "), document.DidYouMean(one.Value, allowed))
		}
	}
}

func (d *decoder) decodeShort(n *yaml.Node, v reflect.Value, fields []definition.Field, at cursor) {
	for _, f := range fields {
		if f.Tag.Get("short") != "true" {
			continue
		}
		if n.Tag == "!!null" {
			break
		}
		d.decodeChecked(n, v.FieldByIndex(f.Index), f, at)
		for _, other := range fields {
			if other.Tag.Get("required") == "true" && other.Key != f.Key && !d.partial {
				d.Fault(n, "%s; write it as a mapping", missing(other))
			}
		}
		return
	}
	if n.Tag == "!!null" && !definition.HasRequired(fields) {
		return
	}
	d.Fault(n, "want a mapping with %s, not %s", strings.Join(FieldNames(fields), ", "), document.Describe(n))
}

// defaults fills the fields that have a default, down through nested structs.
func (d *decoder) defaults(v reflect.Value, at cursor) {
	for _, f := range definition.Fields(v.Type()) {
		field := v.FieldByIndex(f.Index)
		if value := f.Tag.Get("default"); value != "" {
			d.decode(&yaml.Node{Kind: yaml.ScalarNode, Value: value}, field, at.field(f.Key))
		} else if field.Kind() == reflect.Struct && !readsItself(field) {
			d.defaults(field, at.field(f.Key))
		}
	}
}

func (d *decoder) decodeStruct(n *yaml.Node, v reflect.Value, at cursor) {
	d.defaults(v, at)
	fields := definition.Fields(v.Type())
	if n.Kind != yaml.MappingNode || isBareStep(n, fields) {
		d.decodeShort(n, v, fields, at)
		return
	}
	d.order[n] = FieldNames(fields)
	seen := map[string]bool{}
	var inlined []*yaml.Node
	for key, value := range d.Pairs(n) {
		i := slices.IndexFunc(fields, func(f definition.Field) bool { return f.Key == key.Value && !f.Inline })
		switch {
		case i >= 0:
			seen[key.Value] = true
			here := at
			if when := fields[i].Tag.Get("when"); when != "" {
				here.scope = here.scope.When(document.Find(n, when).Value == "true", fields[i].Tag)
			}
			d.decodeField(value, v, fields[i], here)
		case hasInline(fields) && isLocatorKey(key.Value):
			inlined = append(inlined, key, value)
		default:
			d.Fault(key, "unknown field %q%s", key.Value, document.DidYouMean(key.Value, FieldNames(fields)))
		}
	}
	for _, f := range fields {
		if f.Inline && len(inlined) > 0 {
			seen[""] = true
			part := *n
			part.Content = inlined
			d.decode(&part, v.FieldByIndex(f.Index), at)
		}
		if f.Tag.Get("required") == "true" && !seen[f.Key] && !d.partial {
			d.Fault(n, "%s", missing(f))
		}
	}
}

// isBareStep tells of a mapping that stands for a struct by its list of steps alone: it is
// one of them, and has none of the struct's own fields.
func isBareStep(n *yaml.Node, fields []definition.Field) bool {
	short := slices.IndexFunc(fields, func(f definition.Field) bool { return f.Tag.Get("short") == "true" })
	if short < 0 || fields[short].Type != reflect.TypeFor[[]Step]() || len(n.Content) == 0 {
		return false
	}
	return !slices.ContainsFunc(fields, func(f definition.Field) bool { return document.Has(n, f.Key) })
}

func missing(f definition.Field) string {
	if f.Inline {
		return "no target: give selector, role, label, text or test_id"
	}
	return fmt.Sprintf("field %q is missing", f.Key)
}

func (d *decoder) decodeField(value *yaml.Node, v reflect.Value, f definition.Field, at cursor) {
	if d.partial && value.Tag == "!!null" {
		return // a profile takes away what the spec has
	}
	d.decodeChecked(value, v.FieldByIndex(f.Index), f, at.field(f.Key))
}

// decodeChecked reads a field's value and holds it against the field's tags.
func (d *decoder) decodeChecked(value *yaml.Node, field reflect.Value, f definition.Field, here cursor) {
	if s := f.Tag.Get("scope"); s != "" && f.Tag.Get("when") == "" {
		here.scope = here.scope.Within(s)
	}
	before := len(d.Faults)
	d.decode(value, field, here)
	if field.Kind() == reflect.Int && len(d.Faults) == before && field.Int() < definition.Least(f) {
		d.FaultAt(d.Pos(value), here.path, "want %d at least, not %s", definition.Least(f), value.Value)
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
	list, ok := v.Interface().([]expr.Template)
	if !ok || d.reads == nil {
		return
	}
	d.Path = at.path
	for i, t := range list {
		node := n
		if n.Kind == yaml.SequenceNode {
			node = n.Content[i]
		}
		if text, fixed := t.Fixed(); fixed {
			d.Refuse(node, d.reads(text))
		}
	}
}
