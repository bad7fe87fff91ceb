package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// What a site has sent runs nowhere: only files of done items are given, and all but PDFs
// and images to be saved.
func TestServeFiles(t *testing.T) {
	t.Parallel()
	j := &job{t: t, dir: t.TempDir()}
	j.write("local.yaml", localSpec)
	j.write("items.csv", "ref,colour\n")
	out := filepath.Join(j.dir, "out", "local")
	ctx := t.Context()
	led, err := ledger.Open(ctx, app.LedgerPath(out))
	j.must(err)
	run, err := led.BeginRun(ctx, pipeline.RunInfo{Spec: "local", Started: time.Now()})
	j.must(err)
	item := pipeline.Item{Key: "A", Seq: 1, Fields: map[string]any{"ref": "A"}}
	_, err = led.Admit(ctx, run, []pipeline.Item{item}, pipeline.Refresh{})
	j.must(err)
	moment := time.Now()
	n, err := led.BeginAttempt(ctx, run, "A", "c1p1", moment)
	j.must(err)
	kinds := map[string]string{"a.html": "html", "a.svg": "svg", "a b.pdf": "pdf", "a.png": "png", "sub/ü;\"x.xml": "xml"}
	files := []pipeline.File{}
	for name, kind := range kinds {
		files = append(files, pipeline.File{Name: name, Type: kind, Size: 8, SHA256: name})
		path := filepath.Join(out, "files", filepath.FromSlash(name))
		j.must(os.MkdirAll(filepath.Dir(path), 0o755))
		j.must(os.WriteFile(path, []byte("<script>"), 0o600))
	}
	j.must(os.WriteFile(filepath.Join(out, "files", "stray.pdf"), []byte("of nobody"), 0o600))
	j.must(led.Commit(ctx, run, pipeline.Outcome{Item: item, Attempt: n, Status: pipeline.Done, Started: moment, Ended: moment, Files: files}))
	j.must(led.EndRun(ctx, run, pipeline.RunEnd{Ended: moment, Reason: "finished"}))
	j.must(led.Close())
	s := j.serve("serve", "local.yaml", "--http", "127.0.0.1:0")
	var detail struct{ Files []struct{ Name, Href string } }
	s.get("/api/specs/local/item?key=A", &detail)
	for _, f := range detail.Files {
		status, text, h := s.ask(http.MethodGet, f.Href, "", nil)
		if status != http.StatusOK || text != "<script>" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %q %v", f.Name, status, text, h)
		}
		shown := map[string]string{"pdf": "application/pdf", "png": "image/png"}[kinds[f.Name]]
		switch {
		case shown != "" && (h.Get("Content-Type") != shown || h.Get("Content-Disposition") != "inline"):
			t.Errorf("%s is not shown: %v", f.Name, h)
		case shown == "" && (h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename")):
			t.Errorf("%s is not saved: %v", f.Name, h)
		case kinds[f.Name] != "pdf" && !strings.Contains(h.Get("Content-Security-Policy"), "sandbox"):
			t.Errorf("%s is not in a sandbox: %v", f.Name, h)
		}
	}
	if len(detail.Files) != len(kinds) {
		t.Errorf("%d files", len(detail.Files))
	}
	for _, path := range []string{"/files/local/stray.pdf", "/files/local/..%2fledger.sqlite", "/evidence/local/1/1/screenshot.png"} {
		if status, text, _ := s.ask(http.MethodGet, path, "", nil); status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	s.ends(app.ExitDone)
}
