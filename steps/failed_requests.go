package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/playwright-community/playwright-go"
)

// FailedRequestsError is a wait on a page some of whose own requests failed
// meanwhile: it is they, more often than not, for which it waited in vain.
type FailedRequestsError struct {
	Err error
	// Requests say which, and how.
	Requests []string
}

func (e *FailedRequestsError) Error() string {
	text := e.Err.Error()
	for i, request := range e.Requests {
		if i == 0 {
			text += "; meanwhile, of the page's own requests, "
		} else {
			text += ", "
		}
		text += request
	}
	return text
}

// Unwrap gives the wait's own error.
func (e *FailedRequestsError) Unwrap() error { return e.Err }

// failedRequestsJS gives the address and the status, 0 for none, of what scripts of
// the document and of its frames asked the site for in vain since a moment. What
// other sites were asked is not told by the browser.
const failedRequestsJS = `since => {
	const all = [];
	const of = (w, depth) => {
		for (const e of w.performance.getEntriesByType('resource')) {
			if (!/^(fetch|xmlhttprequest)$/.test(e.initiatorType) || w.performance.timeOrigin + e.responseEnd < since) continue;
			if (new URL(e.name).origin !== w.location.origin) continue;
			if (e.responseStatus >= 400 || !e.responseStatus && !e.transferSize && !e.decodedBodySize && !e.nextHopProtocol) all.push([e.name, e.responseStatus]);
		}
		for (let i = 0; i < w.length && depth < 8; i++) try { of(w[i], depth + 1) } catch {}
	};
	of(window, 0);
	return all;
}`

// maxFailedRequests is how many of them are told, lookAtRequests how long the page
// may take to say so.
const (
	maxFailedRequests = 3
	lookAtRequests    = time.Second
)

// FailedRequests says what the scripts of a page asked the site for in vain since a
// moment, as far as the browser tells.
func FailedRequests(ctx context.Context, page playwright.Page, since time.Time) []string {
	found, err := CallWithin(ctx, lookAtRequests, "asking for the page's requests", func() (any, error) {
		return page.Evaluate(failedRequestsJS, float64(since.UnixMilli()))
	})
	if err != nil {
		return nil // a page that moves, or is gone, says nothing
	}
	var all []string
	list, _ := found.([]any)
	for _, one := range list {
		pair, _ := one.([]any)
		if len(pair) != 2 {
			continue
		}
		at := Printable(ShortURL(fmt.Sprint(pair[0])))
		text := fmt.Sprintf("the site answered %v at %s", pair[1], at)
		if fmt.Sprint(pair[1]) == "0" {
			text = "there was no answer at " + at
		}
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	if more := len(all) - maxFailedRequests; more > 0 {
		all = append(all[:maxFailedRequests], fmt.Sprintf("and %d more", more))
	}
	return all
}

// withRequests adds to an error of a wait what the page asked for in vain.
func (s *StepContext) withRequests(ctx context.Context, err error) error {
	if s.static() != nil {
		return err
	}
	var status *StatusError
	var none *NoFileError
	var known *FailedRequestsError
	if !errors.Is(err, ErrTimeout) || errors.As(err, &status) || errors.As(err, &none) || errors.As(err, &known) || s.Page == nil {
		return err
	}
	failed := FailedRequests(context.WithoutCancel(ctx), s.Page, s.began)
	if len(failed) == 0 {
		return err
	}
	return &FailedRequestsError{Err: err, Requests: failed}
}

// FailOnError is a step that failed as the page showed what fail_on says.
type FailOnError struct {
	Target string
	// Text is what the page says there.
	Text string
}

func (e *FailOnError) Error() string {
	text := fmt.Sprintf("the page shows %s", e.Target)
	if e.Text != "" {
		text += fmt.Sprintf(", which says %q", e.Text)
	}
	return text + " (fail_on)"
}
