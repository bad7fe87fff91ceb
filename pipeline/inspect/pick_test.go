package inspect_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
	"github.com/sourcegraph/conc"

	"pipe/pipeline/inspect"
	"pipe/pipeline/testbrowser"
)

func TestPick(t *testing.T) {
	t.Parallel()
	page := testbrowser.Open(t).Playwright()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		body := `<button style="position:absolute;left:20px;top:20px" onclick="document.title='pressed'">Save</button>
			<button style="position:absolute;left:20px;top:60px" disabled>Send hunter2</button>
			<iframe name=inner src=/inner style="position:absolute;left:20px;top:100px"></iframe>`
		if r.URL.Path == "/inner" {
			body = `<body style="margin:0"><a href=/x style="position:absolute;left:10px;top:10px">Report</a>`
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(site.Close)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := page.Goto(site.URL)
	must(err)
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan inspect.Picked, 9)
	var picking conc.WaitGroup
	var ended error
	picking.Go(func() {
		ended = inspect.Pick(ctx, page, func(s string) string { return strings.ReplaceAll(s, "hunter2", "***") }, func(p inspect.Picked) { told <- p })
	})
	// It stands in the page once the pointer outlines something.
	_, err = page.WaitForFunction("() => window[Symbol.for('pipe.pick')] && frames[0][Symbol.for('pipe.pick')]", nil)
	must(err)
	for _, one := range []struct {
		y      float64
		target string
	}{{30, `{role: button, name: Save}`}, {70, `{role: button, name: Send ***}`}, {118, `{role: link, name: Report, frame: 'iframe[name="inner"]'}`}} {
		must(page.Mouse().Move(40, one.y))
		must(page.Mouse().Click(40, one.y))
		if got := <-told; len(got.Targets) == 0 || got.Targets[0] != one.target || strings.Contains(got.Element.Name+strings.Join(got.Targets, ""), "hunter2") {
			t.Errorf("picked %+v, want %s", got, one.target)
		}
	}
	title := func() string {
		text, err := page.Title()
		must(err)
		return text
	}
	if title() != "" {
		t.Error("a press that picks has reached the page")
	}
	must(page.Keyboard().Down("Alt"))
	must(page.Mouse().Click(30, 30, playwright.MouseClickOptions{}))
	must(page.Keyboard().Up("Alt"))
	if title() != "pressed" {
		t.Error("a press with Alt has not reached the page")
	}
	cancel()
	picking.Wait()
	if !errors.Is(ended, context.Canceled) {
		t.Error(ended)
	}
}
