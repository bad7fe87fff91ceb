package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"
)

// insteadOf adds to the error of a wait that came to its limit the text of what is
// there instead, after a word about it.
func (s *StepContext) insteadOf(ctx context.Context, err error, word string, loc playwright.Locator) error {
	if !errors.Is(err, ErrTimeout) {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	text, failed := Call(ctx, "reading what is there", func() (string, error) {
		return loc.First().InnerText(playwright.LocatorInnerTextOptions{Timeout: timeoutMillis(ctx)})
	})
	if failed != nil || strings.TrimSpace(text) == "" {
		return err
	}
	said := fmt.Errorf("%w (%s %q)", err, word, Printable(text))
	var absent *AbsentError
	if errors.As(err, &absent) {
		return &AbsentError{Target: absent.Target, Step: absent.Step, Err: said}
	}
	return said
}
