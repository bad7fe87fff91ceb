package session

import (
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"pipe/pipeline"
	"pipe/steps"
)

// account is one of those that log in. Its logins go one after the other.
type account struct {
	index int
	name  string
	// id names it in every run, credentials are what it logs in by.
	id, credentials string
	// lock is a mutex whose wait obeys a context.
	lock *semaphore.Weighted

	exclusives steps.Exclusives

	// failed counts its logins that failed since the last that worked, refused
	// is why it is given up. Both are the lock's, and refused is final.
	failed  int
	refused *pipeline.LoginError
	// quarantined is closed once refused is set.
	quarantined chan struct{}

	mu sync.Mutex
	// rest is how long to wait before the site is asked again after it could
	// not be reached.
	rest time.Duration
}

// maxRest is the longest wait for a site that cannot be reached.
const maxRest = 30 * time.Second

// unanswered notes that the site could not be reached, and gives how long to wait before
// it is asked again: longer each time, until it has answered.
func (a *account) unanswered() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rest = min(max(2*a.rest, time.Second), maxRest)
	return a.rest
}

// answered notes that the site could be reached.
func (a *account) answered() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rest = 0
}

// out gives the reason why the account is given up, or nil.
func (a *account) out() error {
	select {
	case <-a.quarantined:
		return a.refused
	default:
		return nil
	}
}
