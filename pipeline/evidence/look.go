package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/specs/secret"
	"pipe/steps"
)

// The limits of each question to the browser, of the screenshot and of the page's copy.
const (
	askLimit  = 2 * time.Second
	copyLimit = 5 * time.Second
)

// look gathers what there is of a failure, the messages first. What the browser does not
// give is left out, and told.
func (t *Taker) look(ctx context.Context, f pipeline.Failure) (files []file, m Messages, err error) {
	m = Messages{
		Of: f.Of, Key: f.Key, Attempt: f.Attempt, Step: f.Step, Class: f.Class, Reason: f.Reason, Taken: time.Now().UTC(), File: f.File,
	}
	hide := t.opts.Secrets.Redactor()
	if f.Page != nil {
		// Before anything is asked of the page, which would be in it.
		zip := t.saveTrace(ctx, f, &m)
		arrive(ctx, f)
		m.URL = steps.ShortURL(f.Page.URL())
		if _, static := f.Page.(steps.StaticPage); !static {
			files, hide = t.lookAtPage(ctx, f, &m)
		}
		if zip != "" {
			files = append(files, t.cleanTrace(zip, hide, &m)...)
		}
	}
	if ctx.Err() != nil && len(files) == 0 {
		return nil, m, ctx.Err()
	}
	m.redacted(hide.Redact)
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, m, err
	}
	return append([]file{{pipeline.EvidenceMessages, append(data, '\n')}}, files...), m, nil
}

// lookAtPage gathers what a page shows, and gives what takes the secrets out of it.
func (t *Taker) lookAtPage(ctx context.Context, f pipeline.Failure, m *Messages) ([]file, *secret.Redactor) {
	cookies, err := cookieValues(ctx, f)
	hide := t.opts.Secrets.Redactor(cookies...)
	if err != nil {
		// A page that does not answer that, or whose secrets are not known, is not kept.
		m.lack("the page", err)
		return nil, hide
	}
	tab, err := open(ctx, f.Page)
	if err != nil {
		m.lack("the page's messages", err)
		return nil, hide
	}
	defer tab.close(ctx)
	if err = tab.read(ctx, m); err != nil {
		m.lack("the page's messages", err)
	}
	if !t.opts.Bounds.Pages() || errors.Is(err, steps.ErrTimeout) || errors.Is(err, steps.ErrClosed) {
		return nil, hide // nor does one that hangs answer anything else
	}
	var files []file
	if png, err := screenshot(ctx, f, hide); err != nil {
		m.lack("the screenshot", err)
	} else {
		files = append(files, file{pipeline.EvidenceScreenshot, png})
	}
	if page, err := tab.copyPage(ctx, hide); err != nil {
		m.lack("the page's copy", err)
	} else {
		files = append(files, file{pipeline.EvidencePage, page})
	}
	return files, hide
}

// arriveLimit is how long a page may take to show the answer that the failure is about.
const arriveLimit = time.Second

// arrive waits until the page shows what it is about to show. Where that is something else,
// it is kept as it is.
func arrive(ctx context.Context, f pipeline.Failure) {
	if _, static := f.Page.(steps.StaticPage); static || f.Opening == "" {
		return
	}
	there := func(address string) bool { return steps.ShortURL(address) == f.Opening }
	_ = steps.DoWithin(ctx, arriveLimit, "waiting for the page", func() error {
		return f.Page.WaitForURL(there, playwright.PageWaitForURLOptions{
			WaitUntil: playwright.WaitUntilStateDomcontentloaded, Timeout: playwright.Float(float64(arriveLimit.Milliseconds())),
		})
	})
}

func (m *Messages) lack(what string, err error) {
	m.Lacks = append(m.Lacks, fmt.Sprintf("%s: %v", what, err))
}

// cookieLeast is how many bytes a cookie's value has at least that is treated as a secret:
// shorter ones are settings, and words that stand in any text.
const cookieLeast = 8

// cookieValues are those of the page's session: whoever has them is logged in.
func cookieValues(ctx context.Context, f pipeline.Failure) ([]string, error) {
	cookies, err := steps.CallWithin(ctx, askLimit, "reading the cookies", func() ([]playwright.Cookie, error) { return f.Page.Context().Cookies() })
	var values []string
	for _, c := range cookies {
		if len(c.Value) < cookieLeast || c.Value == f.Key {
			continue
		}
		values = append(values, c.Value)
		if plain, err := url.QueryUnescape(c.Value); err == nil && plain != c.Value {
			values = append(values, plain)
		}
	}
	return values, err
}

// The most of a page that a screenshot shows, in pixels, and what covers secrets.
const (
	widthMost  = 3000
	heightMost = 5000
	maskColor  = "#000000"
)

// screenshot is what the page shows, as PNG, without what no picture may show.
func screenshot(ctx context.Context, f pipeline.Failure, hide *secret.Redactor) ([]byte, error) {
	return steps.CallWithin(ctx, copyLimit, "taking a screenshot", func() ([]byte, error) {
		opts := playwright.PageScreenshotOptions{
			FullPage: playwright.Bool(true), Clip: &playwright.Rect{Width: widthMost, Height: heightMost},
			MaskColor: playwright.String(maskColor), Animations: playwright.ScreenshotAnimationsDisabled,
			Scale: playwright.ScreenshotScaleCss, Timeout: playwright.Float(float64(copyLimit.Milliseconds())),
		}
		steps.CoverSecrets(f.Page, hide.Forms(), f.SecretFields, &opts)
		return f.Page.Screenshot(opts)
	})
}
