package record

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// sheetName is the name of the workbook's one sheet.
const sheetName = "Records"

// writeXLSX writes the columns of the CSV file into a workbook. Numbers and
// truth values are such cells, texts are texts, also those that start with "=".
func (w writer) writeXLSX(ctx context.Context, out io.Writer) (err error) {
	cols, err := w.columns(ctx)
	if err != nil {
		return err
	}
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	if err := book.SetSheetName(book.GetSheetName(0), sheetName); err != nil {
		return err
	}
	// What is large it keeps on the disk.
	sheet, err := book.NewStreamWriter(sheetName)
	if err != nil {
		return err
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := sheet.SetRow("A1", anyOf(cols.names)); err != nil {
		return err
	}
	styles, err := dateStyles(book)
	if err != nil {
		return err
	}
	if err := w.sheetRows(ctx, sheet, &cols, styles); err != nil {
		return err
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return book.Write(out)
}

func (w writer) sheetRows(ctx context.Context, sheet *excelize.StreamWriter, cols *columns, styles map[string]int) error {
	line := 1
	for record, err := range w.led.Records(ctx) {
		if err != nil {
			return err
		}
		cells := make([]any, len(cols.names))
		cells[cols.places[keyName]] = record.Key
		late := false
		for _, field := range record.Fields {
			place, known := cols.places[field.Name]
			if late = !known; late {
				break // the next Write has it: see writeCSV
			}
			if kind := w.kinds[field.Name]; kind == "date" || kind == "time" {
				cells[place] = dateCell(field.Value, styles[kind])
			} else if cells[place], err = sheetCell(field.Value); err != nil {
				return fmt.Errorf("item %q: field %q %w", record.Key, field.Name, err)
			}
		}
		if late {
			continue
		}
		if line++; line > excelize.TotalRows {
			return fmt.Errorf("a sheet has room for %d records: write them to a .csv or .jsonl file", excelize.TotalRows-1)
		}
		if err := sheet.SetRow(fmt.Sprintf("A%d", line), cells); err != nil {
			return err
		}
	}
	return nil
}

// dateStyles are how cells show dates, with a time of day and without.
func dateStyles(book *excelize.File) (map[string]int, error) {
	styles := map[string]int{}
	for kind, format := range map[string]string{"date": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm:ss"} {
		var err error
		if styles[kind], err = book.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return nil, err
		}
	}
	return styles, nil
}

// firstDate is the first that is the same date in all programs: those before
// it are written as texts.
var firstDate = time.Date(1900, time.March, 1, 0, 0, 0, 0, time.UTC)

// dateCell is a date, as the record has it, as a cell that is one.
func dateCell(value any, style int) any {
	text, _ := value.(string)
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil && !at.Before(firstDate) {
			return excelize.Cell{StyleID: style, Value: at}
		}
	}
	return value
}

// exactMost is where Excel, whose numbers are floats of 15 digits, would begin
// to change a whole number.
const exactMost = 999_999_999_999_999

// sheetCell is a value as a cell can hold it.
func sheetCell(value any) (any, error) {
	switch value.(type) {
	case []any, map[string]any:
		value = cell(value)
	}
	switch v := value.(type) {
	case string:
		if utf8.RuneCountInString(v) > excelize.TotalCellChars {
			return nil, fmt.Errorf("has more than the %d characters that a cell can hold: write the records to a .csv or .jsonl file", excelize.TotalCellChars)
		}
		return v, nil
	case int64:
		if v > exactMost || v < -exactMost {
			return cell(v), nil
		}
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return cell(v), nil
		}
	}
	return value, nil
}

func anyOf(names []string) []any {
	all := make([]any, len(names))
	for i, name := range names {
		all[i] = name
	}
	return all
}
