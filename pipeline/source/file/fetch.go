package file

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

const (
	// fetchTries is how often an address is asked before it is given up.
	fetchTries = 3
	// fetchWait is between the first two tries, and doubles.
	fetchWait = time.Second
)

// statusError is an answer other than 200.
type statusError struct {
	code   int
	status string
	// after is how long the site asks to wait; 0 when it says nothing.
	after time.Duration
}

func (e *statusError) Error() string { return "the answer is " + e.status }

// transient tells whether the same request may be answered later on.
func transient(err error) bool {
	var status *statusError
	if errors.As(err, &status) {
		return status.code >= 500 || status.code == http.StatusTooManyRequests || status.code == http.StatusRequestTimeout
	}
	return !steps.IsCertificateFault(err)
}

// siteBackoff waits longer each time, and at least as long as the site asks.
type siteBackoff struct {
	backoff.ExponentialBackOff
	asked time.Duration
}

func (b *siteBackoff) NextBackOff() time.Duration {
	return max(b.ExponentialBackOff.NextBackOff(), b.asked)
}

// fetch brings what is at an address.
func fetch(ctx context.Context, t pipeline.Table) (io.ReadCloser, error) {
	if t.Limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t.Limit)
		defer cancel()
	}
	wait := &siteBackoff{ExponentialBackOff: backoff.ExponentialBackOff{InitialInterval: fetchWait, Multiplier: 2, MaxInterval: time.Minute}}
	file, err := backoff.Retry(ctx, func() (io.ReadCloser, error) {
		file, err := fetchOnce(ctx, t)
		var status *statusError
		if wait.asked = 0; errors.As(err, &status) {
			wait.asked = status.after
		}
		if end, limited := ctx.Deadline(); limited && wait.asked > time.Until(end) {
			err = backoff.Permanent(fmt.Errorf("%w, and asks to wait for %s: longer than timeouts.source allows", err, wait.asked.Round(time.Second)))
		} else if err != nil && !transient(err) {
			err = backoff.Permanent(err)
		}
		return file, err
	}, backoff.WithMaxTries(fetchTries), backoff.WithMaxElapsedTime(0), backoff.WithBackOff(wait))
	if err != nil {
		return nil, fmt.Errorf("fetching %s: %w", plain(t.Path), pipeline.CertificateFault(err))
	}
	return file, nil
}

func fetchOnce(ctx context.Context, t pipeline.Table) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.Path, http.NoBody)
	if err != nil {
		return nil, errors.New("this is no address")
	}
	resp, err := (&http.Client{Transport: originTransportOf(t)}).Do(req)
	if err != nil {
		return nil, inner(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, &statusError{
			resp.StatusCode, resp.Status,
			steps.RetryAfter(resp.Header.Get("Retry-After"), resp.Header.Get("Date"), time.Now()),
		}
	}
	file, err := newSpool()
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(file, resp.Body); err == nil {
		err = file.rewind()
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

// originTransport puts the headers of a source on the requests to its origins:
// where these redirect to, and what a sitemap lists, may be others'.
type originTransport struct {
	headers map[string]string
	origins []string
	next    http.RoundTripper
}

func originTransportOf(t pipeline.Table) *originTransport {
	out := &originTransport{headers: t.Headers, origins: t.Origins, next: http.DefaultTransport}
	if t.Authorities != nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.TLSClientConfig = &tls.Config{RootCAs: t.Authorities, MinVersion: tls.VersionTLS12}
		own.DisableKeepAlives = true // there is one request, or a few
		out.next = own
	}
	return out
}

func (t *originTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	// On a redirect net/http tells the whole address that led there, which may
	// hold what is private.
	req.Header.Del("Referer")
	if slices.Contains(t.origins, specs.Origin(req.URL)) {
		for name, value := range t.headers {
			req.Header.Set(name, value)
		}
	}
	return t.next.RoundTrip(req)
}

// inner leaves the address out of an error, since its query may be a secret.
func inner(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// plain is an address without its query and its user.
func plain(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the source's address"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// bring opens the table's bytes.
func bring(ctx context.Context, t pipeline.Table) (io.ReadCloser, error) {
	switch {
	case t.Format == "sql":
		return query(ctx, t)
	case t.Path == "-":
		return io.NopCloser(os.Stdin), nil
	case remote(t.Path):
		return fetch(ctx, t)
	}
	return os.Open(filepath.Clean(t.Path))
}

func remote(path string) bool {
	return strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://")
}
