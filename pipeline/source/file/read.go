package file

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"pipe/pipeline"
)

// Read reads the rows of a table, whatever it is. What is not on this machine is
// brought here first, within the table's limit: a run may take hours to use the
// rows, and no server waits that long.
func Read(ctx context.Context, t pipeline.Table) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if t.Format == "sitemap" {
			sitemap(ctx, t)(yield)
			return
		}
		r, err := bring(ctx, t)
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer func() { _ = r.Close() }()
		rows(ctx, r, t)(yield)
	}
}

func rows(ctx context.Context, r io.Reader, t pipeline.Table) iter.Seq2[Row, error] {
	switch t.Format {
	case "xlsx":
		return XLSX(ctx, r, XLSXOptions{Sheet: t.Sheet, Header: t.Header, Found: t.Found})
	case "json":
		return JSON(ctx, r, t.At)
	case "jsonl", "sql": // a query's rows are kept so
		return JSONL(ctx, r)
	default:
		return CSV(ctx, r, CSVOptions{Delimiter: t.Delimiter, Header: t.Columns, Encoding: t.Encoding, Found: t.Found})
	}
}

// bring opens the table's bytes.
func bring(ctx context.Context, t pipeline.Table) (io.ReadCloser, error) {
	switch {
	case t.Format == "sql":
		return query(ctx, t)
	case t.Path == "-":
		return io.NopCloser(os.Stdin), nil
	case remote(t.Path):
		return fetch(ctx, t)
	}
	return os.Open(filepath.Clean(t.Path))
}

func remote(path string) bool {
	return strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://")
}

// spool is a file of this process alone. It has no name where the system lets
// it have none, so that a killed process leaves nothing behind.
type spool struct{ *os.File }

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "pipe-source-*")
	if err != nil {
		return nil, fmt.Errorf("keeping the source: %w", err)
	}
	_ = os.Remove(f.Name()) // not on Windows, where Close does it
	return &spool{f}, nil
}

// Close removes the file.
func (s *spool) Close() error {
	err := s.File.Close()
	_ = os.Remove(s.Name())
	return err
}

// rewind makes what was written readable.
func (s *spool) rewind() error {
	_, err := s.Seek(0, io.SeekStart)
	return err
}
