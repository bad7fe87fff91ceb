package specs

import (
	"fmt"
	"reflect"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// noder is a type that reads its own node.
type noder interface {
	decodeNode(dec *decoder, n *yaml.Node, at cursor)
}

// cursor is where the decoder is: the path to the value and the names that
// its expressions may use.
type cursor struct {
	path  string
	scope expr.Scope
	// call has the parameters of the block that it is in, nil outside of one.
	call *expr.BlockCall
}

func (c cursor) field(name string) cursor {
	if c.path != "" {
		name = c.path + "." + name
	}
	c.path = name
	return c
}

func (c cursor) index(i int) cursor {
	c.path = fmt.Sprintf("%s[%d]", c.path, i)
	return c
}

// decoder reads nodes into tagged structs and gathers faults as it goes.
type decoder struct {
	*document.Reader
	verbs []Verb
	// beside holds the fields that stand beside a verb, and which.
	beside map[string]string
	// parts are the blocks, vars and files that the spec is made of.
	parts parts
	// late holds what can only be checked once the whole file is read: the
	// expressions, since their names are declared all over it.
	late  []func()
	env   *expr.Environment
	exprs *expr.Compiler
	spec  *Spec
	// values are what the spec says of all values that are read.
	values *readContext
	// root is the file's one mapping, nil where there is none.
	root *yaml.Node
	// reads finds why a file cannot be read; nil takes any.
	reads func(path string) error
	// depth is how deep the decoder is in the spec, visits how many values it
	// has read.
	depth, visits int
	// order holds the fields of each mapping that is a struct, in the order of
	// the language.
	order map[*yaml.Node][]string
	// partial is true within a profile, which says only what is to be different.
	partial bool
}

// decode reads n into v, which must be addressable.
func (d *decoder) decode(n *yaml.Node, v reflect.Value, at cursor) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if d.depth == document.MaxDepth {
		d.FaultAt(d.Pos(n), "", "the spec is nested too deep, or within itself")
		return
	}
	if !d.visit(n) {
		return
	}
	d.depth++
	outer := d.Path
	d.Path = at.path
	defer func() { d.Path, d.depth = outer, d.depth-1 }()
	switch own := v.Addr().Interface().(type) {
	case noder:
		own.decodeNode(d, n, at)
		return
	case *expr.Condition:
		d.decodeCondition(own, n, at)
		return
	default:
		if t := expr.TemplateOf(own); t != nil {
			d.decodeTemplate(t, n, at)
			return
		}
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
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			d.Fault(n, "want a text, not %s", document.Describe(n))
			return
		}
		v.SetString(n.Value)
	case reflect.Bool, reflect.Int, reflect.Float64:
		if n.Kind != yaml.ScalarNode || n.Decode(v.Addr().Interface()) != nil {
			want := map[reflect.Kind]string{reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.Float64: "a number"}
			d.Fault(n, "want %s, not %s", want[v.Kind()], document.Describe(n))
		}
	default:
		panic("specs: no way to decode " + v.Type().String())
	}
}

func (d *decoder) decodeSlice(n *yaml.Node, v reflect.Value, at cursor) {
	if v.Type().Elem() == reflect.TypeFor[Step]() {
		d.decodeSteps(n, v, at)
		return
	}
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	} else if n.Kind == yaml.MappingNode && v.Type().Elem().Kind() != reflect.Struct {
		d.Fault(n, "want a list, not a mapping")
		return
	}
	partial := d.partial
	d.partial = false
	defer func() { d.partial = partial }()
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

// readsItself tells whether a value is read in another way than by its fields.
func readsItself(v reflect.Value) bool {
	switch own := v.Addr().Interface().(type) {
	case noder, *expr.Condition:
		return true
	default:
		return expr.TemplateOf(own) != nil
	}
}

// templates reads a mapping of texts.
func (d *decoder) templates(n *yaml.Node, at cursor, each func(string, *expr.Template)) {
	if n.Kind != yaml.MappingNode {
		d.Fault(n, "want a mapping of names to values, not %s", document.Describe(n))
		return
	}
	for key, value := range d.Pairs(n) {
		t := &expr.Template{}
		d.decode(value, reflectOf(t), at.field(key.Value))
		each(key.Value, t)
	}
}

func reflectOf(ptr any) reflect.Value { return reflect.ValueOf(ptr).Elem() }
