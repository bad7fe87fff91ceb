package capture

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"strings"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/steps"
)

// chunk is how much of a file is read at once, in bytes.
const chunk = 1 << 20

// readStream copies a held answer's body, which then reaches nobody else.
func readStream(ctx context.Context, by *browser.CDPSession, req paused, w io.Writer) error {
	answer, err := by.Command(ctx, "Fetch.takeResponseBodyAsStream", map[string]any{"requestId": req.id})
	if err != nil {
		return fmt.Errorf("reading the file: %w", err)
	}
	size, err := copyStream(ctx, by, answer["stream"], w)
	if err != nil {
		return err
	}
	return whole(req, size)
}

// copyStream copies a stream of the browser's to its end and closes it.
func copyStream(ctx context.Context, by *browser.CDPSession, handle any, w io.Writer) (int64, error) {
	defer func() { by.Tell("IO.close", map[string]any{"handle": handle}) }()
	var size int64
	for {
		part, err := by.Command(ctx, "IO.read", map[string]any{"handle": handle, "size": chunk})
		if err != nil {
			if ctx.Err() != nil {
				return size, steps.ContextError(ctx, "the file began to come and did not end")
			}
			return size, fmt.Errorf("the file was cut off after %d bytes: %w", size, err)
		}
		data := []byte(browser.Text(part["data"]))
		if part["base64Encoded"] == true {
			if data, err = base64.StdEncoding.DecodeString(string(data)); err != nil {
				return size, fmt.Errorf("reading the file: %w", err)
			}
		}
		if _, err := w.Write(data); err != nil {
			return size, err
		}
		size += int64(len(data))
		if part["eof"] == true {
			return size, nil
		}
	}
}

// heldBody reads a held answer, which can still go on as it is.
func heldBody(ctx context.Context, by *browser.CDPSession, req paused) ([]byte, error) {
	// The caller's limit is in ctx: the site takes its time.
	answer, err := steps.CallWithin(ctx, untilDone, "reading the answer", func() (any, error) {
		return by.Send("Fetch.getResponseBody", map[string]any{"requestId": req.id})
	})
	if ctx.Err() != nil {
		return nil, steps.ContextError(ctx, "the answer of "+steps.ShortURL(req.url)+" began to come and did not end")
	}
	if err != nil {
		return nil, fmt.Errorf("reading the answer of %s: %w", steps.ShortURL(req.url), err)
	}
	f := browser.Fields(answer)
	text := browser.Text(f["body"])
	if f["base64Encoded"] != true {
		return []byte(text), nil
	}
	body, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("reading the answer of %s: %w", steps.ShortURL(req.url), err)
	}
	return body, nil
}

// leading is what a page has that can go on by itself.
var leading = regexp.MustCompile(`(?i)<script|<i?frame|<embed|<object|http-equiv\s*=\s*["']?refresh|\son\w+\s*=`)

// canLeadOn tells whether a file can still come of a page by itself. None comes
// of one that asks for a password.
func canLeadOn(body []byte) bool { return leading.Match(body) && !pipeline.AsksForPassword(body) }

// maxTitle bounds what is said of a page, in bytes.
const maxTitle = 100

// title is the page's, short enough for a reason.
func title(body []byte) string {
	text := pipeline.HTMLTitle(body)
	return strings.ToValidUTF8(cmp.Or(text[:min(len(text), maxTitle)], "no title"), "")
}
