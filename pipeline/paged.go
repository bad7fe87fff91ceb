package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"pipe/specs"
	"pipe/steps"
)

// siteTries is how often the site is asked for its items.
const siteTries = 3

// tried has the site give its items, on the first worker's page, which has
// nothing else to do until there are some.
func tried[T any](ctx context.Context, f *feeder, once func(context.Context) (T, error)) (T, error) {
	var failed error
	var none T
	tries := cmp.Or(f.tries, siteTries)
	for try := range tries {
		got, err := once(ctx)
		if err == nil {
			return got, nil
		}
		var refused *LoginError
		if ctx.Err() != nil || errors.As(err, &refused) || try == tries-1 {
			return none, err
		}
		failed = err
		class, asked := classify(err)
		if err := pause(ctx, max(asked, ruleFor(&f.cfg.Spec.Retry, class).wait(try+1))); err != nil {
			return none, err
		}
		f.cfg.Log.WarnContext(ctx, "the source could not be read, trying again", "error", f.redact(err.Error()))
	}
	return none, failed
}

// tableOnce reads the rows of the site's table, on all its pages.
func (f *feeder) tableOnce(ctx context.Context, t *specs.Table) (rows []Row, err error) {
	err = f.onSite(ctx, t.Timeout.Std(), func(ctx context.Context, page Page, scene *steps.Scene) error {
		_, err := f.guarded(ctx, page, scene, func(ctx context.Context) (steps.Delivery, error) {
			var err error
			rows, err = readTable(ctx, scene, t, f.cfg.Spec.Timeouts)
			return nil, err
		})
		if err != nil {
			page.Discard()
			return fmt.Errorf("table: %w", located(err))
		}
		return nil
	})
	return rows, err
}

func readTable(ctx context.Context, scene *steps.Scene, t *specs.Table, limits specs.Timeouts) ([]Row, error) {
	if !t.Goto.Empty() {
		url, err := t.Goto.Text(scene.Values)
		if err != nil {
			return nil, err
		}
		if err := within(ctx, limits.Step.Std(), func(ctx context.Context) error { return scene.Goto(ctx, url, "load") }); err != nil {
			return nil, err
		}
	}
	if err := scene.Run(ctx, t.Steps); err != nil {
		return nil, err
	}
	var rows []Row
	read := func(int) error {
		found, err := scene.Rows(ctx, t.Rows, t.Fields, t.Absent)
		for _, fields := range found {
			rows = append(rows, Row{Fields: asTexts(fields)})
		}
		return err
	}
	if t.Paginate == nil {
		err := read(1)
		return rows, err
	}
	_, err := scene.Pages(ctx, t.Paginate, t.Rows, "", read)
	return rows, err
}

// asTexts gives a row as a file would: all its values are texts.
func asTexts(fields map[string]any) map[string]any {
	for name, v := range fields {
		switch v := v.(type) {
		case string:
		case nil:
			fields[name] = ""
		default:
			fields[name] = fmt.Sprint(v)
		}
	}
	return fields
}
