package specs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
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
	out := describeInto(told, "", "what a spec says", reflect.TypeFor[Spec]())
	out = append(out, describeInto(told, "a target", "what a step acts on: a selector, such a mapping, or a list of both, of which the first that is there counts", reflect.TypeFor[Locator]())...)
	out = append(out, DescribeStandIns()...)
	return append(out, describeInto(told, "any step", "what goes on any step, beside its verb or among the verb's own fields", reflect.TypeFor[Step]())...)
}

// DescribeStandIns gives what may stand in a list of steps besides steps.
func DescribeStandIns() []Described {
	use := describeInto(map[reflect.Type]string{}, "use", "stands in a list of steps for those of a block", reflect.TypeFor[Use]())
	return append(use, describeInto(map[reflect.Type]string{}, "include", "stands in a list of steps for those of a file", reflect.TypeFor[Include]())...)
}

// DescribeStep gives a verb and the mappings inside of it.
func DescribeStep(v Verb) []Described {
	out := describeInto(map[reflect.Type]string{}, v.Name, v.Doc, reflect.TypeOf(v.New()).Elem())
	out[0].Example = v.Example
	return out
}

// describeInto gives a struct, and the structs that its fields hold, without those
// that are told already.
func describeInto(told map[reflect.Type]string, name, doc string, t reflect.Type) []Described {
	own := Described{Name: name, Doc: doc}
	var inner []Described
	fields := fieldsOf(t)
	for _, f := range fields {
		field := DescribedField{
			Name: f.name, Takes: takes(f), Default: f.Tag.Get("default"),
			Required: f.Tag.Get("required") == "true", Doc: f.Tag.Get("doc"),
		}
		if f.inline {
			field.Name, field.Doc = "a target", "what it acts on: "+strings.Join(locatorWays(), ", ")+" and the rest of a target's fields"
		}
		if f.body {
			field.Name = "the value itself"
		}
		if f.Tag.Get("beside") == "true" {
			field.Doc += "; it stands beside " + name + ", in the same step"
		}
		if isShort(f, fields) {
			own.Short = field.Name
		}
		if of := within(f.Type); of != nil && !f.inline {
			path := strings.TrimPrefix(name+"."+f.name, ".")
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
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice && t != reflect.TypeFor[Fields]() {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[Blocks]():
		return reflect.TypeFor[Block]()
	case t == reflect.TypeFor[Params]():
		return reflect.TypeFor[Param]()
	case t == reflect.TypeFor[Fields]():
		return reflect.TypeFor[Read]()
	case t.Kind() != reflect.Struct, slices.Contains([]reflect.Type{reflect.TypeFor[Target](), reflect.TypeFor[Step](), reflect.TypeFor[Share]()}, t):
		return nil
	case len(fieldsOf(t)) == 0:
		return nil
	}
	return t
}

// taken says what is written for a value of a type.
var taken = map[reflect.Type]string{
	reflect.TypeFor[Template]():   "a text, expressions in it",
	reflect.TypeFor[Condition]():  "a condition",
	reflect.TypeFor[Target]():     "a target",
	reflect.TypeFor[Step]():       "a step",
	reflect.TypeFor[Duration]():   "a duration such as 30s",
	reflect.TypeFor[Size]():       "a size such as 10KB",
	reflect.TypeFor[Rate]():       "a rate such as 30/min",
	reflect.TypeFor[Length]():     "a length such as 1cm",
	reflect.TypeFor[Span]():       "a number, or {min, max}",
	reflect.TypeFor[Share]():      "a number, or a part such as 20%",
	reflect.TypeFor[InARow]():     "a number, or numbers by class",
	reflect.TypeFor[Vars]():       "names and their values",
	reflect.TypeFor[Headers]():    "names and their values",
	reflect.TypeFor[Account]():    "names and their values",
	reflect.TypeFor[Columns]():    "names and their values",
	reflect.TypeFor[Pattern]():    "a regular expression",
	reflect.TypeFor[DateFormat](): "a format such as DD.MM.YYYY",
	reflect.TypeFor[Fields]():     "names and what they are read from",
	reflect.TypeFor[Items]():      "a list of mappings",
	reflect.TypeFor[Args]():       "names and their values",
	reflect.TypeFor[Blocks]():     "names and blocks",
	reflect.TypeFor[Params]():     "names and parameters",
	reflect.TypeFor[Profiles]():   "names and parts of a spec",
	reflect.TypeFor[Assigns]():    "names and their values",
	reflect.TypeFor[VarName]():    "a name",
	reflect.TypeFor[ScrollTo]():   "true, or a target",
}

func takes(f structField) string {
	if enum := f.Tag.Get("enum"); enum != "" {
		if f.Type.Kind() == reflect.Slice {
			return "some of " + strings.ReplaceAll(enum, ",", ", ")
		}
		return "one of " + strings.ReplaceAll(enum, ",", ", ")
	}
	return takesType(f.Type)
}

func takesType(t reflect.Type) string {
	if text := taken[t]; text != "" {
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
