package capture

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"pipe/pipeline/client"
	"pipe/steps"
)

// maxAnswer is the largest answer that steps take, in bytes: it is held in
// memory, and in expressions.
const maxAnswer = 16 << 20

// Ask asks the site beside the page, as its files are asked for.
func (p *Page) Ask(ctx context.Context, asked steps.SiteRequest) (*steps.SiteResponse, error) {
	f, err := p.address(ctx, steps.Link{URL: asked.URL})
	if err != nil {
		return nil, err
	}
	cookies, got, err := f.send(ctx, &client.Request{Method: asked.Method, Body: toSend(asked.Body), Headers: asked.Headers, Named: asked.Named})
	if err != nil {
		return nil, err
	}
	defer func() { _ = got.Body.Close() }()
	return f.answer(ctx, cookies, got)
}

// toSend gives a body to send, nil for nothing.
func toSend(text []byte) io.Reader {
	if text == nil {
		return nil
	}
	return bytes.NewReader(text)
}

// answer reads what the site says.
func (f *fetched) answer(ctx context.Context, cookies *client.CookieTransport, got *http.Response) (*steps.SiteResponse, error) {
	body := bufio.NewReaderSize(got.Body, maxHead)
	if f.lostBy(got) || f.saysLost(got.Header, body) {
		if hops(got) > 1 { // a page behind the answer led to the login
			return nil, &steps.RedirectedError{Err: f.lost()}
		}
		return nil, f.lost()
	}
	if f.session.Holds(f.login) {
		f.settle(ctx, cookies)
	}
	text, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	switch {
	case ctx.Err() != nil:
		return nil, steps.ContextError(ctx, "waiting for the answer")
	case err != nil:
		return nil, fmt.Errorf("the answer of %s was cut off: %w", steps.ShortURL(f.url), err)
	case len(text) > maxAnswer:
		return nil, fmt.Errorf("the answer of %s is over %d MB: take it by a capture", steps.ShortURL(f.url), maxAnswer>>20)
	}
	return &steps.SiteResponse{
		Redirected: hops(got) > 0,
		Status:     got.StatusCode, Headers: got.Header.Clone(), Body: slices.Clip(text),
		RetryAfter: steps.RetryAfter(got.Header.Get("Retry-After"), got.Header.Get("Date"), time.Now()),
	}, nil
}

// hops is how often the site led elsewhere before its answer.
func hops(answer *http.Response) int {
	n := 0
	for before := answer.Request.Response; before != nil; before = before.Request.Response {
		n++
	}
	return n
}
