package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/playwright-community/playwright-go"
)

// ErrTimeout is a wait that came to its limit.
var ErrTimeout = errors.New("nothing within the time-out")

// errNothingCame is an optional step's wait that saw neither its target nor
// what comes after it: the page is not where the spec takes it to be.
var errNothingCame = fmt.Errorf("%w", ErrTimeout)

// ErrClosed is a page, context or browser that is gone.
var ErrClosed = errors.New("the page is closed")

// plain turns Playwright's many-lined errors into one line that begins with
// what was tried.
func plain(ctx context.Context, what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("%s: %w", what, context.Cause(ctx))
	case errors.Is(err, playwright.ErrTargetClosed):
		return fmt.Errorf("%s: %w", what, ErrClosed)
	case errors.Is(err, playwright.ErrTimeout):
		return fmt.Errorf("%s: %w", what, ErrTimeout)
	default:
		first, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
		if _, after, found := strings.Cut(first, "playwright: "); found {
			first = after
		}
		return fmt.Errorf("%s: %s", what, first)
	}
}

// ErrLost is a session that the site has ended, seen by the spec's login.lost.
var ErrLost = errors.New("the session is lost: the site wants a login again")
