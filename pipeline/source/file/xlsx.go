package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// XLSXOptions tell what a workbook does not tell itself.
type XLSXOptions struct {
	// Sheet is the sheet's name; "" is the first.
	Sheet string
	// Header is the number of the row with the columns' names; 0 is the first row
	// with anything in it.
	Header int
	// Found is told, once, what the file turned out to be; nil for nobody.
	Found func(what string)
}

// XLSX reads the rows of a sheet, once, as Excel shows them. Large sheets are
// unpacked on the disk, so that they take no memory.
func XLSX(ctx context.Context, r io.Reader, opts XLSXOptions) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		book, err := excelize.OpenReader(r)
		if err != nil {
			yield(Row{}, fmt.Errorf("reading the workbook: %w: is it an .xlsx file, without a password?", err))
			return
		}
		defer func() { _ = book.Close() }()
		sheet := opts.Sheet
		if sheet == "" {
			sheet = book.GetSheetName(0)
		}
		if !slices.Contains(book.GetSheetList(), sheet) {
			yield(Row{}, fmt.Errorf("the workbook has no sheet %q, it has %s", sheet, strings.Join(book.GetSheetList(), ", ")))
			return
		}
		cells, err := book.Rows(sheet)
		if err != nil {
			yield(Row{}, fmt.Errorf("reading the workbook: %w", err))
			return
		}
		defer func() { _ = cells.Close() }()
		s := &sheetReader{cells: cells}
		if err := s.header(opts.Header); err != nil {
			yield(Row{}, err)
			return
		}
		if opts.Found != nil {
			opts.Found(fmt.Sprintf("sheet %q with its header in row %d: %s", sheet, s.line, listColumns(s.columns)))
		}
		s.rows(ctx, yield)
	}
}

type sheetReader struct {
	cells   *excelize.Rows
	columns []Column
	line    int
}

// next gives the next row with anything in it.
func (s *sheetReader) next() ([]string, error) {
	for s.cells.Next() {
		s.line++
		values, err := s.cells.Columns()
		if err != nil {
			return nil, fmt.Errorf("reading the workbook: row %d: %w", s.line, err)
		}
		if !isBlank(strings.Join(values, "")) {
			return values, nil
		}
	}
	if err := s.cells.Error(); err != nil {
		return nil, fmt.Errorf("reading the workbook: %w", err)
	}
	return nil, io.EOF
}

func (s *sheetReader) header(at int) error {
	for {
		values, err := s.next()
		switch {
		case errors.Is(err, io.EOF) && at > 0:
			return fmt.Errorf("the sheet has no header row %d", at)
		case errors.Is(err, io.EOF):
			return errors.New("the sheet is empty: it has no header row")
		case err != nil:
			return err
		case at > 0 && s.line > at:
			return fmt.Errorf("the header row %d is empty", at)
		case at == 0 || s.line == at:
			s.columns = nameColumns(values)
			return nil
		}
	}
}

func (s *sheetReader) rows(ctx context.Context, yield func(Row, error) bool) {
	for {
		if err := context.Cause(ctx); err != nil {
			yield(Row{}, fmt.Errorf("reading the workbook: %w", err))
			return
		}
		values, err := s.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(Row{}, err)
			return
		}
		if row, err := s.row(values); !yield(row, err) {
			return
		}
	}
}

// row names a row's cells. The empty ones at its end are not in the file.
func (s *sheetReader) row(values []string) (Row, error) {
	for len(values) > len(s.columns) && isBlank(values[len(values)-1]) {
		values = values[:len(values)-1]
	}
	if len(values) > len(s.columns) {
		return Row{}, &RowError{Line: s.line, Reason: raggedReason(values, len(s.columns))}
	}
	fields := make(map[string]any, 2*len(s.columns))
	for i, column := range s.columns {
		value := ""
		if i < len(values) {
			value = values[i]
		}
		fields[column.Header] = value
		if column.Ident != "" {
			fields[column.Ident] = value
		}
	}
	return Row{Line: s.line, Fields: fields}, nil
}
