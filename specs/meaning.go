package specs

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"pipe/specs/definition"
	"pipe/specs/document"
	"pipe/specs/expr"
)

// meaning is what a part of a spec says, whichever way it is written: in its short form or
// its long one, in any order, by a block or in place, and with or without its defaults.
type meaning struct {
	// key is that of a field; "" is what stands for the whole that it is a field of, as
	// the target of a click.
	key  string
	kind meaningKind
	// text is that of a value.
	text string
	// parts are the fields, or the members of a list.
	parts []*meaning
	// name is what a member of a list is known by, as a step's or a field's; path leads to
	// it where that is not told by its index.
	name, path string
	// isText is true for a value that is a text, template what it is made by.
	isText   bool
	template *expr.Template
	// standard is true for what is so without being said, short for the field that may
	// stand for all.
	standard, short bool
}

type meaningKind int

const (
	valueMeaning meaningKind = iota
	fieldsMeaning
	listMeaning
	// targetMeaning is a list or a value that changes as a whole.
	targetMeaning
)

func leaf(text string) *meaning { return &meaning{text: text} }

func textLeaf(text string) *meaning {
	if text == "" {
		return nil
	}
	return &meaning{text: text, isText: true}
}

// meaningOf gives what a value of a spec says, nil for nothing.
func meaningOf(v reflect.Value) *meaning {
	if m, known := ownMeaning(v.Interface()); known {
		return m
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if m := meaningOf(v.Elem()); m != nil {
			return m
		}
		return &meaning{kind: fieldsMeaning}
	case reflect.Slice:
		return listOf(v)
	case reflect.Map:
		m := &meaning{kind: fieldsMeaning}
		for _, key := range v.MapKeys() {
			m.add(fmt.Sprint(key), meaningOf(v.MapIndex(key)))
		}
		slices.SortFunc(m.parts, func(a, b *meaning) int { return strings.Compare(a.key, b.key) })
		return m.orNothing()
	case reflect.Struct:
		return structMeaning(v)
	case reflect.String:
		return textLeaf(v.String())
	case reflect.Bool:
		return &meaning{text: fmt.Sprint(v.Bool()), standard: !v.Bool()}
	default:
		return &meaning{text: fmt.Sprint(v.Interface()), standard: v.IsZero()}
	}
}

// ownMeaning is that of types which are more, or less, than their fields.
func ownMeaning(value any) (m *meaning, known bool) {
	switch x := value.(type) {
	case document.Pos:
		return nil, true
	case Target:
		return targetOf(x), true
	case Step:
		return stepMeaning(x), true
	case *expr.Condition:
		if x == nil {
			return nil, true
		}
		return textLeaf(x.String()), true
	case Vars:
		m := &meaning{kind: fieldsMeaning}
		for _, name := range x.names {
			m.add(name, ofTemplate(*x.byKey[name]))
		}
		return m.orNothing(), true
	case Fields:
		m := &meaning{kind: fieldsMeaning}
		for _, f := range x {
			m.add(f.Name, meaningOf(reflect.ValueOf(f.Read)))
		}
		return m.orNothing(), true
	case Profile:
		return structMeaning(reflect.ValueOf(x.Spec)), true
	case Duration:
		return &meaning{text: time.Duration(x).String(), standard: x == 0}, true
	case Pattern:
		if x.re == nil {
			return nil, true
		}
		return textLeaf(x.re.String()), true
	case DateFormat:
		return textLeaf(x.layout), true
	case ScrollTo:
		if !x.Target.Given() {
			return leaf("true"), true
		}
		return targetOf(x.Target), true
	case expr.AnyTemplate:
		held := reflect.New(reflect.TypeOf(value))
		held.Elem().Set(reflect.ValueOf(value))
		if t := expr.TemplateOf(held.Interface()); t != nil {
			return ofTemplate(*t), true
		}
	}
	return nil, false
}

// ofTemplate is a text, with what the parameters in it stand for.
func ofTemplate(t expr.Template) *meaning {
	text, bound := t.Raw(), t.Bound()
	for _, name := range slices.Sorted(maps.Keys(bound)) {
		if strings.ReplaceAll(text, " ", "") == "${{params."+name+"}}" {
			text = bound[name]
			break
		}
		text += fmt.Sprintf(" (params.%s is %s)", name, bound[name])
	}
	m := textLeaf(text)
	if m != nil {
		m.template = &t
	}
	return m
}

func targetOf(t Target) *meaning {
	m := &meaning{kind: targetMeaning}
	for _, l := range t.Any {
		one := structMeaning(reflect.ValueOf(l))
		if said := slices.DeleteFunc(slices.Clone(one.parts), func(m *meaning) bool { return m.standard }); len(said) == 1 && said[0].key == "selector" {
			one = said[0]
		}
		m.parts = append(m.parts, one)
	}
	return m.orNothing()
}

func stepMeaning(s Step) *meaning {
	m := structMeaning(reflect.ValueOf(s))
	if m == nil {
		m = &meaning{kind: fieldsMeaning}
	}
	do := meaningOf(reflect.ValueOf(s.Do))
	if do == nil {
		do = &meaning{kind: fieldsMeaning}
	}
	do.key = s.Verb
	m.parts = slices.Insert(m.parts, 0, do)
	m.name, m.path = s.Name, strings.TrimSuffix(s.Path, "."+s.Verb)
	if s.Name == "" {
		m.name = s.Verb
	}
	return m
}

func listOf(v reflect.Value) *meaning {
	m := &meaning{kind: listMeaning}
	for i := range v.Len() {
		one := meaningOf(v.Index(i))
		if one == nil {
			one = textLeaf("")
		}
		if one != nil {
			m.parts = append(m.parts, one)
		}
	}
	return m.orNothing()
}

func structMeaning(v reflect.Value) *meaning {
	fields := definition.Fields(v.Type())
	m := &meaning{kind: fieldsMeaning}
	if len(fields) == 0 {
		// Names and values, without tags: as it is.
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Type != reflect.TypeFor[document.Pos]() {
				m.add(strings.ToLower(f.Name), meaningOf(v.Field(i)))
			}
		}
		return m.orNothing()
	}
	standard := reflect.New(v.Type()).Elem()
	newDecoder("", nil, &Options{}).defaults(standard, cursor{})
	for _, f := range fields {
		one := meaningOf(v.FieldByIndex(f.Index))
		if one == nil {
			continue
		}
		usual := meaningOf(standard.FieldByIndex(f.Index))
		one.standard = one.standard && usual == nil || usual != nil && usual.String() == one.String()
		one.short = f.Tag.Get("short") == "true"
		m.add(f.Key, one)
	}
	return m.orNothing()
}

func (m *meaning) add(key string, one *meaning) {
	if one != nil {
		one.key = key
		m.parts = append(m.parts, one)
	}
}

func (m *meaning) orNothing() *meaning {
	if len(m.parts) == 0 {
		return nil
	}
	return m
}
