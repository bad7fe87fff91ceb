package pipeline

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// This file is the one taxonomy of failures: every error becomes a class by
// [Classify] and nowhere else, and what a class does stands in one table. What
// the driver's messages mean is told by steps alone.

// Class sorts failures, so that each sort has its own retry rule.
type Class string

// The classes of failure.
const (
	// NotFound: the site does not know the item. Terminal by default.
	NotFound Class = "not_found"
	// Rejected: the site refuses the item. Terminal by default.
	Rejected Class = "rejected"
	// Transient: a time-out, a reset, a 5xx: likely to go away.
	Transient Class = "transient"
	// RateLimited: the site asks for a slower pace (429, 503 with Retry-After).
	RateLimited Class = "rate_limited"
	// SessionLost: the login is gone; does not cost the item a try.
	SessionLost Class = "session_lost"
	// ProofFailed: a file came and is not what the spec expects.
	ProofFailed Class = "proof_failed"
	// SiteDown: the site cannot be reached, or a gateway answers for it (502,
	// 503, 504); costs the item no try and holds the whole site back.
	SiteDown Class = "site_down"
	// Crashed: the page, the browser or the driver died under the item.
	Crashed Class = "crashed"
	// Spec: the spec itself is wrong in a way that only the run could show, or a
	// value is not what it says.
	Spec Class = "spec"
	// Uncertain: a step that is done once failed, or was cut short, after it had begun:
	// nobody knows whether the site has taken what it did. Terminal, and never tried
	// again before somebody has said which.
	Uncertain Class = "uncertain"
	// Interrupted: the run was stopped with the item in hand; costs no try.
	Interrupted Class = "interrupted"
)

// behaviour is what a class of failure does, unless the spec's retry says
// otherwise.
type behaviour struct {
	// once: the first failure is final.
	once bool
	// free: it costs the item none of its attempts.
	free bool
	// atOnce: it is tried again without a wait.
	atOnce bool
	// page: the page may be to blame, and is renewed when it goes on.
	page bool
	// answered: the site has answered, so it is not down.
	answered bool
	// ofSpec: it may be the spec that does not fit the site.
	ofSpec bool
}

var behaviours = map[Class]behaviour{
	NotFound:    {once: true, answered: true, ofSpec: true},
	Rejected:    {once: true, answered: true, ofSpec: true},
	Transient:   {page: true},
	RateLimited: {free: true},
	SessionLost: {free: true, atOnce: true},
	ProofFailed: {page: true, answered: true, ofSpec: true},
	SiteDown:    {free: true},
	Crashed:     {page: true},
	Spec:        {once: true, answered: true, ofSpec: true},
	Uncertain:   {once: true, page: true},
	Interrupted: {free: true, atOnce: true, ofSpec: true},
}

// BlamesPage tells whether the page may be at fault.
func (c Class) BlamesPage() bool { return behaviours[c].page }

// Answered tells whether an attempt that ended so shows that the site answers;
// "" is one that went well.
func (c Class) Answered() bool { return c == "" || behaviours[c].answered }

// OfSpec tells whether a failure says anything of the spec.
func (c Class) OfSpec() bool { return behaviours[c].ofSpec }

// Classify sorts an error by what it is, and gives how long the site asks to
// wait. The spec's own rules, under classify, go before it.
func Classify(err error) (Class, time.Duration) {
	var (
		named  *steps.ClassError
		status *steps.StatusError
		proof  *ProofError
		value  *expr.ValueError
		eval   *expr.EvalError
		usage  *steps.UsageError
		nobody *AccountError
		login  *LoginError
		absent *UnreachableError
		field  *steps.FieldError
		begun  *steps.UncertainError
	)
	switch {
	case errors.As(err, &begun):
		return Uncertain, 0
	case errors.As(err, &absent):
		return SiteDown, 0
	case errors.Is(err, steps.ErrSessionLost), errors.As(err, &login):
		return SessionLost, 0
	case errors.As(err, &nobody):
		return Spec, 0
	case errors.As(err, &named):
		return Class(named.Class), 0
	case errors.As(err, &proof), errors.As(err, &value) && value.Missing:
		return ProofFailed, 0
	case value != nil:
		// It is as it is, however often it is read.
		return Spec, 0
	case errors.As(err, &field) && field.Most > 0:
		// So it is on every page.
		return Spec, 0
	case errors.As(err, &status):
		return classOfStatus(status)
	case errors.Is(err, steps.ErrClosed):
		return Crashed, 0
	case errors.Is(err, context.Canceled):
		// What cancelled a page's own context is named above.
		return Interrupted, 0
	case errors.As(err, &eval), errors.As(err, &usage):
		return Spec, 0
	case steps.IsNoRoute(err):
		return SiteDown, 0
	default:
		return Transient, 0
	}
}

func classOfStatus(e *steps.StatusError) (Class, time.Duration) {
	switch e.Status {
	case http.StatusNotFound, http.StatusGone:
		return NotFound, 0
	case http.StatusTooManyRequests:
		return RateLimited, e.RetryAfter
	case http.StatusServiceUnavailable:
		if e.RetryAfter > 0 {
			return RateLimited, e.RetryAfter
		}
		return SiteDown, 0
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return SiteDown, 0
	case http.StatusRequestTimeout, http.StatusTooEarly:
		return Transient, 0
	default:
		if e.Status < http.StatusInternalServerError {
			// It is the request that the site does not like, and it stays the same.
			return Rejected, 0
		}
		return Transient, 0
	}
}

// Overload tells whether a failure of a class may come of too much load on the
// site. An element that is not there comes of the spec, more often than not.
func Overload(class Class, err error) bool {
	var status *steps.StatusError
	var absent *steps.AbsentError
	switch {
	case class != Transient:
		return false
	case errors.As(err, &status):
		return status.Status >= http.StatusInternalServerError
	case errors.As(err, &absent):
		return false
	default:
		return errors.Is(err, steps.ErrTimeout) || steps.IsNetworkError(err)
	}
}

// RetryRule is how often an item may fail in one class, and the wait between.
type RetryRule struct {
	Attempts int
	// Free attempts do not count against the item's attempts in all.
	Free bool
	// Initial is the wait after the first failure; each one more doubles it, to
	// Max at most.
	Initial, Max time.Duration
}

// freeAttempts bounds the attempts that cost an item nothing, so that a site
// which never recovers does not hold a run for ever.
const freeAttempts = 20

// RetryRuleOf gives the rule of a class under a spec.
func RetryRuleOf(retry *specs.Retry, class Class) RetryRule {
	does := behaviours[class]
	r := RetryRule{Attempts: retry.Attempts, Free: does.free, Initial: retry.Backoff.Initial.Std(), Max: retry.Backoff.Max.Std()}
	switch {
	case does.once:
		r.Attempts = 1
	case does.free:
		r.Attempts = freeAttempts
	}
	if does.atOnce {
		r.Initial = 0
	}
	own := retry.Of(string(class))
	if own == nil {
		return r
	}
	if own.Costs != nil && *own.Costs == r.Free {
		r.Free = !*own.Costs
		r.Attempts = retry.Attempts
		if r.Free {
			r.Attempts = freeAttempts
		}
	}
	if own.Attempts > 0 {
		r.Attempts = own.Attempts
	}
	if own.Backoff != nil {
		r.Initial, r.Max = own.Backoff.Initial.Std(), own.Backoff.Max.Std()
	}
	return r
}

// SkipEnd names, beside the classes of failure, a skip as the end of an item.
const SkipEnd = "skip"

// NeedsSecondLook tells whether what ends an item, a class of failure or [SkipEnd],
// counts only once a second look has come to the same. A spec that says how often an
// item may fail in the class has said enough.
func NeedsSecondLook(retry *specs.Retry, end string) bool {
	switch Class(end) {
	case NotFound, Rejected, SkipEnd:
	default:
		return false
	}
	own := retry.Of(end)
	return (own == nil || own.Attempts == 0) && (retry.Confirm == nil || slices.Contains(retry.Confirm, end))
}

// FreeRule is a rule that costs an item none of its attempts.
func FreeRule(r RetryRule) RetryRule {
	r.Free, r.Attempts = true, max(r.Attempts, freeAttempts)
	return r
}

// Wait is how long to wait after the given number of failures, from 1.
func (r RetryRule) Wait(failures int) time.Duration {
	b := backoff.ExponentialBackOff{InitialInterval: r.Initial, Multiplier: 2, MaxInterval: r.Max}
	b.Reset()
	wait := b.NextBackOff()
	for range failures - 1 {
		wait = b.NextBackOff()
	}
	return wait
}
