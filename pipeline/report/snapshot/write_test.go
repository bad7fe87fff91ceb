package snapshot_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/report/snapshot"
)

// Readers look on while items are committed and files written.
func TestReadersSeeWholeFiles(t *testing.T) {
	t.Parallel()
	h := filled(t)
	w := h.writer(t)
	check(t, w.Write(t.Context()))
	ctx, stop := context.WithCancel(t.Context())
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		for ctx.Err() == nil {
			for _, name := range []string{snapshot.Tracking, snapshot.Checkpoint, snapshot.Metrics} {
				if text, err := os.ReadFile(filepath.Join(h.dir, name)); err != nil || !json.Valid(text) {
					t.Errorf("%s: %v, %q", name, err, text)
				}
			}
		}
	}()
	for range 15 {
		h.attempt(t, "E", pipeline.Outcome{Status: pipeline.Pending, Class: pipeline.Transient})
		check(t, w.Write(t.Context()))
	}
	stop()
	<-finished
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	csvFile := func(path string) snapshot.RecordFile { return snapshot.RecordFile{Path: path} }
	for name, c := range map[string]struct {
		records []snapshot.RecordFile
		want    string
	}{
		"outside":      {[]snapshot.RecordFile{csvFile("../v.csv")}, "leaves the output folder"},
		"absolute":     {[]snapshot.RecordFile{csvFile("/tmp/v.csv")}, "leaves the output folder"},
		"taken":        {[]snapshot.RecordFile{csvFile("./Tracking.json")}, "are one file"},
		"given twice":  {[]snapshot.RecordFile{csvFile("v.csv"), csvFile("V.csv")}, "are one file"},
		"without name": {[]snapshot.RecordFile{csvFile("")}, "leaves the output folder"},
	} {
		_, err := snapshot.New(nil, snapshot.Options{Dir: "out", Records: c.records})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// badRow has the run find a row that is no item, in a list of seven of which this
// is wrong.
func (h *house) badRow(t *testing.T, short string) {
	t.Helper()
	check(t, h.led.Reject(t.Context(), h.run, []pipeline.RejectedRow{{Number: 7, File: "rows.csv", Row: "line 8", Reason: "has 1 field"}}))
	check(t, h.led.NoteLength(t.Context(), h.run, 7, short))
}
