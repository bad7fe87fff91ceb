package main

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/practice"
)

// What there is in the morning after a night with failures: the page, causes with their
// evidence and commands, an item's story, the runs; and once the spec has been changed,
// the word that it is worth trying again.
func TestMorning(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 6, Missing: 2})
	has(t, j.run(app.ExitFailed), "6 of 8 done")
	missing, done := j.site.MissingReferences(), j.site.Vehicles()[0].Reference

	page, err := os.ReadFile(filepath.Join(j.out, "report.html"))
	j.must(err)
	has(t, string(page), "6 of 8 done, 2 failed", "pipe try inventory.yaml --item=", "data:image/png;base64,", `"`+done+`"`)

	failures := j.pipe(app.ExitFailed, "failures", "inventory.yaml")
	has(t, failures, "2 items, not_found at navigate.steps[", "inventory.yaml:", "the inventory has no vehicle ", missing[0], missing[1], "evidence: out/inventory/evidence/run-1/", "next: pipe try inventory.yaml --item=")

	show := j.pipe(app.ExitDone, "show", "inventory.yaml", done)
	has(t, show, done+": done", "stock_number", " pages; on the disk as on record", "attempt 1, run 1, ", "navigate.home", "download[1].capture")
	has(t, j.pipe(app.ExitDone, "show", "inventory.yaml", missing[0]), missing[0]+": failed", "class", "not_found", "evidence/run-1/", "next: pipe try")
	has(t, j.pipe(app.ExitSpec, "show", "inventory.yaml", done+"0"), `no item has the key "`+done+`0" (did you mean "`+done+`"?)`)
	var shown struct {
		Key      string
		Row      map[string]any
		Files    []pipeline.File
		Attempts []struct{ Steps []struct{ Step string } }
	}
	j.must(json.Unmarshal([]byte(j.pipe(app.ExitDone, "show", "inventory.yaml", done, "--json")), &shown))
	if shown.Key != done || shown.Row["stock_number"] != done || len(shown.Files) != 1 || len(shown.Attempts) != 1 || len(shown.Attempts[0].Steps) < 8 {
		t.Errorf("%+v", shown)
	}

	var suites struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
	}
	j.pipe(app.ExitDone, "report", "inventory.yaml", "--format", "junit", "-o", "r.xml")
	src, err := os.ReadFile(filepath.Join(j.dir, "r.xml"))
	j.must(err)
	j.must(xml.Unmarshal(src, &suites))
	if suites.Tests != 8 || suites.Failures != 2 {
		t.Errorf("%+v", suites)
	}

	var items []struct{ Key, Status string }
	j.must(json.Unmarshal([]byte(j.pipe(app.ExitDone, "export", "items", "inventory.yaml")), &items))
	if len(items) != 8 {
		t.Errorf("%+v", items)
	}
	j.pipe(app.ExitDone, "export", "attempts", "inventory.yaml", "--format", "parquet", "-o", "a.parquet")
	if src, err := os.ReadFile(filepath.Join(j.dir, "a.parquet")); err != nil || !strings.HasPrefix(string(src), "PAR1") {
		t.Errorf("it is no Parquet file: %v", err)
	}
	has(t, j.pipe(app.ExitSpec, "export", "vehicles", "inventory.yaml"), "one of items, attempts, runs, files")

	// A comment would do.
	j.write("inventory.yaml", shipped(t, "pace: {delay: 1s}", "pace: {delay: 0s}")+"\n# changed\n")
	has(t, j.pipe(app.ExitDone, "plan", "inventory.yaml"), "the spec has changed since 2 items failed: `pipe run inventory.yaml --retry-failed`")
	has(t, j.run(app.ExitFailed), "next: pipe run inventory.yaml --retry-failed, as the spec has changed since 2 of them failed")
	has(t, j.pipe(app.ExitFailed, "failures", "inventory.yaml"), "the spec has changed since 2 of them failed", "next: pipe run inventory.yaml --retry-failed")
	has(t, j.run(app.ExitFailed, "--retry-failed"), "this run: 0 done, 2 failed")
	if failures := j.pipe(app.ExitFailed, "failures", "inventory.yaml"); strings.Contains(failures, "has changed since") {
		t.Errorf("they have been tried again:\n%s", failures)
	}
	has(t, j.pipe(app.ExitDone, "history", "inventory.yaml"), "inventory: 3 runs", "items a minute  ", "median of the 1 before", "finished")
	has(t, j.pipe(app.ExitDone, "report", "inventory.yaml", "--run", "1", "--format", "md"), "run 1: 6 of 8 done, 2 failed")
	has(t, j.pipe(app.ExitDone, "report", "inventory.yaml", "--run", "1"), "out/inventory/report-1.html")
	has(t, j.pipe(app.ExitSpec, "report", "inventory.yaml", "--run", "9"), "there is no run 9")
}

// A run whose page cannot be written says so, and is not right: an earlier run's would be
// taken for its own.
func TestPageIsWritten(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 1})
	j.must(os.MkdirAll(filepath.Join(j.out, "report.html", "in the way"), 0o755))
	has(t, j.run(app.ExitEnvironment), "1 of 1 done", "writing the run's page, report.html: ")
}

// A run that is killed is told from one that is under way, at once, and from one that
// has finished.
func TestKilledRunIsTold(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 6})
	s := j.start()
	s.await(pipeline.ItemDone, 1)
	has(t, j.pipe(app.ExitDone, "history", "inventory.yaml"), "is under way")
	has(t, j.pipe(app.ExitDone, "status", "inventory.yaml"), "is under way")
	has(t, j.pipe(app.ExitDone, "report", "inventory.yaml", "--format", "md"), "under way: ")
	j.must(s.cmd.Process.Kill())
	_ = s.cmd.Wait()
	has(t, j.pipe(app.ExitDone, "history", "inventory.yaml"), "was killed, or its machine was")
	has(t, j.pipe(app.ExitDone, "status", "inventory.yaml"), "was killed, or its machine was")
	has(t, j.pipe(app.ExitDone, "report", "inventory.yaml", "--format", "md"), "killed: ", "Next: `pipe run inventory.yaml`")
	has(t, j.run(app.ExitDone), "6 of 6 done")
	has(t, j.pipe(app.ExitDone, "history", "inventory.yaml"), "was killed, or its machine was", "finished", "2 runs")
}

// What a site has sent is no more than text in a terminal.
func TestHostileItems(t *testing.T) {
	t.Parallel()
	j := &job{t: t, dir: t.TempDir()}
	j.write("local.yaml", localSpec)
	j.write("items.csv", "ref,colour\nA,red\n")
	bad := []string{"\x1b[2J\x1b[31mred\x07", "abc\u202etxt.exe", "C1 \u009b31m", "line\nbreak", "=cmd|' /C calc'!A0", "<img src=x onerror=alert(1)>"}
	dir := filepath.Join(j.dir, "out", "local")
	led, err := ledger.Open(t.Context(), app.LedgerPath(dir))
	j.must(err)
	run, err := led.BeginRun(t.Context(), pipeline.RunInfo{Spec: "local", Started: time.Now()})
	j.must(err)
	for i, text := range bad {
		item := pipeline.Item{Key: text, Seq: i + 1, Fields: map[string]any{text: text}}
		_, err := led.Admit(t.Context(), run, []pipeline.Item{item}, pipeline.Refresh{})
		j.must(err)
		n, err := led.BeginAttempt(t.Context(), run, text, "c1p1", time.Now())
		j.must(err)
		j.must(led.Commit(t.Context(), run, pipeline.Outcome{
			Item: item, Attempt: n, Status: pipeline.Failed, Class: pipeline.NotFound, Reason: "it says " + text, Step: text, Worker: "c1p1", Started: time.Now(), Ended: time.Now(),
		}))
		j.must(led.NoteEvidence(t.Context(), pipeline.Evidence{Run: run, Of: pipeline.EvidenceOfItem, Key: text, Attempt: n, Class: pipeline.NotFound, Step: text, Reason: text, URL: text, Taken: time.Now(), Folder: "evidence/" + text, Files: []pipeline.EvidenceFile{{Name: text}}}))
	}
	j.must(led.EndRun(t.Context(), run, pipeline.RunEnd{Ended: time.Now(), Reason: "it was stopped by \x1b[2J"}))
	j.must(led.Close())
	for code, commands := range map[int][][]string{
		app.ExitFailed: {{"failures", "local.yaml"}, {"failures", "local.yaml", "--json"}},
		app.ExitDone: {
			{"history", "local.yaml"},
			{"history", "local.yaml", "--json"},
			{"report", "local.yaml", "--format", "md"},
			{"report", "local.yaml", "--format", "csv"},
			{"report", "local.yaml", "--format", "json"},
			{"report", "local.yaml", "--format", "junit"},
			{"report", "local.yaml", "-o", "-"},
			{"export", "items", "local.yaml"},
			{"export", "attempts", "local.yaml", "--format", "csv"},
			{"export", "runs", "local.yaml"},
			{"show", "local.yaml", bad[0]},
			{"show", "local.yaml", bad[1]},
			{"show", "local.yaml", bad[2], "--json"},
			{"show", "local.yaml", bad[3]},
		},
		app.ExitSpec: {{"show", "local.yaml", bad[0] + "x"}},
	} {
		for _, args := range commands {
			out := j.pipe(code, args...)
			for _, r := range out {
				if unicode.IsControl(r) && r != '\n' && (r != '\t' || args[len(args)-1] != "-") || unicode.Is(unicode.Bidi_Control, r) {
					t.Errorf("pipe %q prints %U", args, r)
				}
			}
			if strings.Contains(out, "<img src=x") && args[len(args)-1] == "-" {
				t.Error("the page has it as markup")
			}
		}
	}
}
