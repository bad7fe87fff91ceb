package export

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"pipe/pipeline/orderedjson"
	"pipe/pipeline/report/spreadsheet"
)

// writeJSON writes one array, each row on a line of its own.
func writeJSON[T any](w io.Writer, rows iter.Seq2[T, error]) error {
	out := bufio.NewWriter(w)
	between := "[\n"
	for row, err := range rows {
		if err != nil {
			return err
		}
		text, err := orderedjson.Encode(row)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s%s", between, orderedjson.Quiet(text))
		between = ",\n"
	}
	if between == "[\n" {
		fmt.Fprint(out, "[")
	}
	fmt.Fprint(out, "\n]\n")
	return out.Flush()
}

// Column is a column of a table.
type Column struct{ Name, Doc string }

// Columns are those of a table.
func Columns(table string) []Column {
	of := map[string]reflect.Type{"items": reflect.TypeFor[Item](), "attempts": reflect.TypeFor[Attempt](), "runs": reflect.TypeFor[Run](), "files": reflect.TypeFor[File]()}[table]
	var columns []Column
	for i := range of.NumField() {
		f := of.Field(i)
		columns = append(columns, Column{f.Tag.Get("json"), f.Tag.Get("doc")})
	}
	return columns
}

// writeCSV writes a heading and a line for each row, for a spreadsheet.
func writeCSV[T any](w io.Writer, rows iter.Seq2[T, error]) error {
	out := csv.NewWriter(w)
	of := reflect.TypeFor[T]()
	cells := make([]string, of.NumField())
	for i := range cells {
		cells[i] = of.Field(i).Tag.Get("json")
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		v := reflect.ValueOf(row)
		for i := range cells {
			cells[i] = cell(v.Field(i).Interface())
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// cell is a value as text.
func cell(value any) string {
	switch v := value.(type) {
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case *time.Time:
		if v == nil {
			return ""
		}
		return v.Format(time.RFC3339Nano)
	case *int64:
		if v == nil {
			return ""
		}
		return strconv.FormatInt(*v, 10)
	case []string:
		return spreadsheet.Cell(strings.Join(v, "; "))
	default:
		return spreadsheet.Cell(fmt.Sprint(v))
	}
}

const (
	// rowsOfGroup is how many rows a group of a Parquet file has: a group is held in
	// memory. rowsAtOnce are handed over together.
	rowsOfGroup = 20_000
	rowsAtOnce  = 500
)

// writeParquet writes a Parquet file, compressed by Zstandard.
func writeParquet[T any](w io.Writer, rows iter.Seq2[T, error]) error {
	out := parquet.NewGenericWriter[T](w, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowsOfGroup))
	batch := make([]T, 0, rowsAtOnce)
	flush := func() error {
		_, err := out.Write(batch)
		batch = batch[:0]
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if batch = append(batch, row); len(batch) == rowsAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return out.Close()
}
