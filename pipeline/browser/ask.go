package browser

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"pipe/steps"
)

// answerMost is the largest answer that steps take, in bytes: it is held in
// memory, and in expressions.
const answerMost = 16 << 20

var _ steps.Asker = (*page)(nil)

// Ask asks the site beside the page, as its files are asked for.
func (p *page) Ask(ctx context.Context, asked steps.Asked) (*steps.Answer, error) {
	f, err := p.address(asked.URL)
	if err != nil {
		return nil, err
	}
	bag, got, err := f.send(ctx, asked.Method, bytes.NewReader(asked.Body), asked.Headers)
	if err != nil {
		return nil, err
	}
	defer func() { _ = got.Body.Close() }()
	return f.answer(ctx, bag, got)
}

// answer reads what the site says.
func (f *fetched) answer(ctx context.Context, bag *bag, got *http.Response) (*steps.Answer, error) {
	if f.opts.refused(got.StatusCode, got.Request.URL.String()) {
		return nil, f.lost()
	}
	body := bufio.NewReaderSize(got.Body, headMost)
	if f.saysLost(got.Header, body) {
		return nil, f.lost()
	}
	if f.session.holds(f.gen) {
		bag.giveBack(ctx, f.at.context)
	}
	text, err := io.ReadAll(io.LimitReader(body, answerMost+1))
	switch {
	case ctx.Err() != nil:
		return nil, waited(ctx, "waiting for the answer")
	case err != nil:
		return nil, fmt.Errorf("the answer of %s was cut off: %w", steps.ShortURL(f.url), err)
	case len(text) > answerMost:
		return nil, fmt.Errorf("the answer of %s is over %d MB: take it by a capture", steps.ShortURL(f.url), answerMost>>20)
	}
	return &steps.Answer{
		Status: got.StatusCode, Headers: got.Header.Clone(), Body: slices.Clip(text),
		RetryAfter: steps.RetryAfter(got.Header.Get("Retry-After"), time.Now()),
	}, nil
}
