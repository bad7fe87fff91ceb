package record

import (
	"context"
	"fmt"
	"io"
	"slices"

	"pipe/pipeline"
	"pipe/pipeline/orderedjson"
)

// The names of what a record has beside its fields.
const (
	keyName   = "key"
	filesName = "files"
)

func hasField(record pipeline.RecordRow, name string) bool {
	return slices.ContainsFunc(record.Fields, func(f pipeline.Field) bool { return f.Name == name })
}

// writeJSONL writes one object a line.
func (w writer) writeJSONL(ctx context.Context, out io.Writer) error {
	for record, err := range w.led.Records(ctx) {
		if err != nil {
			return err
		}
		if err := writeObject(out, record); err != nil {
			return fmt.Errorf("item %q: %w", record.Key, err)
		}
	}
	return nil
}

func writeObject(out io.Writer, record pipeline.RecordRow) error {
	fields := slices.Clone(record.Fields)
	if !hasField(record, keyName) {
		fields = slices.Insert(fields, 0, pipeline.Field{Name: keyName, Value: record.Key})
	}
	if !hasField(record, filesName) {
		names := append([]string{}, record.Files...) // [] and not null
		fields = append(fields, pipeline.Field{Name: filesName, Value: names})
	}
	line := orderedjson.NewObject(out, " ")
	for _, field := range fields {
		if err := line.Add(field.Name, field.Value); err != nil {
			return err
		}
	}
	return line.End()
}
