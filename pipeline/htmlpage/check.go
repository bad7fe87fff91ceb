package htmlpage

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// Needs tells why a step by itself, or what is read on a page, cannot do without a page in
// a browser; "" where it can, as far as the spec says.
func Needs(part any) string {
	if step, is := part.(*specs.Step); is {
		if why := steps.WithoutPage(step); why != "" {
			return why
		}
		part = step.Do
	}
	return needsOf(reflect.ValueOf(part))
}

// needsOf goes through what a step is made of, but for the steps in it.
func needsOf(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() || v.Type() == reflect.TypeFor[*specs.Step]() {
			return ""
		}
		return needsOf(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if why := needsOf(v.Index(i)); why != "" {
				return why
			}
		}
	case reflect.Struct:
		if target, is := v.Interface().(specs.Target); is {
			return needsOfTarget(target)
		}
		if v.Type() == reflect.TypeFor[specs.Step]() {
			return ""
		}
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue
			}
			if why := needsOf(v.Field(i)); why != "" {
				return why
			}
		}
	}
	return ""
}

func needsOfTarget(t specs.Target) string {
	for _, l := range t.Any {
		if len(l.Frame) > 0 {
			return "what is in a frame is another document"
		}
		if l.Selector.Empty() {
			continue
		}
		var needs *steps.NeedsPageError
		if _, err := parseSelector(plain(l.Selector)); errors.As(err, &needs) {
			return fmt.Sprintf("the selector %q is for a browser alone (%s)", l.Selector.Raw(), needs.Reason)
		}
	}
	return ""
}

// plain is a selector in which a word stands for each expression.
func plain(t expr.Template) string {
	text := t.Raw()
	for strings.Contains(text, "${{") {
		before, after, _ := strings.Cut(text, "${{")
		_, after, _ = expr.CutExpression(after)
		text = before + "1" + after
	}
	return text
}
