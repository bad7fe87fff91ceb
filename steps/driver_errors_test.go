package steps_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

func TestDriverErrors(t *testing.T) {
	const (
		navigating = 1 << iota
		network
		unreachable
		noRoute
		proxy
	)
	status := func(code int) error { return fmt.Errorf("opening: %w", &steps.StatusError{Status: code}) }
	for _, tt := range []struct {
		err  error
		want int
	}{
		{errors.New("reading: Execution context was destroyed, most likely because of a navigation"), navigating},
		{errors.New("clicking: frame was detached"), navigating},
		{errors.New("opening: net::ERR_ABORTED at http://127.0.0.1/"), network},
		{errors.New("opening: net::ERR_CONNECTION_RESET at http://127.0.0.1/"), network | unreachable},
		{errors.New("opening: net::ERR_CONNECTION_REFUSED at http://127.0.0.1/"), network | unreachable | noRoute},
		{errors.New("opening: net::ERR_NAME_NOT_RESOLVED at http://x/"), network | unreachable | noRoute},
		{errors.New("opening: net::ERR_PROXY_CONNECTION_FAILED at http://x/"), network | unreachable | noRoute | proxy},
		{errors.New("opening: net::ERR_SOCKS_CONNECTION_FAILED at http://x/"), network | unreachable | proxy},
		{errors.New("asking: ConnectionRefused"), noRoute},
		{fmt.Errorf("asking: %w", syscall.ECONNREFUSED), noRoute},
		{fmt.Errorf("asking: %w", &net.DNSError{}), noRoute},
		{status(503), unreachable},
		{status(429), unreachable},
		{status(404), 0},
		{steps.ErrTimeout, 0},
		{steps.ErrClosed, 0},
	} {
		t.Run(tt.err.Error(), func(t *testing.T) {
			got := 0
			for i, is := range []func(error) bool{
				steps.IsNavigating, steps.IsNetworkError, steps.IsSiteFault, steps.IsNoRoute, steps.IsProxyFailure,
			} {
				if is(tt.err) {
					got |= 1 << i
				}
			}
			if got != tt.want {
				t.Errorf("got %05b, want %05b", got, tt.want)
			}
		})
	}
}

// A driver that is gone takes no command, and with it the page is: it may be known
// by that before the connection's end is told.
func TestDriverGone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		gone bool
	}{
		{fmt.Errorf("could not send message: %w", &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}), true},
		{errors.New("could not send message: transport closed"), true},
		{errors.New("could not send message: pipeTransport: could not marshal json: unsupported type"), false},
		{playwright.ErrTargetClosed, true},
		{errors.New("clicking: frame was detached"), false},
	} {
		asked := func() (any, error) { return nil, tt.err }
		_, within := steps.CallWithin(t.Context(), time.Minute, "asking", asked)
		_, err := steps.Call(t.Context(), "asking", asked)
		if errors.Is(within, steps.ErrClosed) != tt.gone || errors.Is(err, steps.ErrClosed) != tt.gone {
			t.Errorf("%v: got %v, and %v", tt.err, within, err)
		}
	}
}
