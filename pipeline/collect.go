package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"pipe/specs"
	"pipe/steps"
)

// collectOnce runs the steps that make up the list of items, and stages it as
// JSON: from there on it is read as any list is.
func (f *feeder) collectOnce(ctx context.Context, c *specs.Collect) (staged Staged, err error) {
	var list []any
	err = f.onSite(ctx, c.Timeout.Std(), func(ctx context.Context, page Page, scene *steps.Scene) error {
		_, err := f.guarded(ctx, page, scene, func(ctx context.Context) (steps.Delivery, error) {
			return nil, scene.Run(ctx, c.Steps)
		})
		if err != nil {
			page.Discard()
			return fmt.Errorf("collect: %w", located(err))
		}
		if list, err = c.Rows.List(scene.Values, "of items"); err != nil {
			return fmt.Errorf("source.collect.rows (%s): %w", f.cfg.Spec.PlaceOf("source.collect.rows"), err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	staged, err = f.stage(ctx, func(to io.Writer) error { return json.NewEncoder(to).Encode(list) })
	if err != nil {
		return nil, fmt.Errorf("collect: %w", err)
	}
	return staged, nil
}
