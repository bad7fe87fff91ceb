package file

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/xuri/excelize/v2"
)

// XLSX reads the rows of a sheet, once, as Excel shows them, hidden ones too.
// Large sheets are unpacked on the disk, so that they take no memory.
func XLSX(ctx context.Context, r io.Reader, opts XLSXOptions) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		text, err := readWhole(r)
		if err != nil {
			yield(Row{}, err)
			return
		}
		book, err := openArchive(text)
		if err != nil {
			yield(Row{}, err)
			return
		}
		readBook(ctx, book, opts)(yield)
	}
}

// xlsxBook is an Excel workbook. The library gives the cells as Excel shows them,
// and no word of what it could not read: that is seen in the sheet itself.
type xlsxBook struct {
	text  []byte
	parts xlsxParts
}

func openXLSX(text []byte, names map[string]*zip.File) (workbook, error) {
	parts, err := findParts(names)
	if err != nil {
		return nil, fmt.Errorf("reading the workbook: %w", err)
	}
	return &xlsxBook{text, parts}, nil
}

func (b *xlsxBook) kind() string     { return "a workbook (.xlsx)" }
func (b *xlsxBook) part() string     { return "sheet" }
func (b *xlsxBook) sheets() []string { return b.parts.order }

func (b *xlsxBook) open(sheet string) (records, func(), error) {
	book, err := excelize.OpenReader(bytes.NewReader(b.text))
	if err != nil {
		return nil, nil, fmt.Errorf("reading the workbook: %w", err)
	}
	rows := &xlsxRows{}
	closeRows := func() {
		rows.close()
		_ = book.Close()
	}
	if rows.cells, err = book.Rows(sheet); err == nil {
		rows.scan, err = b.parts.scan(sheet)
	}
	if err != nil {
		closeRows()
		return nil, nil, fmt.Errorf("reading the workbook: %w", err)
	}
	return rows, closeRows, nil
}

// xlsxRows are a sheet's rows.
type xlsxRows struct {
	cells *excelize.Rows
	scan  *sheetScan
	line  int
	// merged are the values of the rows above that cells merged downwards have, by
	// column.
	merged map[int]mergedCell
}

func (x *xlsxRows) close() {
	if x.cells != nil {
		_ = x.cells.Close()
	}
	if x.scan != nil {
		x.scan.close()
	}
}

// next gives the next row with anything in it.
func (x *xlsxRows) next() (record, error) {
	for x.cells.Next() {
		x.line++
		values, err := x.cells.Columns()
		if err != nil {
			return record{}, fmt.Errorf("reading the workbook: row %d: %w", x.line, err)
		}
		raw, err := x.scan.row(x.line)
		if err != nil {
			return record{}, fmt.Errorf("reading the workbook: row %d: %w", x.line, err)
		}
		rec := record{line: x.line, fields: values}
		if rec.bad = raw.correct(values, x.scan.strings); rec.width() == 0 && rec.bad == "" {
			continue
		}
		rec.fields = x.unmerge(values)
		return rec, nil
	}
	if err := x.cells.Error(); err != nil {
		return record{}, fmt.Errorf("reading the workbook: %w", err)
	}
	if err := x.scan.end(x.line); err != nil {
		return record{}, fmt.Errorf("reading the workbook: %w", err)
	}
	return record{}, io.EOF
}

// mergedCell is a value that goes for the rows down to one.
type mergedCell struct {
	value string
	last  int
}

// unmerge gives the cells that are merged with one above them its value.
func (x *xlsxRows) unmerge(values []string) []string {
	for column, last := range x.scan.merges[x.line] {
		if column < len(values) {
			if x.merged == nil {
				x.merged = map[int]mergedCell{}
			}
			x.merged[column] = mergedCell{values[column], last}
		}
	}
	for column, from := range x.merged {
		if from.last < x.line {
			delete(x.merged, column)
			continue
		}
		for len(values) <= column {
			values = append(values, "")
		}
		if values[column] == "" {
			values[column] = from.value
		}
	}
	return values
}
