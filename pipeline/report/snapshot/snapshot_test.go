package snapshot_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/record"
	"pipe/pipeline/report/snapshot"
)

// noon is when the tests' runs start.
func noon() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house is an output folder with a ledger and a run.
type house struct {
	dir string
	led *ledger.Ledger
	run int64
}

func newHouse(t *testing.T, keys ...string) *house {
	t.Helper()
	dir := t.TempDir()
	led, err := ledger.Open(t.Context(), filepath.Join(dir, "ledger.db"))
	check(t, err)
	t.Cleanup(func() { check(t, led.Close()) })
	h := &house{dir: dir, led: led}
	h.begin(t, keys...)
	return h
}

// begin starts a run whose source has these keys.
func (h *house) begin(t *testing.T, keys ...string) {
	t.Helper()
	var err error
	h.run, err = h.led.BeginRun(t.Context(), pipeline.RunInfo{Spec: "inventory", Revision: "abc", Started: noon()})
	check(t, err)
	items := make([]pipeline.Item, len(keys))
	for i, key := range keys {
		items[i] = pipeline.Item{Key: key, Seq: i + 1}
	}
	_, err = h.led.Admit(t.Context(), h.run, items, pipeline.Refresh{})
	check(t, err)
}

func (h *house) attempt(t *testing.T, key string, out pipeline.Outcome) {
	t.Helper()
	number, err := h.led.BeginAttempt(t.Context(), h.run, key, "1", noon())
	check(t, err)
	out.Item.Key, out.Attempt, out.Ended = key, number, noon().Add(10*time.Second)
	check(t, h.led.Commit(t.Context(), h.run, out))
}

func done(name string, fields ...pipeline.Field) pipeline.Outcome {
	return pipeline.Outcome{
		Status: pipeline.Done, Record: fields,
		Phases: map[string]time.Duration{"navigate": 4 * time.Second},
		Files:  []pipeline.File{{Name: name, Size: 1000, SHA256: "hash of " + name, Type: "pdf", Pages: 2}},
	}
}

func field(name string, value any) pipeline.Field { return pipeline.Field{Name: name, Value: value} }

// files are record files in the formats that their names end with.
func (h *house) files(t *testing.T, kinds record.Kinds, paths ...string) []snapshot.RecordFile {
	t.Helper()
	var files []snapshot.RecordFile
	for _, path := range paths {
		write, err := record.Writer(h.led, record.Format(filepath.Ext(path)[1:]), kinds)
		check(t, err)
		files = append(files, snapshot.RecordFile{Path: path, Write: write})
	}
	return files
}

func (h *house) writer(t *testing.T, records ...string) *snapshot.Writer {
	t.Helper()
	w, err := snapshot.New(h.led, snapshot.Options{
		Dir: h.dir, Spec: "inventory", Records: h.files(t, nil, records...), Logins: func() int { return 3 },
	})
	check(t, err)
	return w
}

func (h *house) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(h.dir, name))
	check(t, err)
	return string(text)
}

// object reads a JSON file, without the members that tell the present time.
func (h *house) object(t *testing.T, name string) map[string]any {
	t.Helper()
	var members map[string]any
	check(t, json.Unmarshal([]byte(h.read(t, name)), &members))
	if _, err := time.Parse(time.RFC3339, members["updated"].(string)); err != nil {
		t.Errorf("%s: updated: %v", name, err)
	}
	delete(members, "updated")
	return members
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\ngot  %+v\nwant %+v", what, got, want)
	}
}

// filled has items of all sorts.
func filled(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, "A<1>", "B", "C", "D", "E", "B")
	h.attempt(t, "C", done("C.pdf", field("vin", "=1+1"), field("note", "two\nlines, \"quoted\"")))
	h.attempt(t, "A<1>", pipeline.Outcome{Status: pipeline.Pending, Class: pipeline.Transient, Reason: "slow"})
	a := done("A.pdf", field("vin", "V1"), field("pages", 2), field("price", 2.5), field("sold", nil))
	a.Files = append(a.Files, pipeline.File{Name: "A.csv", Size: 24, SHA256: "x", Type: "csv"})
	h.attempt(t, "A<1>", a)
	h.attempt(t, "B", pipeline.Outcome{Status: pipeline.Failed, Class: pipeline.NotFound, Reason: "no row"})
	h.attempt(t, "D", pipeline.Outcome{Status: pipeline.Failed, Class: pipeline.NotFound, Reason: "no row"})
	return h
}

func TestTracking(t *testing.T) {
	t.Parallel()
	h := filled(t)
	check(t, h.writer(t).Write(t.Context()))
	const want = `{"A<1>": {"finished":"2026-11-24T12:00:10Z","files":[` +
		`{"name":"A.pdf","size":1000,"sha256":"hash of A.pdf","pages":2},{"name":"A.csv","size":24,"sha256":"x"}]},
"C": {"finished":"2026-11-24T12:00:10Z","files":[{"name":"C.pdf","size":1000,"sha256":"hash of C.pdf","pages":2}]}}
`
	same(t, "tracking.json", h.read(t, snapshot.Tracking), want)
}

func TestCheckpoint(t *testing.T) {
	t.Parallel()
	h := filled(t)
	h.badRow(t, "it was longer")
	check(t, h.led.EndRun(t.Context(), h.run, pipeline.RunEnd{Ended: noon().Add(time.Minute), Reason: "interrupted"}))
	check(t, h.writer(t).Write(t.Context()))
	same(t, "checkpoint.json", h.object(t, snapshot.Checkpoint), map[string]any{
		"spec": "inventory", "revision": "abc", "run": 1.0, "partial": false,
		"started": "2026-11-24T12:00:00Z", "ended": "2026-11-24T12:01:00Z", "reason": "interrupted",
		"totals":  map[string]any{"in": 7.0, "done": 2.0, "failed": 2.0, "pending": 1.0, "duplicates": 1.0, "bad": 1.0},
		"percent": 85.7, "rate_per_minute": map[string]any{"last_5_minutes": 4.0, "overall": 4.0},
		"seconds_left": nil, "source_rows": 7.0, "short_list": "it was longer",
		"bad_rows": []any{map[string]any{"number": 7.0, "file": "rows.csv", "row": "line 8", "reason": "has 1 field"}},
		"failed": []any{map[string]any{
			"class": "not_found", "items": 2.0, "reasons": []any{map[string]any{"reason": "no row", "items": 2.0}},
		}},
	})
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	h := filled(t)
	h.badRow(t, "")
	check(t, h.writer(t).Write(t.Context()))
	both := func(v float64) any { return map[string]any{"count": 2.0, "avg": v, "median": v, "p90": v, "max": v} }
	got := h.object(t, snapshot.Metrics)
	own, _ := got["process"].(map[string]any)
	goroutines, _ := own["goroutines"].(float64)
	if memory, _ := own["memory"].(float64); goroutines < 1 || memory < 1 {
		t.Errorf("process is %v", own)
	}
	delete(got, "process")
	same(t, "metrics.json", got, map[string]any{
		"spec": "inventory", "run": 1.0, "source_rows": 7.0, "bad_rows": 1.0, "seconds_per_item": both(10),
		"seconds_per_phase": map[string]any{"navigate": both(4)},
		"attempts":          5.0, "retries": 1.0, "uncounted": 0.0,
		"workers": map[string]any{"1": map[string]any{"items": 2.0, "attempts": 5.0}},
		"files":   3.0, "bytes": 2024.0, "logins": 3.0,
	})
}

func TestRecords(t *testing.T) {
	t.Parallel()
	h := filled(t)
	h.attempt(t, "E", done("E.pdf", field("key", "own"), field("files", 7), field("big", 1e21), field("yes", true)))
	w := h.writer(t,
		"out/vehicles.csv",
		"vehicles.jsonl")
	check(t, w.Write(t.Context()))

	rows, err := csv.NewReader(strings.NewReader(h.read(t, "out/vehicles.csv"))).ReadAll()
	check(t, err)
	same(t, "csv", rows, [][]string{
		{"key", "vin", "pages", "price", "sold", "note", "files", "big", "yes"},
		{"A<1>", "V1", "2", "2.5", "", "", "", "", ""},
		{"C", "=1+1", "", "", "", "two\nlines, \"quoted\"", "", "", ""},
		{"own", "", "", "", "", "", "7", "1000000000000000000000", "true"},
	})
	same(t, "jsonl", h.read(t, "vehicles.jsonl"),
		`{"key": "A<1>", "vin": "V1", "pages": 2, "price": 2.5, "sold": null, "files": ["A.pdf","A.csv"]}
{"key": "C", "vin": "=1+1", "note": "two\nlines, \"quoted\"", "files": ["C.pdf"]}
{"key": "own", "files": 7, "big": 1e+21, "yes": true}
`)
}

func TestEmptyLedger(t *testing.T) {
	t.Parallel()
	led, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"))
	check(t, err)
	defer func() { check(t, led.Close()) }()
	h := &house{dir: filepath.Join(t.TempDir(), "not", "there"), led: led}
	w := h.writer(t,
		"v.csv",
		"v.jsonl")
	check(t, w.Write(t.Context()))
	same(t, "tracking.json", h.read(t, snapshot.Tracking), "{}\n")
	same(t, "csv", h.read(t, "v.csv"), "key\n")
	same(t, "jsonl", h.read(t, "v.jsonl"), "")
	same(t, "percent", h.object(t, snapshot.Checkpoint)["percent"], 0.0)
}

// A new process has the same records, each once, and removes what the old one
// left half-written.
func TestNewProcessMendsTheFolder(t *testing.T) {
	t.Parallel()
	h := filled(t)
	file := "vehicles.jsonl"
	check(t, h.writer(t, file).Write(t.Context()))
	before := h.read(t, "vehicles.jsonl")
	for name, text := range map[string]string{
		"vehicles.jsonl": "{\"key\": \"torn", ".vehicles.jsonl123": "x", ".checkpoint.json9": "x", ".checkpoint.json.mine": "x",
	} {
		check(t, os.WriteFile(filepath.Join(h.dir, name), []byte(text), 0o600))
	}
	h.begin(t, "A<1>", "B", "C", "D", "E")
	check(t, h.writer(t, file).Write(t.Context()))
	same(t, "records", h.read(t, "vehicles.jsonl"), before)
	hidden, err := filepath.Glob(filepath.Join(h.dir, ".*"))
	check(t, err)
	same(t, "left", hidden, []string{filepath.Join(h.dir, ".checkpoint.json.mine")})
}

func TestWriteSkipsWhatIsWritten(t *testing.T) {
	t.Parallel()
	h := filled(t)
	w := h.writer(t)
	check(t, w.Write(t.Context()))
	path := filepath.Join(h.dir, snapshot.Checkpoint)
	check(t, os.Remove(path))
	check(t, w.Write(t.Context()))
	if _, err := os.Stat(path); err == nil {
		t.Fatal("nothing was committed and the file was written")
	}
	h.attempt(t, "E", done("E.pdf"))
	check(t, w.Write(t.Context()))
	h.read(t, snapshot.Checkpoint)
}

// One file that cannot be written keeps none of the others back, and is tried
// again.
func TestWriteGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	h := filled(t)
	w := h.writer(t, "vehicles.csv")
	blocked := filepath.Join(h.dir, "vehicles.csv")
	check(t, os.MkdirAll(filepath.Join(blocked, "full"), 0o750))
	err := w.Write(t.Context())
	if err == nil || !strings.Contains(err.Error(), "vehicles.csv") {
		t.Fatalf("got %v", err)
	}
	h.read(t, snapshot.Checkpoint)
	check(t, os.RemoveAll(blocked))
	check(t, w.Write(t.Context()))
	h.read(t, "vehicles.csv")
}
