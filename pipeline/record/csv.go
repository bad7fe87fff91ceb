package record

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"pipe/pipeline"
	"pipe/pipeline/orderedjson"
)

// columns are the names of a CSV file's columns and their places.
type columns struct {
	names  []string
	places map[string]int
}

func (c *columns) add(name string) {
	if _, known := c.places[name]; !known {
		c.places[name] = len(c.names)
		c.names = append(c.names, name)
	}
}

// columns reads all records for the names of their fields.
func (w writer) columns(ctx context.Context) (columns, error) {
	cols := columns{places: map[string]int{}}
	cols.add(keyName)
	for record, err := range w.led.Records(ctx) {
		if err != nil {
			return cols, err
		}
		for _, field := range record.Fields {
			cols.add(field.Name)
		}
	}
	return cols, nil
}

// writeCSV reads the records twice, so as not to hold them in memory. Lines end
// in LF: CRLF would change the line ends within values.
func (w writer) writeCSV(ctx context.Context, out io.Writer) error {
	cols, err := w.columns(ctx)
	if err != nil {
		return err
	}
	lines := csv.NewWriter(out)
	if err := lines.Write(cols.names); err != nil {
		return err
	}
	for record, err := range w.led.Records(ctx) {
		if err != nil {
			return err
		}
		cells, err := cols.cells(record)
		if errors.Is(err, errNewColumn) {
			// It was committed between the two readings, and so the ledger has
			// a new version: the next Write has the item.
			continue
		}
		if err := lines.Write(cells); err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}

// errNewColumn is the error of a record with a field that has no column.
var errNewColumn = errors.New("the field has no column")

func (c *columns) cells(record pipeline.RecordRow) ([]string, error) {
	cells := make([]string, len(c.names))
	cells[c.places[keyName]] = record.Key
	for _, field := range record.Fields {
		place, known := c.places[field.Name]
		if !known {
			return nil, errNewColumn
		}
		cells[place] = cell(field.Value)
	}
	return cells, nil
}

// cell is a value as text.
func cell(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any, map[string]any:
		text, err := orderedjson.Encode(v)
		if err != nil {
			return fmt.Sprint(v) // it came from JSON
		}
		return string(text)
	default:
		return fmt.Sprint(v)
	}
}
