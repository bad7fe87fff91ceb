package session

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/steps"
)

// session is one login of an account, over all the browser contexts in which it
// lives, one at a time.
type session struct {
	name    string
	account *account
	// report is told what becomes of its login; nil is nobody.
	report func(pipeline.Event)
	// path is where the login is kept, "" when it is not.
	path string

	// lock is a mutex whose wait obeys a context. The fields below are its own.
	lock *semaphore.Weighted
	home *browser.Context
	// served counts the items in the context; resumed is true while a kept login
	// is untried in it.
	served  int
	resumed bool
	// state is the newest of the login that is known; nil for none.
	state *loginState
	read  bool
	// shared is what the login has in the sessionStorage of its pages.
	shared tabStorage
	// cookies are those of the context cookiesOf, for pages without a browser.
	cookies   *client.Cookies
	cookiesOf *browser.Context
	// turn chooses the proxy.
	turn int
	// wasted counts the logins in a row under which no attempt has ended, and judged is
	// the newest of which that is known.
	wasted int
	judged int64

	// login counts the logins, from 1; lost is the newest that is gone, and left the
	// newest of a context that the session has moved out of.
	login, lost, left atomic.Int64
	// signed is true while the site knows the session, as far as is known:
	// through all contexts that it moves to.
	signed atomic.Bool
	// used is true once an attempt has ended under the newest login.
	used atomic.Bool

	mu    sync.Mutex
	pages map[*Page]bool
	// origins are those that the pages have shown.
	origins map[string]bool
}

// valid tells whether the session is logged in where it is now, as far as is known.
func (s *session) valid() bool { return s.login.Load() > max(s.lost.Load(), s.left.Load()) }

// holds tells whether a login is the newest, and holds as far as is known; 0 is
// where there is none.
func (s *session) holds(login int64) bool {
	return login == s.login.Load() && (login == 0 || s.valid())
}

// markLost notes that a login is gone, and tells whether this was news; an older
// one's loss means nothing.
func (s *session) markLost(login int64) bool {
	for {
		was := s.lost.Load()
		if login <= was {
			return false
		}
		if s.lost.CompareAndSwap(was, login) {
			return true
		}
	}
}

// lose marks a login as gone and tells all that work under it, so that nobody
// waits for what cannot come.
func (s *session) lose(login int64) {
	if login == 0 || !s.markLost(login) {
		return
	}
	if login == s.login.Load() {
		s.signed.Store(false)
		if login > s.left.Load() { // else it has moved out of the context of that login
			s.tell(pipeline.Event{Kind: pipeline.LoginLost})
		}
	}
	for _, pg := range s.all() {
		if pg.login.Load() <= login {
			pg.Tell(steps.ErrSessionLost)
		}
	}
}

// tell reports what becomes of the session's login.
func (s *session) tell(e pipeline.Event) {
	if s.report == nil {
		return
	}
	e.Worker, e.Account, e.AccountName = s.name, strconv.Itoa(s.account.index+1), s.account.name
	s.report(e)
}

func (s *session) add(pg *Page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[pg] = true
}

func (s *session) remove(pg *Page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pages, pg)
}

func (s *session) all() []*Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*Page
	for pg := range s.pages {
		all = append(all, pg)
	}
	return all
}

// abandon gives up the pages that worked under a login that is lost, all but one: a
// site may not answer a login while one of them still waits for its answer.
func (s *session) abandon(but *Page) {
	for _, pg := range s.all() {
		if pg != but && pg.Context == s.home && pg.Login() > 0 && s.lost.Load() >= pg.Login() {
			pg.Discard()
		}
	}
}

// closeIdle lets go of connections beside a browser that is closed.
func (s *session) closeIdle(ctx context.Context) {
	if s.lock.Acquire(ctx, 1) != nil {
		return
	}
	defer s.lock.Release(1)
	if s.home != nil {
		s.home.Transport.Close()
	}
}
