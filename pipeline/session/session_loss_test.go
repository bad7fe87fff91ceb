package session

import (
	"context"
	"errors"
	"io"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// beside adds the address that tells of a lost session.
func (l Loss) beside(o Loss) Loss {
	l.URL = o.URL
	return l
}

// Every sign of a lost session is told to all pages of the session, and to no
// page of another; then one login serves all.
func TestSigns(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signs Loss
		body  string
		show  string
	}{
		"selector": {Loss{Selectors: []string{"#never", ".over"}}, `<p class=over style="display:none">x</p>`, `document.querySelector('.over').style.display = 'block'`},
		"text":     {Loss{Texts: []string{"session has expired"}}, "<p id=p hidden>Your Session\n has <b>expired</b>.</p>", `document.getElementById('p').hidden = false`},
		"status":   {Loss{Statuses: []int{401}}, ``, `fetch('/api')`},
		"answer":   {Loss{Statuses: []int{401}}, ``, `location = '/api'`},
		"url":      {Loss{}, ``, `location = '/home'`},
		"frame":    {Loss{}, `<iframe></iframe>`, `document.querySelector('iframe').src = '/home'`},
		"tab":      {Loss{}, ``, `open('/home')`},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := limited(t)
			site := newLoginSite(t)
			site.body = c.body
			opts := site.options()
			opts.Contexts, opts.Pages, opts.Loss = 2, 2, c.signs.beside(opts.Loss)
			pool := launch(t, "shell", opts)
			told := make(chan int, 8)
			var pages []*Page
			for w := range 4 {
				pg := visit(ctx, t, pool, w)
				pages = append(pages, pg)
				defer pg.Watch(func(err error) {
					if errors.Is(err, steps.ErrSessionLost) {
						told <- w
					}
				})()
			}
			// What is hidden is no sign.
			if _, err := pages[0].Playwright().Evaluate("new Promise(done => setTimeout(done, 600))"); err != nil || len(told) > 0 {
				t.Fatalf("told of a loss too early (%v)", err)
			}
			site.closeAll()
			if _, err := pages[0].Playwright().Evaluate("() => { " + c.show + " }"); err != nil {
				t.Fatal(err)
			}
			got := map[int]bool{}
			for len(got) < 2 {
				select {
				case w := <-told:
					got[w] = true
				case <-ctx.Done():
					t.Fatalf("only %v were told", got)
				}
			}
			if !got[0] || !got[2] || got[1] || got[3] {
				t.Errorf("%v were told, want 0 and 2", got)
			}
			site.body = ""
			before := site.logins.Load()
			for _, w := range []int{0, 2} {
				visit(ctx, t, pool, w)
			}
			if n := site.logins.Load() - before; n != 1 {
				t.Errorf("%d logins for one lost session", n)
			}
		})
	}
}

// What is late of a login that is gone already is no loss of the one after it.
func TestLateSign(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	opts := site.options()
	opts.Pages, opts.Loss = 2, Loss{Statuses: []int{401}}.beside(opts.Loss)
	pool := launch(t, "shell", opts)
	first, late := visit(ctx, t, pool, 0), visit(ctx, t, pool, 1)
	// Of the page itself nothing comes any more once another logs in; of what is
	// fetched beside it, it does.
	d, err := late.Fetch(ctx, late.Playwright(), steps.Link{URL: "/late"})
	if err != nil {
		t.Fatal(err)
	}
	received, lost := make(chan error, 1), make(chan struct{}, 8)
	go func() {
		_, err := d.Receive(ctx, io.Discard)
		received <- err
	}()
	await(ctx, t, site.asked)
	site.closeAll()
	stop := first.Watch(func(error) { lost <- struct{}{} })
	if _, err := first.Playwright().Evaluate("() => { fetch('/api') }"); err != nil {
		t.Fatal(err)
	}
	await(ctx, t, lost)
	stop()
	visit(ctx, t, pool, 0)
	late.loseSession()
	close(site.late)
	if err := <-received; !errors.Is(err, steps.ErrSessionLost) {
		t.Errorf("what is late of the lost login: %v", err)
	}
	visit(ctx, t, pool, 0)
	if n := site.logins.Load(); n != 2 {
		t.Errorf("%d logins for one lost session, want 2 in all", n)
	}
}

// What comes in a file's place tells of a lost session too, at once to all who
// work under it.
func TestFetchLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signs Loss
		at    string
	}{
		"url": {Loss{}, "/home"}, "status": {Loss{Statuses: []int{401}}, "/api"}, "text": {Loss{Texts: []string{"who are you"}}, "/sorry"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := limited(t)
			site := newLoginSite(t)
			opts := site.options()
			opts.Pages, opts.Loss = 2, c.signs.beside(opts.Loss)
			pool := launch(t, "shell", opts)
			pg, other := visit(ctx, t, pool, 0), visit(ctx, t, pool, 1)
			told := make(chan error, 8)
			defer other.Watch(func(err error) { told <- err })()
			d, err := pg.Fetch(ctx, pg.Playwright(), steps.Link{URL: c.at})
			if err != nil {
				t.Fatal(err)
			}
			site.closeAll()
			if _, err := d.Receive(ctx, io.Discard); !errors.Is(err, steps.ErrSessionLost) || !other.Lost() {
				t.Errorf("got %v, and the other page thinks that the session is lost: %v", err, other.Lost())
			}
			if err := <-told; !errors.Is(err, steps.ErrSessionLost) {
				t.Errorf("the other page was told %v", err)
			}
		})
	}
}

// A login that holds no more in the new context is gone for who is at work in the old one.
func TestLoginGoneWithContext(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	opts := site.options()
	opts.Pages, opts.ContextItems = 2, 2
	pool := launch(t, "shell", opts)
	first := visit(ctx, t, pool, 0)
	visit(ctx, t, pool, 1).Done()
	told := make(chan error, 8)
	defer first.Watch(func(err error) { told <- err })()
	site.closeAll()
	if pg := visit(ctx, t, pool, 1); pg.Context == first.Context || pg.Lost() {
		t.Error("the context is the old one, or its new login is lost")
	}
	if n := site.logins.Load(); n != 2 || !first.Lost() {
		t.Fatalf("%d logins, want 2; the page in hand thinks that its session is lost: %v", n, first.Lost())
	}
	if err := <-told; !errors.Is(err, steps.ErrSessionLost) {
		t.Errorf("the page in hand was told %v", err)
	}
}

// A site that does not answer the logins after a loss has lost no more of them: its account
// is not given up.
func TestSiteAwayAfterLoss(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newLoginSite(t)
	opts := site.options()
	stop := make(chan struct{})
	close(stop)
	away, login := 0, opts.Login
	opts.Resume, opts.Stop = nil, stop // nobody rests between the tries
	opts.Login = func(ctx context.Context, page pipeline.Page, account int) error {
		if away--; away >= 0 {
			return &pipeline.UnreachableError{Err: errors.New("no answer")}
		}
		return login(ctx, page, account)
	}
	pool := launch(t, "shell", opts)
	pg := visit(ctx, t, pool, 0)
	pg.loseSession()
	pg.Done()
	away = 3 * maxFutile
	for n := range away {
		var absent *pipeline.UnreachableError
		if _, err := pool.Open(ctx, 0); !errors.As(err, &absent) {
			t.Fatalf("try %d: %v", n+1, err)
		}
	}
	visit(ctx, t, pool, 0).Done()
}
