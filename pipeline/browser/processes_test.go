package browser

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/processes"
)

// All contexts live in one browser, and a page costs no more than one process.
func TestProcesses(t *testing.T) {
	ctx, opts := installed(t)
	site := httptest.NewServer(http.NotFoundHandler())
	defer site.Close()
	s, err := Supervise(ctx, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	const contexts, pages = 3, 2
	var b *Browser
	for range contexts {
		if b, err = s.Current(ctx); err != nil {
			t.Fatal(err)
		}
		in, err := b.NewContext(ctx, playwright.BrowserNewContextOptions{}, plainTransport{http.DefaultTransport.(*http.Transport)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range pages {
			page, err := in.NewPage(ctx)
			if err == nil {
				_, err = page.Playwright().Goto(site.URL)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	started := 0
	for _, parent := range processes.Parents(ctx) {
		if parent == b.driver.process.PID {
			started++
		}
	}
	if started != 1 {
		t.Errorf("the driver has started %d processes, want one browser", started)
	}
	answer, err := b.CDP.Command(ctx, "SystemInfo.getProcessInfo", map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	count := map[any]int{}
	for _, p := range answer["processInfo"].([]any) {
		count[Fields(p)["type"]]++
	}
	// One more waits for the next page.
	if count["browser"] != 1 || count["renderer"] < 1 || count["renderer"] > contexts*pages+1 {
		t.Errorf("for %d pages in %d contexts there are %v", contexts*pages, contexts, count)
	}
}
