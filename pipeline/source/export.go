package source

import (
	"bytes"
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
		Format: ex.Format, Path: staged.Path(), Delimiter: delimiter(ex.Delimiter), Encoding: ex.Encoding, Columns: ex.Columns,
		Sheet: ex.Sheet, Header: ex.Header, Wanted: s.Spec.WantedColumns(), At: ex.At, Found: s.found,
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
					return s.accepts(ctx, file, ex.Format, got.OpenEnd && !ex.OpenEnd)
				},
			})
			return err
		})
		if err != nil {
			return fmt.Errorf("export: %w", pipeline.Located(err))
		}
		staged, err = s.receive(ctx, delivery, ex)
		return err
	})
	if err != nil && staged != nil {
		staged.Discard()
	}
	return staged, err
}

// receive stages a file that the site delivers, and proves its type.
func (s *Source) receive(ctx context.Context, delivery steps.Delivery, ex *specs.Export) (pipeline.Staged, error) {
	defer delivery.Discard()
	open := false
	staged, err := s.stage(ctx, func(to io.Writer) error {
		got, err := delivery.Receive(ctx, to)
		open = got.OpenEnd && !ex.OpenEnd
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	if err := s.proveTable(ctx, staged, ex.Format, open); err != nil {
		staged.Discard()
		return nil, fmt.Errorf("export: %w", err)
	}
	return staged, nil
}

func (s *Source) proveTable(ctx context.Context, staged pipeline.Staged, format string, open bool) error {
	if _, err := s.Store.Prove(ctx, staged, pipeline.Expectation{Type: "any", OpenEnd: open}); err != nil {
		return err
	}
	file, err := os.Open(staged.Path())
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return s.accepts(ctx, file, format, open)
}

// accepts tells whether a file may have the list. What it is called and what the
// spec says is a hint: sites send tables as pages called .xls, and CSV files as
// workbooks. A page without a table, above all the login page, is none. open is true
// where nothing but the end of the connection says where the file ends.
func (s *Source) accepts(ctx context.Context, file *os.File, format string, open bool) error {
	proof, err := s.Store.Examine(ctx, file, pipeline.Expectation{Type: "any", OpenEnd: open})
	if err != nil {
		return err
	}
	want := ""
	switch proof.Type {
	case "pdf", "image", "docx", "pptx":
		want = "xlsx"
		if format == "csv" {
			want = format
		}
	case "html":
		head, err := io.ReadAll(io.NewSectionReader(file, 0, exportHead))
		if err != nil {
			return fmt.Errorf("looking at the export: %w", err)
		}
		if format != "json" && bytes.Contains(bytes.ToLower(head), []byte("<table")) && !pipeline.AsksForPassword(head) {
			return nil
		}
	}
	_, err = s.Store.Examine(ctx, file, pipeline.Expectation{Type: want, OpenEnd: open})
	return err
}

// exportHead is how much of a page is looked at for a table.
const exportHead = 1 << 20
