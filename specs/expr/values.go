package expr

// Values are the values of one evaluation, by the names of the environment:
// item, account, env, secret, vars, file, steps.
type Values map[string]any

// With gives a copy in which name has another value.
func (v Values) With(name string, value any) Values {
	out := make(Values, len(v)+1)
	for k, x := range v {
		out[k] = x
	}
	out[name] = value
	return out
}
