package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"

	"pipe/specs"
	"pipe/steps"
)

// Recheck proves a file in its place once more, by what the spec now expects of
// it. prove is the proof of that file. The error is a *ProofError when the file
// is not as expected, and an *UncheckedError when that cannot be told.
func Recheck(ctx context.Context, spec *specs.Spec, row PlacedRow, prove func(context.Context, Expectation) (Proof, error)) error {
	capture, err := captureOf(spec, row.File.Step)
	if err != nil {
		return err
	}
	values := accountValues(spec, row.Account).With("item", row.Item).With("steps", row.Found)
	if set, ok := row.Found[setVars].(map[string]any); ok {
		of, _ := set[row.File.Name].(map[string]any)
		vars := maps.Clone(spec.Values["vars"].(map[string]any))
		maps.Copy(vars, of)
		values = values.With("vars", vars)
	}
	c, err := capture.Expected(values)
	if err != nil {
		return &UncheckedError{err.Error()}
	}
	if c.Many {
		// It has the name that the archive gave it.
		c.Many, c.Name = false, row.File.Name
	}
	proof, err := prove(ctx, expectation(&c))
	if err != nil {
		return err
	}
	row.File.Type, row.File.Pages = proof.Type, proof.Pages
	return matches(&c, row.File, proof)
}

// UncheckedError says why a file cannot be held against the spec.
type UncheckedError struct{ Reason string }

func (e *UncheckedError) Error() string { return e.Reason }

// captureOf finds the capture that took a file. One that is on record without
// it can only be of the spec's one capture.
func captureOf(spec *specs.Spec, path string) (*steps.Capture, error) {
	var all []*steps.Capture
	var found *steps.Capture
	for _, list := range [][]specs.Step{spec.Navigate.Steps, spec.Download} {
		steps.Walk(list, func(s *specs.Step) {
			c, ok := s.Do.(*steps.Capture)
			if ok && s.Path == path {
				found = c
			}
			if ok {
				all = append(all, c)
			}
		})
	}
	if found != nil {
		return found, nil
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return nil, &UncheckedError{fmt.Sprintf("the spec has no %s any more, which took it: its bytes are as on record, what it should be is not known", path)}
}

func pathOf(s *specs.Step) string {
	if s == nil {
		return ""
	}
	return s.Path
}

// maxFound bounds what is kept of the values of an item's steps, in bytes.
const maxFound = 64 << 10

// found gives the values of an attempt's named steps as the ledger may keep
// them. Those of more than maxFound are no keys and no numbers: none is kept.
func (r *run) found(a *attempt) map[string]any {
	found, _ := a.values["steps"].(map[string]any)
	kept := make(map[string]any, len(found))
	maps.Copy(kept, found)
	if set := r.setVars(a); len(set) > 0 {
		kept[setVars] = set
	}
	text, err := json.Marshal(kept)
	if err != nil || len(text) > maxFound {
		return nil
	}
	var plain map[string]any
	if err := json.Unmarshal(text, &plain); err != nil {
		return nil
	}
	redacted, _ := r.redactAll(plain).(map[string]any)
	return redacted
}

// setVars is where the vars that steps have set are kept, by the name of the file
// that was caught with them: no step has such a name.
const setVars = "$vars"

func (r *run) setVars(a *attempt) map[string]any {
	own, _ := r.cfg.Spec.Values["vars"].(map[string]any)
	set := map[string]any{}
	for i, f := range a.files {
		if i >= len(a.captures) || f.Name == "" {
			continue
		}
		vars := map[string]any{}
		for name, v := range a.captures[i].Vars() {
			if before, known := own[name]; !known || !reflect.DeepEqual(before, v) {
				vars[name] = v
			}
		}
		if len(vars) > 0 {
			set[f.Name] = vars
		}
	}
	return set
}

// redactAll takes the secrets out of all texts of a value that came from JSON.
func (r *run) redactAll(v any) any {
	switch v := v.(type) {
	case string:
		return r.redact(v)
	case []any:
		for i := range v {
			v[i] = r.redactAll(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = r.redactAll(v[name])
		}
	}
	return v
}
