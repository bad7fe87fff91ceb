package engine

import (
	"context"
	"fmt"
	"maps"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// Recheck proves a file in its place once more, by what the spec now expects of
// it. prove is the proof of that file. The error is a *ProofError when the file
// is not as expected, and an *UncheckedError when that cannot be told.
func Recheck(ctx context.Context, spec *specs.Spec, row pipeline.PlacedRow, prove func(context.Context, pipeline.Expectation) (pipeline.Proof, error)) error {
	capture, err := captureOf(spec, row.File.Step)
	if err != nil {
		return err
	}
	values := pipeline.AccountValues(spec, row.Account).With("item", row.Item).With("steps", row.Found)
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
	if c.Many || c.Late {
		// It has the name that the archive or the site gave it.
		c.Many, c.Late, c.Name = false, false, row.File.Name
	}
	if names, ok := row.Found[siteNames].(map[string]any); ok {
		row.File.SiteName, _ = names[row.File.Name].(string)
	}
	proof, err := prove(ctx, expectation(&c, false))
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
	for _, list := range [][]specs.Step{spec.Navigate.Steps, spec.Download.Steps} {
		steps.WalkSteps(list, func(s *specs.Step) {
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
