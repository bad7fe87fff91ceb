// Package record writes down what was found about the items: the records of the
// done ones, as files of CSV, of lines of JSON and as workbooks; package table,
// below it, puts them into a database. It reads records and writes where it is
// told, knows neither the ledger nor the output folder, and starts nothing of
// its own. Of the project it imports pipeline and orderedjson.
package record

import (
	"context"
	"fmt"
	"io"
	"iter"

	"pipe/pipeline"
)

// Ledger has the records.
type Ledger interface {
	// Records tells each done item once, in the source's order.
	Records(ctx context.Context) iter.Seq2[pipeline.RecordRow, error]
}

// Format is how a record file is written.
type Format string

// The formats of record files. In each, every done item has one record, in the
// source's order. A field named key or files takes the place of the record's
// own.
const (
	// CSV has a column for the item's key and then one for each field name, in
	// the order of their first appearance. Values are written as they are:
	// nothing guards a spreadsheet against a text that starts with "=".
	CSV Format = "csv"
	// JSONL has a line for each item: an object of the item's key, the fields
	// in their order, and files, the names of its files.
	JSONL Format = "jsonl"
	// XLSX is a workbook with the columns of CSV.
	XLSX Format = "xlsx"
)

// Kinds tells the sort of the fields' values, by name, as far as it matters to a
// workbook: date, or time for a date with a time of day.
type Kinds map[string]string

// writer writes the records of a ledger.
type writer struct {
	led   Ledger
	kinds Kinds
}

// Writer gives what writes all records in a format, as often as it is called.
func Writer(led Ledger, format Format, kinds Kinds) (func(context.Context, io.Writer) error, error) {
	w := writer{led, kinds}
	switch format {
	case CSV:
		return w.writeCSV, nil
	case XLSX:
		return w.writeXLSX, nil
	case JSONL:
		return w.writeJSONL, nil
	default:
		return nil, fmt.Errorf("unknown format %q, use %s, %s or %s", format, CSV, JSONL, XLSX)
	}
}
