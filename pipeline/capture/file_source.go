package capture

import (
	"context"
	"fmt"
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
	l   *pageListener
	req paused
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
	a.l.answers.given(a.req)
	got.Via = "response"
	if a.req.kind == "Document" {
		got.Via = "frame"
	}
	body, err := heldBody(ctx, a.l.cdp, a.req)
	if err == nil {
		err = whole(a.req, int64(len(body)))
	}
	// It goes on as it is: the page sees what the site sent, a cut included.
	end := func(context.Context) error { return nil }
	if _, known := measured(a.req); !known && a.l.ends != nil {
		told := a.l.ends.expect(a.req.network)
		defer a.l.ends.forget(a.req.network)
		end = func(ctx context.Context) error { return ended(ctx, told, a.req, int64(len(body))) }
	}
	a.l.pass(a.req)
	if err == nil && a.unheard() {
		err = fmt.Errorf("whether all of the file at %s came is not known: a script in a frame of another site took it", steps.ShortURL(a.req.url))
	}
	if err == nil {
		err = end(ctx)
	}
	if err != nil {
		return got, err
	}
	_, err = w.Write(body)
	return got, err
}
