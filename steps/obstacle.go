package steps

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"
)

// atHand tells whether nothing keeps a visible element from being acted on at
// once. The page of a tab that closes then was closed by the action: the driver
// cannot tell, as its answer is lost with the page. A page that is about to close
// is gone already.
func (s *StepContext) atHand(ctx context.Context, what string, loc playwright.Locator) (bool, error) {
	text, err := obstacleOf(ctx, what, loc)
	if err == nil && text == closing {
		err = fmt.Errorf("%s: %w", what, ErrClosed)
	}
	return text == "", err
}

// coverJS is what covers a point of an element.
const coverJS = `(el, x, y) => {
	const hit = el.getRootNode().elementFromPoint(x, y);
	if (!hit || el.contains(hit) || hit.contains(el)) return '';
	return '` + covered + `' + hit.cloneNode().outerHTML.slice(0, 100);
}`

// obstacleJS is what keeps a visible element from being acted on, as far as its own
// document knows.
const obstacleJS = `el => {
	if (window.closed) return '` + closing + `';
	if (el.disabled || el.closest('[aria-disabled=true]')) return 'it is disabled';
	if (el.readOnly) return 'it is read-only';
	const r = el.getBoundingClientRect();
	return (` + coverJS + `)(el, r.x + r.width / 2, r.y + r.height / 2) || (window.parent === window ? '' : '` + framed + `');
}`

// frameCoverJS is what covers a point of a frame, in the document that has it.
const frameCoverJS = `(el, [x, y]) => {
	const r = el.getBoundingClientRect();
	return (` + coverJS + `)(el, r.x + x, r.y + y);
}`

const (
	// covered is how obstacleJS begins to say so.
	covered = "it is covered by "
	// closing and framed are what else it may say: the page is about to close, and
	// nothing of the element's own frame is in the way.
	closing = "closing"
	framed  = "framed"
)

// obstacleLimit bounds a look for what is in the way.
const obstacleLimit = time.Second

// obstacleOf says what keeps a visible element from being acted on, or nothing. It does
// not wait for one: an action may have led to another page meanwhile.
func obstacleOf(ctx context.Context, what string, loc playwright.Locator) (string, error) {
	open, err := Call(ctx, what, loc.First().Locator(openEngine+"=").Count)
	if err == nil && open == 1 {
		return "", nil
	}
	found, err := Call(ctx, what, func() (any, error) {
		return loc.EvaluateAll("all => all.length ? (" + obstacleJS + ")(all[0]) : 'it is not there any more'")
	})
	if text, _ := found.(string); err != nil || text != framed {
		return text, err
	}
	return Call(ctx, what, func() (string, error) { return frameCover(ctx, loc) })
}

// isCovered tells whether an element is known to be covered.
func isCovered(ctx context.Context, loc playwright.Locator) bool {
	text, err := obstacleOf(ctx, "looking what covers the page", loc)
	return err == nil && strings.HasPrefix(text, covered)
}

// frameCover says what in the documents around it covers the frame of an element, where
// the element is.
func frameCover(ctx context.Context, loc playwright.Locator) (string, error) {
	box, err := loc.BoundingBox(playwright.LocatorBoundingBoxOptions{Timeout: timeoutMillis(ctx)})
	if err != nil || box == nil {
		return "", err
	}
	//nolint:staticcheck // a locator does not know its frame
	handle, err := loc.ElementHandle(playwright.LocatorElementHandleOptions{Timeout: timeoutMillis(ctx)})
	if err != nil {
		return "", err
	}
	frame, err := handle.OwnerFrame()
	for ; err == nil && frame != nil && frame.ParentFrame() != nil; frame = frame.ParentFrame() {
		around, err := frame.FrameElement()
		if err != nil {
			return "", err
		}
		at, err := around.BoundingBox()
		if err != nil || at == nil {
			return "", err
		}
		text, err := around.Evaluate(frameCoverJS, []any{box.X + box.Width/2 - at.X, box.Y + box.Height/2 - at.Y})
		if err != nil || text != "" {
			found, _ := text.(string)
			return found, err
		}
	}
	return "", err
}

// obstacle says what kept an action from its element, or nothing. Playwright
// knows as well, in a log that its Go port leaves out.
func (s *StepContext) obstacle(ctx context.Context, loc playwright.Locator) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), obstacleLimit)
	defer cancel()
	text, err := obstacleOf(ctx, "looking", loc)
	if err != nil || text == "" || text == closing {
		return ""
	}
	hint := ""
	if strings.HasPrefix(text, covered) {
		hint = "; whenever says what is done about what may show at any moment"
	}
	return fmt.Sprintf(" (%s%s)", text, hint)
}
