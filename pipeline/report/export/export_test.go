package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"iter"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/parquet-go/parquet-go"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/report/export"
)

var (
	noon    = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	hostile = []string{"=cmd|' /C calc'!A0", "<img src=x onerror=alert(1)>", "\x1b[2Jred", "abc\u202etxt", "C1 \u009b31m", "line\nbreak", `quote " and , comma`}
)

// house is a ledger of a run that did one item and failed the others, hostile as they
// are called.
func house(t *testing.T) *ledger.Ledger {
	t.Helper()
	led, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.sqlite"))
	check(t, err)
	t.Cleanup(func() { check(t, led.Close()) })
	run, err := led.BeginRun(t.Context(), pipeline.RunInfo{Spec: "inventory", Revision: "r", Started: noon})
	check(t, err)
	for i, key := range append([]string{"A"}, hostile...) {
		item := pipeline.Item{Key: key, Seq: i + 1, Fields: map[string]any{"ref": key}}
		_, err := led.Admit(t.Context(), run, []pipeline.Item{item}, pipeline.Refresh{})
		check(t, err)
		n, err := led.BeginAttempt(t.Context(), run, key, "c1p1", noon)
		check(t, err)
		out := pipeline.Outcome{
			Item: item, Attempt: n, Status: pipeline.Failed, Class: pipeline.NotFound, Reason: "it says " + key, Step: "download[0].click", Worker: "c1p1", Started: noon, Ended: noon.Add(1500 * time.Millisecond),
			Phases: map[string]time.Duration{"navigate": time.Second}, Steps: []pipeline.StepTime{{Step: "navigate.home", At: time.Millisecond, Took: 20 * time.Millisecond}},
		}
		if i == 0 {
			out.Status, out.Class, out.Reason, out.Step = pipeline.Done, "", "", ""
			out.Files = []pipeline.File{{Name: "A.pdf", Size: 7, SHA256: "aa", Type: "pdf", Pages: 2, Via: "popup", URL: "http://site/a"}, {Name: "A 2.pdf", Size: 8, SHA256: "ab", Type: "pdf"}}
			out.Record = []pipeline.Field{{Name: "vin", Value: "1F"}, {Name: "pages", Value: int64(2)}}
			out.Versions = []pipeline.Version{{File: pipeline.File{Name: "versions/A.pdf", Size: 6, SHA256: "a0", Type: "pdf"}, Of: "A.pdf", Fetched: noon.Add(-time.Hour)}}
		}
		check(t, led.Commit(t.Context(), run, out))
	}
	check(t, led.EndRun(t.Context(), run, pipeline.RunEnd{Ended: noon.Add(time.Minute), Reason: pipeline.RunFinished}))
	return led
}

func exported(t *testing.T, led export.Ledger, table, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	check(t, export.Write(t.Context(), &out, led, table, format, export.Options{Now: noon}))
	return out.Bytes()
}

// The rows of a table are the same in JSON and in Parquet, and CSV has a line for each.
func same[T any](t *testing.T, led export.Ledger, table string) []T {
	t.Helper()
	var fromJSON []T
	text := exported(t, led, table, "json")
	check(t, json.Unmarshal(text, &fromJSON))
	file := exported(t, led, table, "parquet")
	fromParquet, err := parquet.Read[T](bytes.NewReader(file), int64(len(file)))
	check(t, err)
	if !reflect.DeepEqual(fromJSON, fromParquet) {
		t.Errorf("%s: JSON has\n%+v\nParquet\n%+v", table, fromJSON, fromParquet)
	}
	sheet := exported(t, led, table, "csv")
	lines, err := csv.NewReader(bytes.NewReader(sheet)).ReadAll()
	check(t, err)
	if len(lines) != len(fromJSON)+1 {
		t.Errorf("%s: %d lines for %d rows", table, len(lines), len(fromJSON))
	}
	var names []string
	for _, c := range export.Columns(table) {
		names = append(names, c.Name)
		if c.Doc == "" {
			t.Errorf("%s: nothing is said of %s", table, c.Name)
		}
	}
	if !reflect.DeepEqual(lines[0], names) {
		t.Errorf("%s: the columns are %v, not %v", table, lines[0], names)
	}
	for _, line := range lines {
		for _, cell := range line {
			if cell != "" && strings.ContainsRune("=+@", rune(cell[0])) {
				t.Errorf("%s: a cell is a formula: %q", table, cell)
			}
		}
	}
	for _, form := range [][]byte{text, sheet} {
		for _, r := range string(form) {
			if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("%s: there is %U in it", table, r)
			}
		}
	}
	return fromJSON
}

func TestTables(t *testing.T) {
	t.Parallel()
	led := house(t)
	items := same[item](t, led, "items")
	if a := items[0]; a.Key != "A" || a.Status != "done" || a.TookMS != 1500 || string(a.Record) != `{"vin":"1F","pages":2}` || string(a.Row) != `{"ref":"A"}` || len(a.Files) != 2 || a.Files[1] != "A 2.pdf" || !a.Finished.Equal(noon.Add(1500*time.Millisecond)) {
		t.Errorf("%+v", a)
	}
	for i, key := range hostile {
		if got := items[i+1]; got.Key != key || got.Reason != "it says "+key || got.Status != "failed" || got.Files == nil && len(got.Files) > 0 {
			t.Errorf("%q became %+v", key, got)
		}
	}
	attempts := same[attempt](t, led, "attempts")
	if len(attempts) != 8 || string(attempts[0].Phases) != `{"navigate":1000}` || string(attempts[0].Steps) != `[{"step":"navigate.home","at_ms":1,"took_ms":20}]` {
		t.Errorf("%+v", attempts)
	}
	runs := same[export.Run](t, led, "runs")
	if len(runs) != 1 || runs[0].State != "finished" || runs[0].Done != 1 || runs[0].Failed != 7 || runs[0].Length != nil {
		t.Errorf("%+v", runs)
	}
	files := same[export.File](t, led, "files")
	if len(files) != 3 || files[0].Name != "A.pdf" || files[0].Pages != 2 || files[0].Version || !files[2].Version || files[2].Name != "versions/A.pdf" {
		t.Errorf("%+v", files)
	}
}

func TestNothing(t *testing.T) {
	t.Parallel()
	led, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.sqlite"))
	check(t, err)
	defer func() { check(t, led.Close()) }()
	for _, table := range export.Tables() {
		if text := exported(t, led, table, "json"); !json.Valid(text) || strings.TrimSpace(strings.ReplaceAll(string(text), "\n", "")) != "[]" {
			t.Errorf("%s: %q", table, text)
		}
		file := exported(t, led, table, "parquet")
		opened, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
		check(t, err)
		if opened.NumRows() != 0 || len(opened.Schema().Fields()) != len(export.Columns(table)) {
			t.Errorf("%s: %d rows, %d columns", table, opened.NumRows(), len(opened.Schema().Fields()))
		}
	}
}

// endless is a ledger of many items, which are made as they are read.
type endless struct {
	export.Ledger
	n int
	// failed ends the reading, unless nil.
	failed error
}

func (e endless) Details(context.Context, pipeline.Status) iter.Seq2[pipeline.ItemDetail, error] {
	return func(yield func(pipeline.ItemDetail, error) bool) {
		for i := range e.n {
			d := pipeline.ItemDetail{Fields: fmt.Sprintf(`{"ref":"%d"}`, i)}
			d.Key, d.Seq, d.Status = fmt.Sprint("K-", i), i+1, pipeline.Pending
			if !yield(d, nil) {
				return
			}
		}
		if e.failed != nil {
			yield(pipeline.ItemDetail{}, e.failed)
		}
	}
}

// A file of more rows than a group has comes back whole, and in its order.
func TestManyRows(t *testing.T) {
	t.Parallel()
	file := exported(t, endless{n: 50_001}, "items", "parquet")
	opened, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	check(t, err)
	if opened.NumRows() != 50_001 || len(opened.RowGroups()) != 3 {
		t.Errorf("%d rows in %d groups", opened.NumRows(), len(opened.RowGroups()))
	}
	rows, err := parquet.Read[item](bytes.NewReader(file), int64(len(file)))
	check(t, err)
	for i, row := range rows {
		if row.Seq != int64(i+1) || row.Key != fmt.Sprint("K-", i) {
			t.Fatalf("row %d is %+v", i, row)
		}
	}
}

func TestFailedReading(t *testing.T) {
	t.Parallel()
	for _, format := range export.Formats() {
		var out bytes.Buffer
		err := export.Write(t.Context(), &out, endless{n: 10, failed: fmt.Errorf("the ledger is gone")}, "items", format, export.Options{})
		if err == nil || err.Error() != "exporting the items as "+format+": the ledger is gone" {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
