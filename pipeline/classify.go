package pipeline

import (
	"context"
	"errors"
	"net"
	"net/http"
	"regexp"
	"syscall"
	"time"

	"pipe/specs"
	"pipe/steps"
)

// classify sorts an error by what it is, and gives how long the site asks to
// wait. The spec's own rules go before it: see judge.
func classify(err error) (Class, time.Duration) {
	var (
		named  *steps.ClassError
		status *steps.StatusError
		proof  *ProofError
		value  *specs.ValueError
		eval   *specs.EvalError
		bound  *boundError
		login  *LoginError
	)
	switch {
	case errors.Is(err, steps.ErrLost), errors.As(err, &login):
		return SessionLost, 0
	case errors.As(err, &bound):
		return Spec, 0
	case errors.As(err, &named):
		return Class(named.Class), 0
	case errors.As(err, &proof), errors.As(err, &value):
		return ProofFailed, 0
	case errors.As(err, &status):
		return classOfStatus(status)
	case errors.Is(err, steps.ErrClosed):
		return Crashed, 0
	case errors.Is(err, context.Canceled):
		// What cancelled a page's own context is named above.
		return Interrupted, 0
	case errors.As(err, &eval):
		return Spec, 0
	case unreachable(err):
		return SiteDown, 0
	default:
		return Transient, 0
	}
}

// noSite is how browsers say that there is no way to the site at all. What
// strikes single requests, such as a reset, is not among it.
var noSite = regexp.MustCompile(`net::ERR_(CONNECTION_(REFUSED|FAILED|TIMED_OUT)|NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|` +
	`INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE|NETWORK_\w+|PROXY_\w+|TUNNEL_\w+|SSL_\w+|CERT_\w+)|` +
	`\b(ConnectionRefused|ConnectionFailed|NameNotResolved|InternetDisconnected|AddressUnreachable)\b`)

func unreachable(err error) bool {
	var dns *net.DNSError
	return err != nil && (errors.As(err, &dns) || errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EHOSTUNREACH) ||
		errors.Is(err, syscall.ENETUNREACH) || noSite.MatchString(err.Error()))
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
	switch class {
	case NotFound, Rejected, Spec:
		r.attempts = 1
	case RateLimited, SiteDown:
		r.attempts, r.free = freeTries, true
	case SessionLost, Interrupted:
		r.attempts, r.free, r.initial = freeTries, true, 0
	}
	own := retry.Of(string(class))
	if own == nil {
		return r
	}
	if own.Costs != nil && *own.Costs == r.free {
		r.free = !*own.Costs
		r.attempts = retry.Attempts
		if r.free {
			r.attempts = freeTries
		}
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
