package source

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"os"

	"github.com/lanrat/extsort"
	"github.com/sourcegraph/conc"

	"pipe/pipeline"
)

// sortedInMemory is how many rows are sorted in memory at a time. When there are
// more they wait, as texts, in a temporary file that has no name where the
// system lets it have none.
const sortedInMemory = 5_000

// ranked is a row and what it is sorted by: numbers before texts, and rows of
// the same rank as they came.
type ranked struct {
	Number *float64 `json:",omitempty"`
	Text   string   `json:",omitempty"`
	Seq    int
	Line   int
	Row    int
	File   string `json:",omitempty"`
	// Fields are texts, as all of a row's are.
	Fields map[string]any
}

func (r *refinery) rank(row pipeline.Row, seq int) (ranked, error) {
	by, err := r.src.Order.By.Value(r.values.With("item", row.Fields))
	if err != nil {
		return ranked{}, row.Errorf("source.order: %v", err)
	}
	out := ranked{Seq: seq, Line: row.Line, Row: row.Number, File: row.File, Fields: row.Fields}
	switch v := by.(type) {
	case int:
		n := float64(v)
		out.Number = &n
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			out.Number = &v
			break
		}
		out.Text = fmt.Sprint(v)
	default:
		out.Text = fmt.Sprint(v)
	}
	return out, nil
}

func (r *refinery) compare(a, b ranked) int {
	seq := cmp.Compare(a.Seq, b.Seq)
	if r.src.Order.Descending {
		a, b = b, a
	}
	switch {
	case a.Number != nil && b.Number != nil:
		return cmp.Or(cmp.Compare(*a.Number, *b.Number), seq)
	case a.Number != nil:
		return -1
	case b.Number != nil:
		return 1
	default:
		return cmp.Or(cmp.Compare(a.Text, b.Text), seq)
	}
}

// sorted puts the rows in order. What is wrong with a row is told as it is read.
func (r *refinery) sorted(ctx context.Context, rows iter.Seq2[pipeline.Row, error]) iter.Seq2[pipeline.Row, error] {
	return func(yield func(pipeline.Row, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		in := make(chan ranked, 100)
		sorter, out, failed := extsort.Generic(in,
			func(text []byte) (one ranked, err error) {
				err = json.Unmarshal(text, &one)
				return one, err
			},
			func(one ranked) ([]byte, error) { return json.Marshal(one) },
			r.compare, &extsort.Config{ChunkSize: sortedInMemory, TempFilesDir: os.TempDir()})
		var sorting conc.WaitGroup
		defer sorting.Wait()
		defer func() { // its goroutines end when they are heard out
			stop()
			for range out {
			}
		}()
		sorting.Go(func() { sorter.Sort(ctx) })
		if !r.send(ctx, rows, in, failed, yield) {
			return
		}
		close(in)
		for one := range out {
			if !yield(pipeline.Row{Line: one.Line, Number: one.Row, File: one.File, Fields: one.Fields}, nil) {
				return
			}
		}
		if err := <-failed; err != nil {
			yield(pipeline.Row{}, sortFailed(ctx, err))
		}
	}
}

// send gives the rows to the sorter, and tells whether it has got all of them.
func (r *refinery) send(ctx context.Context, rows iter.Seq2[pipeline.Row, error], in chan<- ranked, failed <-chan error, yield func(pipeline.Row, error) bool) bool {
	seq := 0
	for row, err := range rows {
		var one ranked
		if err == nil {
			one, err = r.rank(row, seq)
			seq++
		}
		if err != nil {
			if !yield(row, err) {
				return false
			}
			continue
		}
		select {
		case in <- one:
		case err := <-failed:
			yield(row, sortFailed(ctx, err))
			return false
		case <-ctx.Done():
			yield(row, context.Cause(ctx))
			return false
		}
	}
	return true
}

func sortFailed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("source.order: sorting the rows in %s (TMPDIR names another folder): %w", os.TempDir(), err)
}
