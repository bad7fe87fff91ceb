package browser

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"pipe/steps"
)

// answer is the site's answer to a script or a frame of the page.
type answer struct {
	e   *ears
	req paused
}

func (a *answer) refuse() { a.e.pass(a.req) }

func (a *answer) take(ctx context.Context, w io.Writer) (steps.Received, error) {
	got := received(a.req)
	got.Via = "response"
	if a.req.kind == "Document" {
		got.Via = "frame"
	}
	var copied bytes.Buffer
	err := readStream(ctx, a.e.send, a.req, io.MultiWriter(w, &capped{&copied, backMost}))
	a.e.give(ctx, a.req, copied.Bytes())
	return got, err
}

// backMost is the most of a file that goes back to the script which asked for
// it, in bytes; of a larger one it gets the beginning.
const backMost = 4 << 20

// give answers a script, which would ask again if it saw an error. It is through
// before the listening ends: what is held then is let go.
func (e *ears) give(ctx context.Context, req paused, body []byte) {
	var headers []any
	for _, h := range req.headers {
		switch strings.ToLower(str(fieldsOf(h)["name"])) {
		case "content-encoding", "content-length", "transfer-encoding":
		default:
			headers = append(headers, h)
		}
	}
	_, _ = e.send(ctx, "Fetch.fulfillRequest", map[string]any{
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

// made is a file that a script made in the page, or one that an element names
// which the browser does not ask for by itself.
type made struct {
	e              *ears
	via, url, kind string
	size           int
}

func (m *made) refuse() {}

func (m *made) take(ctx context.Context, w io.Writer) (steps.Received, error) {
	got := steps.Received{Via: m.via, ContentType: m.kind, URL: steps.ShortURL(m.url)}
	if m.url != "" {
		return got, errors.New("an address is to be fetched")
	}
	for from := 0; from < m.size; from += chunk {
		text, err := within(ctx, callLimit, "reading the file from the page", func() (any, error) {
			return m.e.pw.Evaluate("([from, size]) => "+hooked+".read(from, size)", []any{from, chunk})
		})
		if err != nil {
			return got, err
		}
		data, err := base64.StdEncoding.DecodeString(str(text))
		if err != nil {
			return got, fmt.Errorf("reading the file from the page: %w", err)
		}
		if _, err := w.Write(data); err != nil {
			return got, err
		}
	}
	return got, nil
}
