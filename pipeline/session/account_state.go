package session

import (
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
	// rest is how long to wait before the site is asked again after it could
	// not be reached.
	rest time.Duration
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
