package steps

import (
	"maps"

	"pipe/specs"
)

// setValue keeps what the step under way found, for steps.NAME.
func (s *StepContext) setValue(v any) {
	if s.value = v; s.details != nil {
		s.details.value = v
	}
}

// setResult gives a value the name under which expressions know it. What has the
// values of before keeps them.
func (s *StepContext) setResult(name string, v any) {
	results := maps.Clone(s.results)
	if results == nil {
		results = map[string]any{}
	}
	results[name] = v
	s.results = results
	s.Values = s.Values.With("steps", results)
}

// SetVar gives vars.NAME a value. What has the values of before keeps them.
func (s *StepContext) SetVar(name specs.VarName, v any) {
	before, _ := s.Values["vars"].(map[string]any)
	vars := make(map[string]any, len(before)+1)
	maps.Copy(vars, before)
	vars[string(name)] = v
	s.Values = s.Values.With("vars", vars)
}

// currentVars are those of now.
func (s *StepContext) currentVars() map[string]any {
	vars, _ := s.Values["vars"].(map[string]any)
	return vars
}

// restoreVars gives vars of a loop's own the values that they had before it.
func (s *StepContext) restoreVars(before map[string]any, names ...specs.VarName) {
	for _, name := range names {
		if name != "" {
			s.SetVar(name, before[string(name)])
		}
	}
}
