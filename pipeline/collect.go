package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"pipe/specs"
	"pipe/steps"
)

// collectOnce runs the steps that make up the list of items, and stages it as
// JSON: from there on it is read as any list is.
func (f *feeder) collectOnce(ctx context.Context, c *specs.Collect) (staged Staged, err error) {
	var list any
	err = f.onSite(ctx, c.Timeout.Std(), func(ctx context.Context, page Page, scene *steps.Scene) error {
		_, err := f.guarded(ctx, page, scene, func(ctx context.Context) (steps.Delivery, error) {
			return nil, scene.Run(ctx, c.Steps)
		})
		if err != nil {
			page.Discard()
			return fmt.Errorf("collect: %w", located(err))
		}
		if list, err = c.Rows.Value(scene.Values); err == nil {
			err = wantList(c.Rows, list)
		}
		if err != nil {
			return fmt.Errorf("source.collect.rows (%s): %w", f.cfg.Spec.PlaceOf("source.collect.rows"), err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f.stage(ctx, list)
}

// wantList tells of rows that are none.
func wantList(rows specs.Template, v any) error {
	if kind := reflect.ValueOf(v).Kind(); kind == reflect.Slice || kind == reflect.Array {
		return nil
	}
	return &specs.EvalError{Code: rows.Raw(), Err: fmt.Errorf("want a list of items, not %.100v", v)}
}

func (f *feeder) stage(ctx context.Context, list any) (Staged, error) {
	staged, err := f.cfg.Store.Create(ctx)
	if err != nil {
		return nil, err
	}
	if err = json.NewEncoder(staged).Encode(list); err == nil {
		err = staged.Close()
	}
	if err != nil {
		staged.Discard()
		return nil, fmt.Errorf("collect: %w", err)
	}
	return staged, nil
}
