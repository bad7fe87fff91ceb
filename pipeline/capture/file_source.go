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
	l   *pageListener
	req paused
}

func (a *scriptAnswer) refuse() { a.l.pass(a.req) }

func (a *scriptAnswer) take(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	got := received(a.req)
	got.Via = "response"
	if a.req.kind == "Document" {
		got.Via = "frame"
	}
	body, err := heldBody(ctx, a.l.cdp, a.req)
	if err == nil {
		err = whole(a.req, int64(len(body)))
	}
	// It goes on as it is: the page sees what the site sent, a cut included.
	end := a.l.ends.expect(a.req.network)
	defer a.l.ends.forget(a.req.network)
	a.l.pass(a.req)
	if err != nil {
		return got, err
	}
	if _, known := measured(a.req); !known {
		if err := ended(ctx, end, a.req, int64(len(body))); err != nil {
			return got, err
		}
	}
	_, err = w.Write(body)
	return got, err
}
