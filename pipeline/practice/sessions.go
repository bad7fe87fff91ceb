package practice

import (
	"crypto/rand"
	"path"
	"sync"
	"time"
)

// stage is how far a session has come.
type stage int

const (
	gone    stage = iota // unknown, ended or run out
	waiting              // the password was right, but the account is in use elsewhere
	licence              // signed in, with the licence still to be accepted
	open
)

type session struct {
	account string
	stage   stage
	since   time.Time
	// verified is whether it has given a one-time code.
	verified bool
	// chosen is the vehicle that it has open at the test bench.
	chosen string
	// requests are those that it has served, of those that count.
	requests int
}

// signedIn tells whether the session takes one of its account's places.
func (s *session) signedIn() bool { return s.stage == licence || s.stage == open }

// sessions are all sessions by the value of their cookie.
type sessions struct {
	perAccount int
	lifetime   time.Duration
	requests   int    // that each is good for; 0 is any number
	path       string // of the requests that count, a pattern; "" is all
	first      stage  // of a session that has just signed in

	mu         sync.Mutex
	byID       map[string]*session
	codes      map[string]time.Time // one-time codes used, with their account
	logins     int
	logouts    int
	max        int
	accountMax int
}

func newSessions(o Options) *sessions {
	s := &sessions{
		perAccount: o.SessionsPerAccount, lifetime: o.SessionLifetime,
		requests: o.SessionRequests, path: o.SessionPath,
		first: open, byID: make(map[string]*session), codes: make(map[string]time.Time),
	}
	if o.Licence {
		s.first = licence
	}
	return s
}

// login starts a session for an account whose password was right. The session
// that the same browser had before makes way for it: it takes no second place.
func (s *sessions) login(account, before string) (id string, at stage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropExpired()
	delete(s.byID, before)
	id = rand.Text()
	n := &session{account: account, stage: waiting, since: time.Now()}
	s.byID[id] = n
	if s.perAccount == 0 || s.count(account) < s.perAccount {
		s.admit(n)
	}
	return id, n.stage
}

// takeOver ends the other sessions of a waiting session's account, and signs
// it in. A session in any other stage stays as it is.
func (s *sessions) takeOver(id string) stage {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropExpired()
	n := s.byID[id]
	if n == nil {
		return gone
	}
	if n.stage != waiting {
		return n.stage
	}
	for other, o := range s.byID {
		if o.account == n.account && o.signedIn() {
			delete(s.byID, other)
		}
	}
	s.admit(n)
	return n.stage
}

// admit signs a session in. The caller holds the lock.
func (s *sessions) admit(n *session) {
	n.stage = s.first
	n.since = time.Now()
	s.logins++
	s.peak(n.account)
}

// peak takes the present numbers into the greatest seen.
func (s *sessions) peak(account string) {
	s.max = max(s.max, s.count(""))
	s.accountMax = max(s.accountMax, s.count(account))
}

func (s *sessions) accept(id string) stage {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropExpired()
	n := s.byID[id]
	if n == nil {
		return gone
	}
	if n.stage == licence {
		n.stage = open
	}
	return n.stage
}

func (s *sessions) logout(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropExpired()
	if n := s.byID[id]; n != nil && n.signedIn() {
		s.logouts++
	}
	delete(s.byID, id)
}

// find tells how far a session has come, and whose it is.
func (s *sessions) find(id string) (account string, at stage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.byID[id]
	if n == nil || s.ranOut(n) {
		delete(s.byID, id)
		return "", gone
	}
	return n.account, n.stage
}

// spend is find for a request that needs an open session, and takes it into
// account.
func (s *sessions) spend(id, at string) stage {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.byID[id]
	if n == nil || s.ranOut(n) || n.stage == open && s.usedUp(n, at) {
		delete(s.byID, id)
		return gone
	}
	return n.stage
}

// usedUp counts a request, and tells whether it is one too many.
func (s *sessions) usedUp(n *session, at string) bool {
	if counts, err := path.Match(s.path, at); s.requests == 0 || s.path != "" && (err != nil || !counts) {
		return false
	}
	n.requests++
	return n.requests > s.requests
}

// count counts the signed-in sessions of an account, or of all for "".
func (s *sessions) count(account string) int {
	n := 0
	for _, o := range s.byID {
		if o.signedIn() && (account == "" || o.account == account) {
			n++
		}
	}
	return n
}

func (s *sessions) ranOut(n *session) bool {
	return s.lifetime > 0 && time.Since(n.since) >= s.lifetime
}

// dropExpired forgets the sessions that have run out, so that they take no place.
func (s *sessions) dropExpired() {
	for id, n := range s.byID {
		if s.ranOut(n) {
			delete(s.byID, id)
		}
	}
}

// fill writes the sessions' part of the counts.
func (s *sessions) fill(c *Counts) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropExpired()
	c.Logins, c.Logouts = s.logins, s.logouts
	c.SessionsNow, c.SessionsMax = s.count(""), s.max
	c.SessionsPerAccountMax = s.accountMax
}

func (s *sessions) resetCounts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropExpired()
	s.logins, s.logouts, s.max, s.accountMax = 0, 0, 0, 0
	for _, n := range s.byID {
		s.peak(n.account)
	}
}
