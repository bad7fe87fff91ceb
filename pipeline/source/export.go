package source

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// exported has the site export its list, and reads that.
func (s *Source) exported(ctx context.Context, ex *specs.Export) (iter.Seq2[pipeline.Row, error], func(), error) {
	staged, err := attempted(ctx, s, func(ctx context.Context) (pipeline.Staged, error) { return s.exportOnce(ctx, ex) })
	if err != nil {
		return nil, func() {}, err
	}
	s.name = "the export's"
	rows := s.ReadRows(ctx, pipeline.Table{
		Format: ex.Format, Path: staged.Path(), Delimiter: delimiter(ex.Delimiter), Sheet: ex.Sheet, Header: ex.Header, At: ex.At, Found: s.found,
	})
	return rows, staged.Discard, nil
}

func (s *Source) exportOnce(ctx context.Context, ex *specs.Export) (staged pipeline.Staged, err error) {
	err = s.onSite(ctx, ex.Timeout.Std(), func(ctx context.Context, page pipeline.Page, on *steps.StepContext) error {
		var delivery steps.Delivery
		err := pipeline.WhileWatched(ctx, page, on, func(ctx context.Context) (err error) {
			delivery, err = on.CaptureFile(ctx, ex.Steps, steps.CaptureOptions{
				Kind: ex.Format,
				Accepts: func(ctx context.Context, file *os.File, got steps.Receipt) error {
					_, err := s.Store.Examine(ctx, file, pipeline.Expectation{Type: ex.Format, OpenEnd: got.OpenEnd && !ex.OpenEnd})
					return err
				},
			})
			return err
		})
		if err != nil {
			page.Discard()
			return fmt.Errorf("export: %w", pipeline.Located(err))
		}
		staged, err = s.receive(ctx, delivery, ex)
		return err
	})
	return staged, err
}

// receive stages a file that the site delivers, and proves its type.
func (s *Source) receive(ctx context.Context, delivery steps.Delivery, ex *specs.Export) (pipeline.Staged, error) {
	defer delivery.Discard()
	want := pipeline.Expectation{Type: ex.Format}
	staged, err := s.stage(ctx, func(to io.Writer) error {
		got, err := delivery.Receive(ctx, to)
		want.OpenEnd = got.OpenEnd && !ex.OpenEnd
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	if _, err := s.Store.Prove(ctx, staged, want); err != nil {
		staged.Discard()
		return nil, fmt.Errorf("export: %w", err)
	}
	return staged, nil
}
