package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// HomeProof tells whether login.success holds of a page, within a limit: 0 is for one
// look.
type HomeProof func(ctx context.Context, page pipeline.Page, account int, limit time.Duration) (bool, error)

// Home gives what looks for login.success; it is nil when the spec has no login.
func Home(spec *specs.Spec) HomeProof {
	if spec.Login == nil {
		return nil
	}
	return func(ctx context.Context, page pipeline.Page, account int, limit time.Duration) (bool, error) {
		on := pipeline.NewStepContext(spec, page, pipeline.AccountValues(spec, account), "")
		holds, err := on.Holds(ctx, spec.Login.Success)
		if holds || limit == 0 || err != nil && !steps.IsNavigating(err) {
			return holds, err
		}
		limited, cancel := context.WithTimeout(ctx, min(limit, spec.Timeouts.Step.Std()))
		defer cancel()
		err = on.Check(limited, spec.Login.Success)
		switch {
		case err == nil:
			return true, nil
		case ctx.Err() == nil && errors.Is(err, steps.ErrTimeout):
			return false, nil
		default:
			return false, err // the page, or the browser, says nothing of the login
		}
	}
}

// Visit gives what opens the page where login.success is looked for beside the steps:
// navigate.home or, in a spec without, login.check. It is nil when the spec has none.
func Visit(spec *specs.Spec, dir string) pipeline.Act {
	if spec.Login == nil || spec.Navigate.Home.URL.Empty() {
		return Check(spec, dir)
	}
	return opens(spec, dir, spec.Navigate.Home.URL, spec.Navigate.Until)
}

// Check gives what opens the page where a kept login is tried: login.check or, in a spec
// without, navigate.home. It is nil when the spec has none.
func Check(spec *specs.Spec, dir string) pipeline.Act {
	if spec.Login == nil {
		return nil
	}
	at, until := checkPage(spec)
	if at.Empty() {
		return nil
	}
	return opens(spec, dir, at, until)
}

// checkPage is that page, and how far it must have come.
func checkPage(spec *specs.Spec) (expr.Address, *specs.Until) {
	if at := spec.Login.Check; !at.Empty() {
		return at, spec.Login.Until
	}
	return spec.Navigate.Home.URL, cmp.Or(spec.Login.Until, spec.Navigate.Until)
}

// opens gives what opens a page to look for login.success there.
func opens(spec *specs.Spec, dir string, at expr.Address, until *specs.Until) pipeline.Act {
	return func(ctx context.Context, page pipeline.Page, account int) error {
		ctx, cancel := context.WithTimeout(ctx, spec.Timeouts.Step.Std())
		defer cancel()
		on := pipeline.NewStepContext(spec, page, pipeline.AccountValues(spec, account), dir)
		defer on.StopDialogs()
		on.ExpectedAfter = spec.Login.Success.Visible
		url, err := at.Text(on.Values)
		if err != nil {
			return err
		}
		return on.Goto(ctx, url, until, nil)
	}
}

// homes is what is known of login.success at home: of one visit under a login, or of
// a later one too, since a welcome may be shown only once.
type homes struct {
	mu sync.Mutex
	// held is true once it held at all, firm once it held at a second visit under one
	// login. vain counts the logins in a row under which it held only at first.
	held, firm bool
	vain       int
	// slowest is the longest that it took to show.
	slowest time.Duration
	// by counts the visits at which it held, by session and login.
	by map[*session]visits
}

type visits struct {
	login int64
	n     int
}

// vainMost is how many logins in a row may be lost so before login.success is taken
// for a welcome that is shown once.
const vainMost = 2

// leastWait is how long login.success is waited for where it held before.
const leastWait = 5 * time.Second

// wait is how long it may take to show; 0 while nothing is known.
func (h *homes) wait() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.held {
		return 0
	}
	return max(leastWait, 4*h.slowest)
}

// note learns from a visit, and tells whether it shows that the login is lost.
func (h *homes) note(s *session, login int64, holds bool, took time.Duration) (lost bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.by == nil {
		h.by = map[*session]visits{}
	}
	of := h.by[s]
	if of.login != login {
		of = visits{login: login}
	}
	switch {
	case holds:
		of.n++
		h.by[s] = of
		h.held, h.slowest = true, max(h.slowest, took)
		if of.n > 1 {
			h.firm, h.vain = true, 0
		}
		return false
	case h.firm:
		return true
	case !h.held:
		return false
	}
	if h.vain++; h.vain > vainMost {
		h.held = false
		return false
	}
	return true
}

// AtHome is told that the page has come home: where login.success held before and
// does not now, the site shows it to a guest.
func (p *Page) AtHome(ctx context.Context) error {
	prove := p.pool.opts.Home
	if prove == nil || p.Login() == 0 {
		return nil
	}
	began := time.Now()
	holds, err := prove(ctx, p, p.session.account.index, p.pool.homes.wait())
	if err != nil {
		return err
	}
	if !p.pool.homes.note(p.session, p.Login(), holds, time.Since(began)) {
		return nil
	}
	p.loseSession()
	return &pipeline.GuestError{Err: fmt.Errorf("%w: login.success held at %s before, and does not now", steps.ErrSessionLost, steps.ShortURL(p.Playwright().URL()))}
}
