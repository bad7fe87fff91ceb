package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"pipe/specs"
	"pipe/specs/definition"
)

// Described is a mapping of the language, for people: a section of a spec, a
// step, or what stands inside of them.
type Described struct {
	// Name leads to it, as pool.pace; or it is a verb's.
	Name string
	// Doc says what it is for, Example shows it.
	Doc, Example string
	// Short is the field that a bare value fills, "" for none.
	Short  string
	Fields []DescribedField
}

// DescribedField is one field of a mapping.
type DescribedField struct {
	Name string
	// Takes says what its value is, as "a duration such as 30s".
	Takes string
	// Default is the value when it is absent, "" for none.
	Default  string
	Required bool
	Doc      string
}

// DescribeSpec gives the sections of a spec and what stands inside of them, in
// the order of the language.
func DescribeSpec() []Described {
	told := map[reflect.Type]string{}
	out := describeInto(told, "", "what a spec says", reflect.TypeFor[specs.Spec]())
	out = append(out, describeInto(told, "a target", "what a step acts on: a selector, such a mapping, or a list of both, of which the first that is there counts", reflect.TypeFor[specs.Locator]())...)
	out = append(out, DescribeStandIns()...)
	return append(out, describeInto(told, "any step", "what goes on any step, beside its verb or among the verb's own fields", reflect.TypeFor[specs.Step]())...)
}

// DescribeStandIns gives what may stand in a list of steps besides steps.
func DescribeStandIns() []Described {
	use := describeInto(map[reflect.Type]string{}, "use", "stands in a list of steps for those of a block", reflect.TypeFor[specs.Use]())
	return append(use, describeInto(map[reflect.Type]string{}, "include", "stands in a list of steps for those of a file", reflect.TypeFor[specs.Include]())...)
}

// DescribeStep gives a verb and the mappings inside of it.
func DescribeStep(v specs.Verb) []Described {
	out := describeInto(map[reflect.Type]string{}, v.Name, v.Doc, reflect.TypeOf(v.New()).Elem())
	out[0].Example = v.Example
	return out
}

// describeInto gives a struct, and the structs that its fields hold, without those
// that are told already.
func describeInto(told map[reflect.Type]string, name, doc string, t reflect.Type) []Described {
	own := Described{Name: name, Doc: doc}
	var inner []Described
	fields := definition.Fields(t)
	for _, f := range fields {
		field := DescribedField{
			Name: f.Key, Takes: takes(f), Default: f.Tag.Get("default"),
			Required: f.Tag.Get("required") == "true", Doc: f.Tag.Get("doc"),
		}
		if f.Inline {
			field.Name, field.Doc = "a target", "what it acts on: "+strings.Join(locatorWays(), ", ")+" and the rest of a target's fields"
		}
		if f.Body {
			field.Name = "the value itself"
		}
		if f.Tag.Get("beside") == "true" {
			field.Doc += "; it stands beside " + name + ", in the same step"
		}
		if definition.IsShort(f, fields) {
			own.Short = field.Name
		}
		if of := within(f.Type); of != nil && !f.Inline {
			path := strings.TrimPrefix(name+"."+f.Key, ".")
			if before := told[of]; before != "" {
				field.Takes += ", as " + before
			} else {
				told[of] = path
				inner = append(inner, describeInto(told, path, f.Tag.Get("doc"), of)...)
			}
		}
		own.Fields = append(own.Fields, field)
	}
	return append([]Described{own}, inner...)
}

// within gives the struct that a field holds, if it has fields to tell of.
func within(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice && t != reflect.TypeFor[specs.Fields]() {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[specs.Blocks]():
		return reflect.TypeFor[specs.Block]()
	case t == reflect.TypeFor[specs.Params]():
		return reflect.TypeFor[specs.Param]()
	case t == reflect.TypeFor[specs.Fields]():
		return reflect.TypeFor[specs.Read]()
	case t.Kind() != reflect.Struct, slices.Contains([]reflect.Type{reflect.TypeFor[specs.Target](), reflect.TypeFor[specs.Step](), reflect.TypeFor[specs.Share]()}, t):
		return nil
	case len(definition.Fields(t)) == 0:
		return nil
	}
	return t
}

func takes(f definition.Field) string {
	if enum := f.Tag.Get("enum"); enum != "" {
		if f.Type.Kind() == reflect.Slice {
			return "some of " + strings.ReplaceAll(enum, ",", ", ")
		}
		return "one of " + strings.ReplaceAll(enum, ",", ", ")
	}
	return takesType(f.Type)
}

func takesType(t reflect.Type) string {
	if text := ownTypes()[t].takes; text != "" {
		return text
	}
	switch t.Kind() {
	case reflect.Pointer:
		return takesType(t.Elem())
	case reflect.Slice:
		return takesType(t.Elem()) + ", or a list"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.String:
		return "a text"
	default:
		return "a mapping"
	}
}

// Text writes a description for a terminal.
func (d Described) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", d.Name, d.Doc)
	if d.Example != "" {
		fmt.Fprintf(&b, "\n    - %s\n", d.Example)
	}
	if d.Short != "" {
		fmt.Fprintf(&b, "\nIn short: a bare value is its %s.\n", d.Short)
	}
	b.WriteString("\n")
	for _, f := range d.Fields {
		fmt.Fprintf(&b, "  %-14s %s%s\n", f.Name, f.Takes, f.more())
		if f.Doc != "" {
			fmt.Fprintf(&b, "  %-14s   %s\n", "", f.Doc)
		}
	}
	return b.String()
}

func (f DescribedField) more() string {
	switch {
	case f.Required:
		return " (required)"
	case f.Default != "":
		return " (default " + f.Default + ")"
	default:
		return ""
	}
}
