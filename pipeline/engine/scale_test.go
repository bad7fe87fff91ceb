package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/source/file"
)

// noonOfRuns is when the runs are that were.
var noonOfRuns = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// longList is a run over a list of many rows of which most are done.
type longList struct {
	*testRun
	path string
	rows int
}

// writeRows writes a list, with these rows before those that it has always.
func writeRows(t testing.TB, path string, n int, before ...string) {
	t.Helper()
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(out)
	fmt.Fprintln(w, "ref,make,model,year,price")
	for _, ref := range before {
		fmt.Fprintf(w, "%s,Ford,Focus,2020,9000\n", ref)
	}
	for i := range n {
		fmt.Fprintf(w, "R%07d,Toyota,Corolla %d,%d,%d\n", i, i%97, 1990+i%35, 1000+i%50_000)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// newLongList has n rows, all but the last of which are done.
func newLongList(t *testing.T, n, pending int) *longList {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.csv")
	writeRows(t, path, n)
	l := &longList{testRun: newTestRun(t, newSite(t, good), 2, inlineRows, "csv: {path: "+path+"}"), path: path, rows: n}
	l.cfg.ReadRows, l.cfg.Digest, l.cfg.Limit = file.Read, file.Digest, 1
	if _, err := engine.Run(t.Context(), l.cfg); err != nil {
		t.Fatal(err)
	}
	l.cfg.Limit = 0
	l.settle(n - pending)
	return l
}

// settle has a run come to the end of the first n rows.
func (l *longList) settle(n int) {
	l.Helper()
	run, err := l.ledger.BeginRun(l.Context(), pipeline.RunInfo{Spec: "night", Partial: true, Started: noonOfRuns})
	if err != nil {
		l.Fatal(err)
	}
	var outs []pipeline.Outcome
	commit := func() {
		if err := l.ledger.CommitAll(l.Context(), run, outs); err != nil {
			l.Fatal(err)
		}
		outs = outs[:0]
	}
	for i := 1; i < n; i++ { // the first is done
		out := pipeline.Outcome{Item: pipeline.Item{Key: fmt.Sprintf("R%07d", i)}, Status: pipeline.Done, Started: noonOfRuns, Ended: noonOfRuns}
		out.Files = []pipeline.File{{Name: out.Item.Key + ".txt", Size: 20, SHA256: "of " + out.Item.Key, Type: "text"}}
		if out.Attempt, err = l.ledger.BeginAttempt(l.Context(), run, out.Item.Key, "1", noonOfRuns); err != nil {
			l.Fatal(err)
		}
		if outs = append(outs, out); len(outs) == 1_000 {
			commit()
		}
	}
	commit()
	if err := l.ledger.EndRun(l.Context(), run, pipeline.RunEnd{Ended: noonOfRuns, Reason: "interrupted"}); err != nil {
		l.Fatal(err)
	}
}

// again runs once more, and tells how many rows were read when the first item noonOfRuns,
// -1 for all.
func (l *longList) again(want pipeline.Totals) {
	l.Helper()
	rows := 0
	var first sync.Once
	begun := make(chan struct{})
	answer := l.site.answer
	l.site.answer = func(ctx context.Context, key string, attempt int) (string, error) {
		first.Do(func() { close(begun) })
		return answer(ctx, key, attempt)
	}
	l.cfg.ReadRows = func(ctx context.Context, t pipeline.Table) iter.Seq2[pipeline.Row, error] {
		return func(yield func(pipeline.Row, error) bool) {
			for row, err := range file.Read(ctx, t) {
				if rows++; rows == l.rows-100 {
					select {
					case <-begun:
					case <-ctx.Done():
					}
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
	l.want(l.run(), want)
	l.site.answer = answer
}

// An item of a long list begins before the list is read, wherever it stands, if the list
// is as it was, and no row of it is written that is as it was.
func TestLongList(t *testing.T) {
	t.Parallel()
	const rows = 12_000
	l := newLongList(t, rows, 50)
	version := func() int64 {
		n, err := l.ledger.Version(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := version()
	l.again(pipeline.Totals{In: rows, Done: rows})
	// The run's begin and end, its length and its reading, the pending rows, and a commit each.
	if changes := version() - before; changes > 50+10 {
		t.Errorf("the ledger was changed %d times, by a list of which 50 rows are pending", changes)
	}

	// A new row is come to at once, though all others have other places by it.
	writeRows(t, l.path, rows, "NEW")
	l.again(pipeline.Totals{In: rows + 1, Done: rows + 1})

	// Rows that are gone are no longer counted, and those that come again are done still.
	l.cfg.ReadRows, l.cfg.AcceptShrink = file.Read, true
	writeRows(t, l.path, 7_000)
	l.want(l.run(), pipeline.Totals{In: 7_000, Done: 7_000})
	writeRows(t, l.path, rows)
	l.want(l.run(), pipeline.Totals{In: rows, Done: rows})
}

// What is pending of a list that has changed is begun where the list still has it alone.
func TestResumeOfAnotherList(t *testing.T) {
	t.Parallel()
	l := newLongList(t, 6_000, 2)
	writeRows(t, l.path, 5_999)
	l.want(l.run(), pipeline.Totals{In: 5_999, Done: 5_999})
	if n := l.site.attempts["R0005999"]; n != 0 {
		t.Errorf("an item that has left the list was done %d times", n)
	}
}
