package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// actOn waits until the target is to be seen and acts on it.
func (s *StepContext) actOn(ctx context.Context, what string, t specs.Target, f func(playwright.Locator) error) error {
	loc, err := s.firstAlternative(t)
	if err != nil {
		return err
	}
	if err := s.awaitVisible(ctx, t, loc); err != nil {
		return err
	}
	err = callAction(ctx, s, what+" "+t.String(), func() error { return f(loc) })
	if !errors.Is(err, ErrTimeout) {
		return err
	}
	return fmt.Errorf("%w%s", err, s.obstacle(ctx, loc))
}

// obstacleJS is what keeps a visible element from being acted on.
const obstacleJS = `el => {
	if (el.disabled || el.closest('[aria-disabled=true]')) return 'it is disabled';
	if (el.readOnly) return 'it is read-only';
	const r = el.getBoundingClientRect();
	const hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
	if (!hit || el.contains(hit) || hit.contains(el)) return '';
	return 'it is covered by ' + hit.cloneNode().outerHTML.slice(0, 100);
}`

// obstacle says what kept an action from its element, or nothing. Playwright
// knows as well, in a log that its Go port leaves out.
func (s *StepContext) obstacle(ctx context.Context, loc playwright.Locator) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	text, err := Call(ctx, "looking", func() (any, error) {
		return loc.Evaluate(obstacleJS, nil, playwright.LocatorEvaluateOptions{Timeout: timeoutMillis(ctx)})
	})
	if err != nil || text == "" {
		return ""
	}
	return fmt.Sprintf(" (%v)", text)
}
