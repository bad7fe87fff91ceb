package specs

import (
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"
)

func reflectOf(ptr any) reflect.Value { return reflect.ValueOf(ptr).Elem() }

// Vars are the spec's own values, by name.
type Vars struct {
	names []string
	byKey map[string]*Template
}

func (v *Vars) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	v.byKey = map[string]*Template{}
	d.templates(n, at, func(name string, t *Template) {
		v.names, v.byKey[name] = append(v.names, name), t
	})
	d.env.vars = v.names
}

// templates reads a mapping of texts.
func (d *decoder) templates(n *yaml.Node, at cursor, each func(string, *Template)) {
	if n.Kind != yaml.MappingNode {
		d.fault(n, "want a mapping of names to values, not %s", describe(n))
		return
	}
	for key, value := range d.pairs(n) {
		t := &Template{}
		d.decode(value, reflectOf(t), at.field(key.Value))
		each(key.Value, t)
	}
}

// Account is the set of fields with which one account logs in.
type Account map[string]*Template

func (a *Account) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	*a = Account{}
	d.templates(n, at, func(name string, t *Template) {
		(*a)[name] = t
		if !slices.Contains(d.env.account, name) {
			d.env.account = append(d.env.account, name)
		}
	})
}

// Values evaluates the account's fields.
func (a Account) Values(values Values) (map[string]any, error) {
	out := make(map[string]any, len(a))
	for name, t := range a {
		v, err := t.Text(values)
		if err != nil {
			return nil, err
		}
		out[name] = v
	}
	return out, nil
}

// Items are rows written in the spec itself.
type Items []map[string]any

func (it *Items) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind != yaml.SequenceNode {
		d.fault(n, "want a list of mappings, not %s", describe(n))
		return
	}
	d.env.item = []string{}
	for i, one := range n.Content {
		row := map[string]any{}
		d.path = at.index(i).path
		if one.Kind != yaml.MappingNode {
			d.fault(one, "want a mapping of columns to values, not %s", describe(one))
			continue
		}
		for key, value := range d.pairs(one) {
			if value.Kind != yaml.ScalarNode {
				d.fault(value, "want a text, not %s", describe(value))
				continue
			}
			row[key.Value] = value.Value
			if !slices.Contains(d.env.item, key.Value) {
				d.env.item = append(d.env.item, key.Value)
			}
		}
		*it = append(*it, row)
	}
}

// Read is a value taken from the page, or an expression.
type Read struct {
	Value   Template `yaml:"value" short:"true" doc:"a text or an expression"`
	TextOf  Target   `yaml:"text_of" doc:"the text of the first element that matches"`
	ValueOf Target   `yaml:"value_of" doc:"what a form field holds"`
	AttrOf  *AttrOf  `yaml:"attribute_of" doc:"an attribute of the first element that matches"`
	CountOf Target   `yaml:"count_of" doc:"how many elements match"`
	Absent  string   `yaml:"absent" enum:"fail,empty" default:"fail" doc:"what to do when nothing matches within the step's time-out"`
}

// AttrOf names an attribute of an element.
type AttrOf struct {
	Target    `yaml:",inline" required:"true"`
	Attribute string `yaml:"attribute" required:"true" doc:"the attribute's name"`
}

// OnPage tells whether the value is taken from the page.
func (r Read) OnPage() bool {
	return r.TextOf.Given() || r.ValueOf.Given() || r.AttrOf != nil || r.CountOf.Given()
}

// Field is a named value of a record or an extract.
type Field struct {
	Name string
	Read Read
	// Pos is the place of the field's name.
	Pos Pos
}

// Fields are named values in the order of the spec.
type Fields []Field

func (fs *Fields) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind != yaml.MappingNode {
		d.fault(n, "want a mapping of names to values such as vin: {text_of: \"#vin\"}, not %s", describe(n))
		return
	}
	*fs = make(Fields, 0, len(n.Content)/2)
	for key, value := range d.pairs(n) {
		*fs = append(*fs, Field{Name: key.Value, Pos: d.pos(key)})
		r := &(*fs)[len(*fs)-1].Read
		d.decode(value, reflectOf(r), at.field(key.Value))
		ways := 0
		for _, given := range []bool{!r.Value.Empty(), r.TextOf.Given(), r.ValueOf.Given(), r.AttrOf != nil, r.CountOf.Given()} {
			if given {
				ways++
			}
		}
		if ways != 1 && value.Tag != "!!null" {
			d.faultAt(d.pos(key), at.field(key.Value).path, "give one of value, text_of, value_of, attribute_of and count_of")
		}
	}
}
