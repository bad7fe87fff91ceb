package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/specs"
	"pipe/steps"
)

const diffedSpec = `name: x
key: ${{ item.a }}
pool: {pages: 1}
include: [parts/vars.yaml]
source: {items: [{a: "1"}, {a: "2"}, {a: "3"}]}
navigate:
  steps: [{include: parts/way.yaml}]
download:
  - capture: {url: "/${{ vars.kind }}", as: "${{ item.a }}.pdf", expect: {type: pdf}}
record: {fields: {a: "${{ item.a }}"}}
`

// A spec is compared with itself as it was in git, with the files that it includes, and what
// is done is told apart by the spec that it was done with.
func TestDiffWithGit(t *testing.T) {
	dir := t.TempDir()
	spec, out := filepath.Join(dir, "x.yaml"), filepath.Join(dir, "out")
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@x", "-c", "init.defaultBranch=main"}, args...)...)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, said)
		}
	}
	write("x.yaml", diffedSpec)
	write("parts/vars.yaml", "vars: {kind: report}\n")
	write("parts/way.yaml", "- goto: /old\n")
	git("init", "-q")
	git("add", ".")
	git("commit", "-q", "-m", "as it was")
	diff := func(want int, args ...string) string {
		t.Helper()
		var said, complaints bytes.Buffer
		if code := execute(t.Context(), append([]string{"diff", "--git", "HEAD", "--out", out, spec}, args...), app.Std{Out: &said, Err: &complaints}); code != want {
			t.Fatalf("exit code %d, want %d: %s%s", code, want, &said, &complaints)
		}
		return said.String() + complaints.String()
	}
	diff(app.ExitDone)
	doneBy(t, spec, out, "1", "2")
	write("parts/vars.yaml", "vars: {kind: letter}\n")
	write("parts/way.yaml", "- goto: /new\n")
	write("x.yaml", strings.NewReplacer("pages: 1", "pages: 2", "{type: pdf}", "{type: pdf, pages: 2}").Replace(diffedSpec))
	doneBy(t, spec, out, "3")
	has(t, diff(app.ExitDiffers),
		"5 changes between ", "pool.pages: 1 → 2", "vars.kind: report → letter", "navigate.steps[0].include[0].goto.url: /old → /new", "download[0].capture.expect.pages",
		"3 items done: 2 by the spec before, 1 by the one after",
		"stale of 2: the proof of the files: ", "stale of 2: the files: they were taken by other steps (vars.kind, navigate.steps[0].include[0].goto.url)",
		"not stale by pool.pages", "what is done stays done, and as it is: 1 2\n", "--again KEY,KEY",
	)
	has(t, diff(app.ExitDiffers, "--json"), `"before": 2,`, `"after": 1,`, `"what": "the files",`)
	write("x.yaml", diffedSpec+"refresh: {after: 1ms}\n")
	has(t, diff(app.ExitDiffers), "due by refresh as it is now: 3 items")
	git("rm", "-q", "--cached", "parts/way.yaml")
	git("commit", "-q", "-m", "without it")
	has(t, diff(app.ExitSpec), "way.yaml")
}

// doneBy has items be done by a spec as it is.
func doneBy(t *testing.T, path, out string, keys ...string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	spec, err := specs.Load(path, specs.Options{Verbs: steps.Verbs(), Given: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(out, 0o750); err != nil {
		t.Fatal(err)
	}
	led, err := ledger.Open(ctx, app.LedgerPath(out))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = led.Close() }()
	run, err := led.BeginRun(ctx, pipeline.RunInfo{Spec: "x", Revision: spec.Revision, Started: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	all := []pipeline.Item{{Key: "1", Seq: 1}, {Key: "2", Seq: 2}, {Key: "3", Seq: 3}}
	if _, err := led.Admit(ctx, run, all, pipeline.Refresh{}); err != nil {
		t.Fatal(err)
	}
	for _, item := range all {
		if !slices.Contains(keys, item.Key) {
			continue
		}
		n, err := led.BeginAttempt(ctx, run, item.Key, "c1p1", time.Now())
		if err == nil {
			err = led.Commit(ctx, run, pipeline.Outcome{Item: item, Attempt: n, Status: pipeline.Done, Ended: time.Now().Add(-time.Minute)})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := led.EndRun(ctx, run, pipeline.RunEnd{Ended: time.Now(), Reason: "finished"}); err != nil {
		t.Fatal(err)
	}
}
