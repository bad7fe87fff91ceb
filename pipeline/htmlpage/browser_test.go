package htmlpage

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/pipeline/provision"
)

// inBrowser gives a page in a real browser.
func inBrowser(t *testing.T) playwright.Page {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	rt, err := provision.Ensure(ctx, provision.Options{Say: func(line string) { fmt.Fprintln(os.Stderr, line) }})
	if err != nil {
		t.Fatal(err)
	}
	browsers, err := browser.Supervise(ctx, browser.Options{DriverDir: rt.DriverDir, Node: rt.Node, Executable: rt.Browser, Downloads: t.TempDir(), CloseLimit: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = browsers.Close(context.WithoutCancel(ctx)) })
	b, err := browsers.Current(ctx)
	if err != nil {
		t.Fatal(err)
	}
	via, err := client.NewTransport(client.ContextOptions{})
	if err != nil {
		t.Fatal(err)
	}
	in, err := b.NewContext(ctx, playwright.BrowserNewContextOptions{}, via, nil)
	if err != nil {
		t.Fatal(err)
	}
	page, err := in.NewPage(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return page.Playwright()
}

// static gives a page without a browser that shows some HTML.
func static(t testing.TB, text string) *Page {
	t.Helper()
	at, err := url.Parse("https://site.example/vehicle/1")
	if err != nil {
		t.Fatal(err)
	}
	p := New(nil, "https://site.example")
	if p.doc, err = parse([]byte(text), "text/html; charset=utf-8", at); err != nil {
		t.Fatal(err)
	}
	p.at = at.String()
	return p
}
