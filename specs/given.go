package specs

import (
	"reflect"
	"slices"

	"pipe/specs/expr"
	"pipe/specs/secret"
)

// takeForGiven has every environment variable and every secret be there, with a value that
// nobody knows.
func (o *Options) takeForGiven() {
	o.Env = func(string) (string, bool) { return "", true }
	o.Secrets = secret.New(o.Env)
}

// MadeOfEnvironment tells whether a part of the spec has expressions that need an
// environment variable or a secret, be it by way of a var or an account.
func (s *Spec) MadeOfEnvironment(part any) bool {
	names := []string{"env", "secret"}
	if s.Login != nil && s.anyTemplate(s.Login.Accounts, names) {
		names = append(names, "account")
	}
	return s.anyTemplate(part, names)
}

// anyTemplate tells whether a template in a part names one of these, or a var that does.
func (s *Spec) anyTemplate(part any, names []string) bool {
	return anyTemplate(reflect.ValueOf(part), func(t expr.Template) bool { return s.needs(t, names) })
}

func (s *Spec) needs(t expr.Template, names []string) bool {
	if slices.ContainsFunc(names, func(name string) bool { return t.Names(name, "") }) {
		return true
	}
	vars, others, _ := t.FieldsOf("vars")
	return others || slices.ContainsFunc(vars, func(name string) bool {
		of := s.Vars.byKey[name]
		return of != nil && s.needs(*of, names)
	})
}

// anyTemplate looks at the templates of a value until one is as wanted.
func anyTemplate(v reflect.Value, is func(expr.Template) bool) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && anyTemplate(v.Elem(), is)
	case reflect.Slice:
		for i := range v.Len() {
			if anyTemplate(v.Index(i), is) {
				return true
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if anyTemplate(v.MapIndex(key), is) {
				return true
			}
		}
	case reflect.Struct:
		held := reflect.New(v.Type())
		held.Elem().Set(v)
		if t := expr.TemplateOf(held.Interface()); t != nil {
			return is(*t)
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && anyTemplate(v.Field(i), is) {
				return true
			}
		}
	}
	return false
}
