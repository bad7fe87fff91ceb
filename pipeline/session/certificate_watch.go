package session

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/specs"
	"pipe/steps"
)

// watchCertificates finds out whether it is a certificate that is not taken where a page
// does not come, its tabs included. With an authority of the spec's own the driver shows
// a page of its own then, as status 503, or breaks the connection off: a request beside
// the browser says what it was.
func (p *Pool) watchCertificates(s *session, in *browser.Context, via http.RoundTripper, ownAuthority bool) error {
	var asked sync.Map
	look := func(r playwright.Request) {
		origin := specs.OriginOf(r.URL())
		if !r.IsNavigationRequest() || !strings.HasPrefix(origin, "https:") {
			return
		}
		if _, again := asked.LoadOrStore(origin, true); again {
			return
		}
		in.Browser.Go(func(ctx context.Context) {
			if err := certificateFault(ctx, origin, via); err != nil {
				p.notTaken(s, err)
				return
			}
			asked.Delete(origin)
		})
	}
	return steps.RecoverPanics(func() {
		in.Playwright.OnRequestFailed(func(r playwright.Request) {
			switch failure := r.Failure(); {
			case r.IsNavigationRequest() && steps.IsCertificateFault(failure):
				p.notTaken(s, pipeline.CertificateFault(fmt.Errorf("%s: %w", steps.ShortURL(r.URL()), failure)))
			case ownAuthority && steps.IsSiteFault(failure):
				look(r)
			}
		})
		if !ownAuthority {
			return
		}
		in.Playwright.OnResponse(func(r playwright.Response) {
			if r.Status() == http.StatusServiceUnavailable {
				look(r.Request())
			}
		})
	})
}

// certificateFault asks for an address beside the browser, and gives what is wrong with
// the certificate there.
func certificateFault(ctx context.Context, at string, via http.RoundTripper) error {
	ctx, cancel := context.WithTimeout(ctx, browser.CallLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, at, http.NoBody)
	if err != nil {
		return err
	}
	answer, err := via.RoundTrip(req)
	if err == nil {
		return answer.Body.Close()
	}
	if steps.IsCertificateFault(err) {
		return pipeline.CertificateFault(fmt.Errorf("%s: %w", steps.ShortURL(at), err))
	}
	return nil // that it cannot be reached is found out by who needs it
}

// CertificateFault asks beside the browser whether the certificate at an address is not
// taken, where the browser has not said why nothing came.
func (p *Page) CertificateFault(ctx context.Context, at string) error {
	origin := specs.OriginOf(at)
	if !strings.HasPrefix(origin, "https:") {
		return nil
	}
	return certificateFault(ctx, origin, p.Context.Transport)
}

// notTaken has the run end by a certificate.
func (p *Pool) notTaken(s *session, err error) {
	p.untaken.CompareAndSwap(nil, &err)
	for _, pg := range s.all() {
		pg.Tell(err)
	}
}
