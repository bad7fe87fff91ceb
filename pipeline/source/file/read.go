package file

import (
	"context"
	"io"
	"iter"
	"slices"

	"pipe/pipeline"
	"pipe/specs"
)

// Read reads the rows of a table, whatever it is. What is not on this machine is
// brought here first, within the table's limit: a run may take hours to use the
// rows, and no server waits that long.
func Read(ctx context.Context, t pipeline.Table) iter.Seq2[Row, error] {
	t.Origins = append(slices.Clip(t.Origins), specs.OriginOf(t.Path))
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
	case "json":
		return JSON(ctx, r, t.At)
	case "jsonl", "sql": // a query's rows are kept so
		return JSONL(ctx, r)
	default:
		return tabular(ctx, r, t)
	}
}
