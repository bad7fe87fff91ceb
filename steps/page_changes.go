package steps

import (
	"context"
	"fmt"
)

// Evaluator is a Capturer that evaluates JavaScript in its page for less than the driver
// does, whose scripts each document has to be given for that.
type Evaluator interface {
	// Evaluate gives the value of an expression in the page's own frame, or that of its
	// promise. It takes no context, like a call of the driver's.
	Evaluate(expression string) (any, error)
}

// awaitChangeJS counts the document's changes and resolves with their number once it
// is above what was seen before, at once for a document that is new. The timer
// is for what no observer sees: frames, shadow trees, animations.
const awaitChangeJS = `seen => {
	const key = Symbol.for('pipe.changes');
	let c = document[key];
	if (!c) {
		c = document[key] = {n: 1, at: performance.now(), waiting: []};
		const changed = () => { c.n++; c.at = performance.now(); c.waiting.splice(0).forEach(f => f()); };
		document.addEventListener('DOMContentLoaded', changed);
		new MutationObserver(changed)
			.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
		return c.n;
	}
	if (c.n > seen) return c.n;
	return new Promise(done => {
		const timer = setTimeout(end, 200);
		function end() { clearTimeout(timer); done(c.n); }
		c.waiting.push(end);
	});
}`

// waitUntil waits until something holds of the page. It looks again whenever the
// document changes; Playwright's own waits look every half a second.
func (s *StepContext) waitUntil(ctx context.Context, what string, holds func() (bool, error)) error {
	return s.waitWhile(ctx, what, holds, func(any) bool { return true })
}

// waitWhile is waitUntil that gives up once nothing more is expected, by the number of the
// document's changes.
func (s *StepContext) waitWhile(ctx context.Context, what string, holds func() (bool, error), more func(changes any) bool) error {
	if s.static() != nil {
		return lookOnce(ctx, what, holds)
	}
	seen := any(0)
	for expected := true; ; {
		is, err := Call(ctx, what, holds)
		if is || err != nil && !IsNavigating(err) {
			return err
		}
		if !expected {
			return fmt.Errorf("%s: %w, and nothing more is to come", what, ErrTimeout)
		}
		n, err := s.awaitChange(ctx, what, seen)
		switch {
		case err == nil:
			seen, expected = n, more(n)
		case ctx.Err() == nil && IsNavigating(err):
			seen = 0
		default:
			return err
		}
	}
}

// stillLooks is after how many looks without anything new nothing more is expected of a
// page that a recording answers: between two of them 200 ms go by, by the page's own
// timers, so that a page that is busy, or on a slow machine, has that much more time.
const stillLooks = 15

// waitForPage is waitUntil for what the page is to show. Where a recording answers the
// page's requests, and the step names no time-out of its own, it gives up once the page has
// asked for nothing and not changed for a while.
func (s *StepContext) waitForPage(ctx context.Context, what string, holds func() (bool, error)) error {
	if s.Recorded == nil || s.step != nil && s.step.Timeout > 0 {
		return s.waitUntil(ctx, what, holds)
	}
	still, before, asked := 0, any(nil), -1
	return s.waitWhile(ctx, what, holds, func(changes any) bool {
		requests, underWay := s.Recorded()
		if still++; underWay || requests != asked || changes != before {
			still, before, asked = 0, changes, requests
		}
		return still < stillLooks
	})
}

// awaitChange waits for a change of the document, and gives their number.
func (s *StepContext) awaitChange(ctx context.Context, what string, seen any) (any, error) {
	return Call(ctx, what, func() (any, error) {
		if page, ok := s.Files.(Evaluator); ok {
			return page.Evaluate(fmt.Sprintf("(%s)(%v)", awaitChangeJS, seen))
		}
		return s.Page.Evaluate(awaitChangeJS, seen)
	})
}
