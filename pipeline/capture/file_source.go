package capture

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"strings"

	"pipe/pipeline/browser"
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
	var copied bytes.Buffer
	err := readStream(ctx, a.l.cdp, a.req, io.MultiWriter(w, &capped{&copied, maxReturned}))
	a.l.give(ctx, a.req, copied.Bytes())
	return got, err
}

// maxReturned is the most of a file that goes back to the script which asked for
// it, in bytes; of a larger one it gets the beginning.
const maxReturned = 4 << 20

// give answers a script, which would ask again if it saw an error. It is through
// before the listening ends: what is held then is let go.
func (l *pageListener) give(ctx context.Context, req paused, body []byte) {
	var headers []any
	for _, h := range req.headers {
		switch strings.ToLower(browser.Text(browser.Fields(h)["name"])) {
		case "content-encoding", "content-length", "transfer-encoding":
		default:
			headers = append(headers, h)
		}
	}
	_, _ = l.cdp.Command(ctx, "Fetch.fulfillRequest", map[string]any{
		"requestId": req.id, "responseCode": req.status, "responseHeaders": headers, "body": base64.StdEncoding.EncodeToString(body),
	})
}

// capped takes what there is room for and lets the rest go.
type capped struct {
	to   *bytes.Buffer
	room int
}

func (c *capped) Write(p []byte) (int, error) {
	n := min(c.room, len(p))
	c.room -= n
	c.to.Write(p[:n])
	return len(p), nil
}
