package pipeline

import (
	"context"
	"errors"
	"net/http"
	"pipe/specs"
	"pipe/steps"
	"time"
)

// classify sorts an error, and gives how long the site asks to wait. It is the
// one place where the class of a failure is decided.
func classify(err error) (Class, time.Duration) {
	var (
		named  *steps.ClassError
		status *steps.StatusError
		proof  *ProofError
		eval   *specs.EvalError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return Interrupted, 0
	case errors.Is(err, steps.ErrLost):
		return SessionLost, 0
	case errors.As(err, &named):
		return Class(named.Class), 0
	case errors.As(err, &proof):
		return ProofFailed, 0
	case errors.As(err, &status):
		return classOfStatus(status)
	case errors.Is(err, steps.ErrClosed):
		return Crashed, 0
	case errors.As(err, &eval):
		return Spec, 0
	default:
		return Transient, 0
	}
}

func classOfStatus(e *steps.StatusError) (Class, time.Duration) {
	switch {
	case e.Status == http.StatusNotFound, e.Status == http.StatusGone:
		return NotFound, 0
	case e.Status == http.StatusTooManyRequests, e.Status == http.StatusServiceUnavailable && e.RetryAfter > 0:
		return RateLimited, e.RetryAfter
	default:
		return Transient, 0
	}
}

// rule is how often an item may fail in one class, and the wait between.
type rule struct {
	attempts int
	// free attempts do not count against the item's attempts in all.
	free          bool
	initial, most time.Duration
}

// freeTries bounds the attempts that cost an item nothing, so that a site which
// never recovers does not hold a run for ever.
const freeTries = 20

// ruleFor gives the rule of a class under a spec.
func ruleFor(retry *specs.Retry, class Class) rule {
	r := rule{attempts: retry.Attempts, initial: retry.Backoff.Initial.Std(), most: retry.Backoff.Max.Std()}
	var own *specs.ClassRule
	switch class {
	case NotFound:
		r.attempts, own = 1, retry.NotFound
	case Rejected:
		r.attempts, own = 1, retry.Rejected
	case Spec:
		r.attempts = 1
	case Transient:
		own = retry.Transient
	case RateLimited:
		r.attempts, r.free, own = freeTries, true, retry.RateLimited
	case SessionLost, Interrupted:
		r.attempts, r.free, r.initial = freeTries, true, 0
	case ProofFailed:
		own = retry.ProofFailed
	case Crashed:
		own = retry.Crashed
	}
	if own == nil {
		return r
	}
	if own.Attempts > 0 {
		r.attempts = own.Attempts
	}
	if own.Backoff != nil {
		r.initial, r.most = own.Backoff.Initial.Std(), own.Backoff.Max.Std()
	}
	return r
}

// wait is how long to wait after the given number of failures.
func (r rule) wait(failures int) time.Duration {
	wait := r.initial
	for range failures - 1 {
		if wait *= 2; wait >= r.most {
			return r.most
		}
	}
	return wait
}
