package source

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// collected runs the steps that make up the list of items, and reads that.
func (s *Source) collected(ctx context.Context, c *specs.Collect) (iter.Seq2[pipeline.Row, error], func(), error) {
	staged, err := attempted(ctx, s, func(ctx context.Context) (pipeline.Staged, error) { return s.collectOnce(ctx, c) })
	if err != nil {
		return nil, func() {}, err
	}
	s.name = "the collected list's"
	return s.ReadRows(ctx, pipeline.Table{Format: "json", Path: staged.Path()}), staged.Discard, nil
}

// collectOnce stages the list as JSON: from there on it is read as any list is.
func (s *Source) collectOnce(ctx context.Context, c *specs.Collect) (pipeline.Staged, error) {
	var list []any
	err := s.onSite(ctx, c.Timeout.Std(), func(ctx context.Context, page pipeline.Page, on *steps.StepContext) error {
		err := pipeline.WhileWatched(ctx, page, on, func(ctx context.Context) error { return on.Run(ctx, c.Steps) })
		if err != nil {
			return fmt.Errorf("collect: %w", pipeline.Located(err))
		}
		if list, err = c.Rows.List(on.Values, "of items"); err != nil {
			return fmt.Errorf("source.collect.rows (%s): %w", s.Spec.PlaceOf("source.collect.rows"), err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	staged, err := s.stage(ctx, func(to io.Writer) error { return json.NewEncoder(to).Encode(list) })
	if err != nil {
		return nil, fmt.Errorf("collect: %w", err)
	}
	return staged, nil
}
