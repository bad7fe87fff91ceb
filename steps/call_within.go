package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"
)

// CallWithin runs a call of Playwright's, which knows no context and may hang or
// panic on a lost connection, and gives up on it at the limit. The goroutine of
// a call that was given up ends with the connection to the driver at the latest:
// it is the one kind that nobody waits for.
func CallWithin[T any](ctx context.Context, limit time.Duration, what string, f func() (T, error)) (T, error) {
	type answer struct {
		v   T
		err error
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan answer, 1)
	go func() {
		var a answer
		if err := Calm(func() { a.v, a.err = f() }); err != nil {
			a.err = err
		}
		done <- a
	}()
	select {
	case a := <-done:
		return a.v, named(what, a.err)
	case <-ctx.Done():
		var none T
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return none, fmt.Errorf("%s: %w of %v", what, ErrTimeout, limit)
		}
		return none, fmt.Errorf("%s: %w", what, context.Cause(ctx))
	}
}

// DoWithin is CallWithin for a call that gives no more than an error.
func DoWithin(ctx context.Context, limit time.Duration, what string, f func() error) error {
	_, err := CallWithin(ctx, limit, what, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

func named(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, playwright.ErrTargetClosed) && !errors.Is(err, ErrClosed):
		return fmt.Errorf("%s: %w", what, ErrClosed)
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
}

// WaitEnded says that a wait ended with its context, and why.
func WaitEnded(ctx context.Context, what string) error { return ended(ctx, what) }

// IsUnreachable tells an error of the site or the network from a refusal, which
// is the account's.
func IsUnreachable(err error) bool {
	var status *StatusError
	if errors.As(err, &status) {
		return status.Status >= 500 || status.Status == http.StatusTooManyRequests
	}
	text := err.Error()
	return strings.Contains(text, "net::ERR_") && !strings.Contains(text, "net::ERR_ABORTED")
}

// proxyFailure is what browsers say of a proxy that does not serve them.
var proxyFailure = regexp.MustCompile(`net::ERR_(PROXY|HTTPS_PROXY|TUNNEL|SOCKS|MANDATORY_PROXY)_`)

// IsProxyFailure tells whether a request failed because its proxy does not serve.
func IsProxyFailure(err error) bool { return proxyFailure.MatchString(err.Error()) }
