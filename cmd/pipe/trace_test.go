package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/pipeline/practice"
	"pipe/pipeline/provision"
)

// A run with --trace keeps traces of what fails, logins apart, and `pipe trace` shows them.
func TestTrace(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 2, Missing: 1}, "retry:", "timeouts: {step: 5s}\nretry:\n  not_found: {attempts: 1}")
	key := j.site.MissingReferences()[0]
	has(t, j.pipe(app.ExitEnvironment, "trace", "inventory.yaml", key), "nothing has run yet")
	out := j.run(app.ExitFailed, "--trace", "--pages", "3")
	has(t, out, "workers: c1p1 c2p1\n")
	kept := j.kept()
	at := filepath.Join(j.out, kept[0].Folder, pipeline.EvidenceTrace)
	in, err := zip.OpenReader(at)
	j.must(err)
	t.Cleanup(func() { _ = in.Close() })
	for _, f := range in.File {
		r, err := f.Open()
		j.must(err)
		data, err := io.ReadAll(r)
		j.must(err)
		for _, value := range append(j.cookies(), practice.DefaultUser, practice.DefaultPassword) {
			if bytes.Contains(data, []byte(value)) {
				t.Errorf("%s of the trace holds %q", f.Name, value)
			}
		}
		if f.Name == "trace.network" && bytes.Contains(data, []byte("/login")) {
			t.Errorf("the login is in the trace: %s", data)
		}
	}
	has(t, j.pipe(app.ExitFailed, "trace", "inventory.yaml", key, "--attempt", "7"), "there is no trace of attempt 7", "pipe run inventory.yaml --trace")
	has(t, j.pipe(app.ExitFailed, "trace", "inventory.yaml", j.site.Vehicles()[0].Reference), "there is no trace of an attempt")

	cmd, _ := j.command("trace", "inventory.yaml", key)
	cmd.Stdout = nil
	told, err := cmd.StdoutPipe()
	j.must(err)
	j.must(cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	address := ""
	scan := bufio.NewScanner(told)
	for address == "" && scan.Scan() {
		_, address, _ = strings.Cut(scan.Text(), "Listening on ")
	}
	page := browserPage(t)
	_, err = page.Goto(address)
	j.must(err)
	// Steps by the spec's names, and what the page showed, without the user's name.
	j.must(page.GetByText("navigate.steps[4].expect").Click())
	shown := page.FrameLocator("iframe.snapshot-visible")
	text, err := shown.Locator("#welcome").InnerText()
	j.must(err)
	if !strings.Contains(text, "Welcome, ***") {
		t.Errorf("the viewer shows %q", text)
	}
	j.must(cmd.Process.Signal(os.Interrupt))
	if err := cmd.Wait(); err != nil {
		t.Errorf("the viewer ended so: %v", err)
	}
}

// browserPage is a page of a browser of the test's own.
func browserPage(t *testing.T) playwright.Page {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.WithoutCancel(t.Context())
	rt, err := provision.Ensure(ctx, provision.Options{Say: func(line string) { t.Log(line) }})
	must(err)
	browsers, err := browser.Supervise(ctx, browser.Options{DriverDir: rt.DriverDir, Node: rt.Node, Executable: rt.Browser, Downloads: t.TempDir(), CloseLimit: 5 * time.Second})
	must(err)
	t.Cleanup(func() { _ = browsers.Close(ctx) })
	b, err := browsers.Current(ctx)
	must(err)
	via, err := client.NewTransport(client.ContextOptions{})
	must(err)
	in, err := b.NewContext(ctx, playwright.BrowserNewContextOptions{}, via, nil)
	must(err)
	page, err := in.NewPage(ctx)
	must(err)
	return page.Playwright()
}
