package specs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// noder is a type that reads its own node.
type noder interface {
	decodeNode(dec *decoder, n *yaml.Node, at cursor)
}

// cursor is where the decoder is: the path to the value and the names that
// its expressions may use.
type cursor struct {
	path  string
	scope Scope
}

func (c cursor) field(name string) cursor {
	if c.path != "" {
		name = c.path + "." + name
	}
	return cursor{path: name, scope: c.scope}
}

func (c cursor) index(i int) cursor {
	return cursor{path: fmt.Sprintf("%s[%d]", c.path, i), scope: c.scope}
}

// decoder reads nodes into tagged structs and gathers faults as it goes.
type decoder struct {
	file   string
	lines  []string
	verbs  []Verb
	faults Faults
	// late holds what can only be checked once the whole file is read: the
	// expressions, since their names are declared all over it.
	late []func()
	env  *environment
	path string
}

func (d *decoder) fault(n *yaml.Node, format string, args ...any) {
	d.faultAt(d.pos(n), d.path, format, args...)
}

func (d *decoder) faultAt(pos Pos, path, format string, args ...any) {
	f := Fault{Pos: pos, Path: path, Message: fmt.Sprintf(format, args...)}
	if pos.Line >= 1 && pos.Line <= len(d.lines) {
		f.Source = d.lines[pos.Line-1]
	}
	d.faults = append(d.faults, f)
}

func (d *decoder) pos(n *yaml.Node) Pos {
	col := n.Column
	// yaml.v3 counts columns in bytes.
	if n.Line >= 1 && n.Line <= len(d.lines) && col-1 <= len(d.lines[n.Line-1]) && col > 0 {
		col = utf8.RuneCountInString(d.lines[n.Line-1][:col-1]) + 1
	}
	return Pos{File: d.file, Line: n.Line, Col: max(col, 1)}
}

// decode reads n into v, which must be addressable.
func (d *decoder) decode(n *yaml.Node, v reflect.Value, at cursor) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	outer := d.path
	d.path = at.path
	defer func() { d.path = outer }()
	if own, ok := v.Addr().Interface().(noder); ok {
		own.decodeNode(d, n, at)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(n, v.Elem(), at)
	case reflect.Struct:
		d.decodeStruct(n, v, at)
	case reflect.Slice:
		d.decodeSlice(n, v, at)
	case reflect.String:
		if n.Kind != yaml.ScalarNode {
			d.fault(n, "want a text, not %s", describe(n))
			return
		}
		v.SetString(n.Value)
	case reflect.Bool, reflect.Int, reflect.Float64:
		if n.Kind != yaml.ScalarNode || n.Decode(v.Addr().Interface()) != nil {
			want := map[reflect.Kind]string{reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.Float64: "a number"}
			d.fault(n, "want %s, not %s", want[v.Kind()], describe(n))
		} else if v.Kind() == reflect.Int && v.Int() < 0 {
			d.fault(n, "cannot be negative: %s", n.Value)
		}
	default:
		panic("specs: no way to decode " + v.Type().String())
	}
}

func (d *decoder) decodeSlice(n *yaml.Node, v reflect.Value, at cursor) {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	} else if n.Kind == yaml.MappingNode && v.Type().Elem().Kind() != reflect.Struct {
		d.fault(n, "want a list, not a mapping")
		return
	}
	// The whole slice first: late checks keep the addresses of its elements.
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		here := at
		if n.Kind == yaml.SequenceNode {
			here = at.index(i)
		}
		d.decode(item, v.Index(i), here)
	}
}

// structField is a field of a struct as its tags describe it.
type structField struct {
	reflect.StructField
	name   string
	inline bool
}

func fieldsOf(t reflect.Type) []structField {
	var fields []structField
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if opts == "inline" {
			fields = append(fields, structField{f, "", true})
		} else if name != "" && name != "-" {
			fields = append(fields, structField{f, name, false})
		}
	}
	return fields
}

func (d *decoder) decodeStruct(n *yaml.Node, v reflect.Value, at cursor) {
	d.defaults(v, at)
	fields := fieldsOf(v.Type())
	if n.Kind != yaml.MappingNode {
		d.decodeShort(n, v, fields, at)
		return
	}
	seen := map[string]bool{}
	var inlined []*yaml.Node
	for key, value := range d.pairs(n) {
		i := slices.IndexFunc(fields, func(f structField) bool { return f.name == key.Value && !f.inline })
		switch {
		case i >= 0:
			seen[key.Value] = true
			d.decodeField(value, v, fields[i], at)
		case hasInline(fields) && isLocatorKey(key.Value):
			inlined = append(inlined, key, value)
		default:
			d.fault(key, "unknown field %q%s", key.Value, suggest(key.Value, knownNames(fields)))
		}
	}
	for _, f := range fields {
		if f.inline && len(inlined) > 0 {
			seen[""] = true
			part := *n
			part.Content = inlined
			d.decode(&part, v.FieldByIndex(f.Index), at)
		}
		if f.Tag.Get("required") == "true" && !seen[f.name] {
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
	here := at.field(f.name)
	if s := f.Tag.Get("scope"); s != "" {
		here.scope = Scope(s)
	}
	d.decode(value, v.FieldByIndex(f.Index), here)
	if enum := f.Tag.Get("enum"); enum != "" {
		d.checkEnum(value, strings.Split(enum, ","), here)
	}
}

func (d *decoder) checkEnum(value *yaml.Node, allowed []string, at cursor) {
	values := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		values = value.Content
	}
	for _, one := range values {
		if one.Kind == yaml.ScalarNode && !slices.Contains(allowed, one.Value) {
			d.faultAt(d.pos(one), at.path, "%q is not one of %s%s", one.Value, strings.Join(allowed, ", "), suggest(one.Value, allowed))
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
		d.decode(n, v.FieldByIndex(f.Index), at)
		for _, other := range fields {
			if other.Tag.Get("required") == "true" && other.name != f.name {
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

func hasRequired(fields []structField) bool {
	return slices.ContainsFunc(fields, func(f structField) bool { return f.Tag.Get("required") == "true" })
}

func hasInline(fields []structField) bool {
	return slices.ContainsFunc(fields, func(f structField) bool { return f.inline })
}

func knownNames(fields []structField) []string {
	var names []string
	for _, f := range fields {
		if f.inline {
			names = append(names, locatorKeys()...)
		} else {
			names = append(names, f.name)
		}
	}
	return names
}

// defaults fills the fields that have a default, down through nested structs.
func (d *decoder) defaults(v reflect.Value, at cursor) {
	for _, f := range fieldsOf(v.Type()) {
		field := v.FieldByIndex(f.Index)
		if value := f.Tag.Get("default"); value != "" {
			d.decode(&yaml.Node{Kind: yaml.ScalarNode, Value: value}, field, at.field(f.name))
		} else if _, own := field.Addr().Interface().(noder); !own && field.Kind() == reflect.Struct {
			d.defaults(field, at.field(f.name))
		}
	}
}
