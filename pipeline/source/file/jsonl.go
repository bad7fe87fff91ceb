package file

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// JSONL reads a file with one object a line, once. Empty lines are skipped.
func JSONL(ctx context.Context, r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		lines := bufio.NewScanner(transform.NewReader(r, unicode.BOMOverride(transform.Nop)))
		lines.Buffer(make([]byte, 0, sampleBytes), maxRecord)
		n := 1
		for ; lines.Scan(); n++ {
			if err := context.Cause(ctx); err != nil {
				yield(Row{}, fmt.Errorf("reading JSON lines: %w", err))
				return
			}
			if len(bytes.TrimSpace(lines.Bytes())) == 0 {
				continue
			}
			row := Row{Line: n}
			fields, err := objectFields(lines.Bytes())
			if err != nil {
				err = &RowError{Line: n, Reason: err.Error()}
			} else {
				row.Fields = fields
			}
			if !yield(row, err) {
				return
			}
		}
		err := lines.Err()
		if errors.Is(err, bufio.ErrTooLong) {
			err = fmt.Errorf("line %d has more than %d MiB: is this a file with one JSON object a line?", n, maxRecord>>20)
		}
		if err != nil {
			yield(Row{}, fmt.Errorf("reading JSON lines: %w", err))
		}
	}
}
