package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"pipe/steps"
	"strings"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"
)

// download is a file that the browser itself downloads.
type download struct {
	d     playwright.Download
	limit time.Duration
	drop  sync.Once
}

// Receive waits until the browser has the whole file and copies it.
func (f *download) Receive(ctx context.Context, w io.Writer) (steps.Received, error) {
	defer f.Discard()
	got := steps.Received{Via: "download", URL: steps.ShortURL(f.d.URL()), Name: f.d.SuggestedFilename()}
	// The caller's limit is in ctx.
	limit := 24 * time.Hour
	_, err := within(ctx, limit, "downloading", func() (struct{}, error) { return struct{}{}, f.d.Failure() })
	if err != nil {
		if ctx.Err() != nil {
			return got, waited(ctx, "waiting for the download's end")
		}
		return got, fmt.Errorf("the browser gave the download up: %s", oneLine(err))
	}
	path, err := within(ctx, callLimit, "finding the download", f.d.Path)
	if err != nil {
		return got, err
	}
	file, err := os.Open(path) //nolint:gosec // the browser's own download
	if err != nil {
		return got, fmt.Errorf("reading the download: %w", err)
	}
	defer func() { _ = file.Close() }()
	_, err = io.Copy(w, file)
	return got, err
}

// Discard cancels the download and removes what the browser has of it.
func (f *download) Discard() {
	f.drop.Do(func() {
		go func() {
			_, _ = within(context.Background(), f.limit, "removing a download", func() (struct{}, error) {
				return struct{}{}, errors.Join(f.d.Cancel(), f.d.Delete())
			})
		}()
	})
}

func oneLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// fetched is a file at an address, asked for with the session's cookies and by
// no page.
type fetched struct {
	url, referer string
	session      *session
	context      playwright.BrowserContext
	gen          int64
	lost         func(string) bool
}

// Fetch names the file at an address, which may be relative to the page's.
func (p *page) Fetch(_ playwright.Page, raw string) (steps.Delivery, error) {
	base, err := url.Parse(p.pw.URL())
	if err != nil {
		return nil, fmt.Errorf("the page's address: %w", err)
	}
	u, err := base.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("the file's address: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the file's address is %q: want one of http or https", raw)
	}
	referer := ""
	if base.Host == u.Host {
		referer = base.String()
	}
	return &fetched{url: u.String(), referer: referer, session: p.session, context: p.pw.Context(), gen: p.gen.Load(), lost: p.pool.opts.Lost}, nil
}

// Receive asks the site.
func (f *fetched) Receive(ctx context.Context, w io.Writer) (steps.Received, error) {
	got := steps.Received{Via: "fetch", URL: steps.ShortURL(f.url)}
	jar, err := f.cookies(ctx)
	if err != nil {
		return got, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url, nil)
	if err != nil {
		return got, fmt.Errorf("asking for the file: %w", err)
	}
	req.Header.Set("User-Agent", f.session.agent)
	if f.referer != "" {
		req.Header.Set("Referer", f.referer)
	}
	client := &http.Client{Jar: jar, CheckRedirect: f.redirect}
	answer, err := client.Do(req)
	if err != nil {
		return got, f.failure(ctx, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= 400 {
		return got, &steps.StatusError{
			URL: got.URL, Status: answer.StatusCode, RetryAfter: steps.RetryAfter(answer.Header.Get("Retry-After"), time.Now()),
		}
	}
	got.ContentType = answer.Header.Get("Content-Type")
	if size, err := io.Copy(w, answer.Body); err != nil {
		if ctx.Err() != nil {
			return got, waited(ctx, "receiving the file")
		}
		return got, fmt.Errorf("the file was cut off after %d bytes: %w", size, err)
	}
	return got, nil
}

func (f *fetched) redirect(next *http.Request, via []*http.Request) error {
	if f.lost != nil && f.lost(next.URL.String()) {
		f.session.markLost(f.gen)
		return steps.ErrLost
	}
	if len(via) >= 10 {
		return errors.New("the site redirects over and over")
	}
	return nil
}

func (f *fetched) failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return waited(ctx, "waiting for the file")
	}
	// The address may hold what is private; the error of net/http names it.
	var named *url.Error
	if errors.As(err, &named) {
		err = named.Err
	}
	return fmt.Errorf("asking for the file at %s: %w", steps.ShortURL(f.url), err)
}

// cookies gives the session's cookies, for this address and where it leads.
func (f *fetched) cookies(ctx context.Context) (http.CookieJar, error) {
	all, err := within(ctx, callLimit, "reading the session's cookies", func() ([]playwright.Cookie, error) { return f.context.Cookies() })
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		u := &url.URL{Scheme: "http", Host: strings.TrimPrefix(c.Domain, "."), Path: c.Path}
		if c.Secure {
			u.Scheme = "https"
		}
		one := &http.Cookie{ //nolint:gosec // the site's own cookie, as the site set it
			Name: c.Name, Value: c.Value, Path: c.Path, Secure: c.Secure}
		if strings.HasPrefix(c.Domain, ".") {
			one.Domain = c.Domain
		}
		jar.SetCookies(u, []*http.Cookie{one})
	}
	return jar, nil
}

// Discard does nothing: nothing was asked for yet.
func (f *fetched) Discard() {}
