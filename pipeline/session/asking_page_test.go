package session

import (
	"testing"

	"github.com/playwright-community/playwright-go"
)

// A page that asks before it is left holds nobody up: not the way home, nor its own
// close, nor that of its tabs, whoever closes them.
func TestAskingPage(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	site.body = `<input id=f><script>addEventListener('beforeunload', e => { if (f.value) { e.preventDefault(); e.returnValue = 'unsaved' } })</script>`
	pool := launch(t, "shell", site.options())
	pg := visit(ctx, t, pool, 0)
	// A browser asks only for pages that somebody has touched.
	touch := func(page playwright.Page) <-chan struct{} {
		t.Helper()
		field := page.Locator("#f")
		if err := field.Click(); err != nil {
			t.Fatal(err)
		}
		if err := field.Fill("unsaved"); err != nil {
			t.Fatal(err)
		}
		closed := make(chan struct{})
		page.OnClose(func(playwright.Page) { close(closed) })
		return closed
	}
	open := func() playwright.Page {
		t.Helper()
		tab, err := pg.Playwright().ExpectPopup(func() error {
			_, err := pg.Playwright().Evaluate("() => { open('/home') }")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return tab
	}
	closed := touch(pg.Playwright())
	if _, err := pg.Playwright().Goto("/home"); err != nil {
		t.Errorf("home: %v", err)
	}
	if left, err := pg.Playwright().Locator("#f").InputValue(); err != nil || left != "" {
		t.Errorf("it is still there: %q, %v", left, err)
	}
	tab := open()
	itself := touch(tab)
	_, _ = tab.Evaluate("() => { close() }") // it may be gone before it answers
	await(ctx, t, itself)
	stray := touch(open())
	if err := pg.CloseStrays(ctx); err != nil {
		t.Errorf("its tabs: %v", err)
	}
	await(ctx, t, stray)
	if _, err := pg.Playwright().Evaluate("f.value = 'unsaved'"); err != nil {
		t.Fatal(err)
	}
	pg.Discard()
	await(ctx, t, closed)
}
