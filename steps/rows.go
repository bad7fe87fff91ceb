package steps

import (
	"context"
	"fmt"

	"pipe/specs"
)

// ReadRows reads the rows that are there. absent says whether it is a failure when
// there is none.
func (s *StepContext) ReadRows(ctx context.Context, rows specs.Target, fields specs.Fields, absent string) ([]map[string]any, error) {
	if absent != "empty" {
		if err := s.withStepLimit(ctx, func(ctx context.Context) error { return s.awaitAttached(ctx, rows) }); err != nil {
			return nil, err
		}
	}
	loc, err := s.locate(rows)
	if err != nil {
		return nil, err
	}
	n, err := Call(ctx, "counting "+rows.String(), loc.Count)
	if err != nil {
		return nil, err
	}
	outer := s.root
	defer func() { s.root = outer }()
	out := make([]map[string]any, n)
	for i := range out {
		s.root, out[i] = loc.Nth(i), make(map[string]any, len(fields))
		for _, f := range fields {
			err := s.withStepLimit(ctx, func(ctx context.Context) (err error) {
				out[i][f.Name], err = s.ReadValue(ctx, f.Read)
				return err
			})
			if err != nil {
				return nil, fmt.Errorf("reading %s of row %d: %w", f.Name, i+1, err)
			}
		}
	}
	return out, nil
}
