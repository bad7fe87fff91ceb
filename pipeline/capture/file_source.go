package capture

import (
	"context"
	"io"

	"pipe/steps"
)

// fileSource is a file that showed itself on a page.
type fileSource interface {
	// take copies it to w, from the page or on its way there.
	take(ctx context.Context, w io.Writer) (steps.Receipt, error)
	// refuse leaves it to the page.
	refuse()
}

// scriptAnswer is the site's answer to a script or a frame of the page.
type scriptAnswer struct {
	l       *pageListener
	answers *answers
	req     paused
}

func (a *scriptAnswer) refuse() { a.l.pass(a.req) }

// unheard tells whether nobody will tell how the answer ends: a script in a frame
// of another site asked for it, and its size was not announced.
func (a *scriptAnswer) unheard() bool {
	_, known := measured(a.req)
	return a.l.ends == nil && !known
}

func (a *scriptAnswer) take(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	got := received(a.req)
	got.Via = "response"
	if a.req.kind == "Document" {
		got.Via = "frame"
	}
	body, err := a.body(ctx)
	if err == nil {
		_, err = w.Write(body)
	}
	return got, err
}

// body reads the answer, which then goes on as it is: the page sees what the site
// sent, a cut included. Where its size was not announced, only how the request ends
// tells whether this is all of it.
func (a *scriptAnswer) body(ctx context.Context) ([]byte, error) {
	body, err := heldBody(ctx, a.l.cdp, a.req)
	if err == nil {
		err = whole(a.req, int64(len(body)))
	}
	if _, known := measured(a.req); known || err != nil {
		a.answers.given(a.req, err) // before a download can come of it
		a.l.pass(a.req)
		return body, err
	}
	// What the interceptor is told of the answer is told by now.
	_, err = a.l.page.Context.Browser.CDP.Command(ctx, "Browser.getVersion", map[string]any{})
	end := a.l.ends.expect(a.req.network)
	defer a.l.ends.forget(a.req.network)
	a.l.pass(a.req)
	if err == nil {
		err = ended(ctx, end, a.req)
	}
	a.answers.given(a.req, err)
	return body, err
}
