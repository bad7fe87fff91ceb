package specs

import (
	"fmt"
	"reflect"
	"sort"
	"strings"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Fingerprint is a text that two parts of specs share when they say the same,
// wherever they stand.
func Fingerprint(part any) string {
	var b strings.Builder
	fingerprint(&b, reflect.ValueOf(part))
	return b.String()
}

func fingerprint(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Invalid:
		b.WriteString("-")
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("-")
			return
		}
		fingerprint(b, v.Elem())
	case reflect.Slice:
		b.WriteString("[")
		for i := range v.Len() {
			fingerprint(b, v.Index(i))
			b.WriteString(",")
		}
		b.WriteString("]")
	case reflect.Map:
		keys := v.MapKeys()
		sort.Slice(keys, func(i, j int) bool { return fmt.Sprint(keys[i]) < fmt.Sprint(keys[j]) })
		for _, k := range keys {
			fmt.Fprintf(b, "%q:", fmt.Sprint(k))
			fingerprint(b, v.MapIndex(k))
			b.WriteString(",")
		}
	case reflect.Struct:
		fingerprintStruct(b, v)
	default:
		fmt.Fprintf(b, "%q", fmt.Sprint(v))
	}
}

func fingerprintStruct(b *strings.Builder, v reflect.Value) {
	switch x := v.Interface().(type) {
	case document.Pos:
		return
	case expr.AnyTemplate:
		fmt.Fprintf(b, "%q", x.Raw())
		return
	case expr.Condition:
		fmt.Fprintf(b, "%q", x.String())
		return
	}
	b.WriteString("{")
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || v.Type() == reflect.TypeFor[Step]() && f.Name == "Path" {
			continue
		}
		fmt.Fprintf(b, "%s:", f.Name)
		fingerprint(b, v.Field(i))
		b.WriteString(" ")
	}
	b.WriteString("}")
}
