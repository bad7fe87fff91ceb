package capture

import (
	"context"
	"time"

	"pipe/pipeline/client"
	"pipe/steps"
)

// policyLimit is for a page to tell its referrer policy. One that is too busy has
// the default.
const policyLimit = 5 * time.Second

// policyJS is what a page's own words say of the Referer, the last last.
const policyJS = `() => [...document.querySelectorAll('meta[name="referrer" i]')].map(m => m.content)`

// referrerPolicy gives what the page says of the Referer: by its answer's header,
// or by its own words, which come later and count.
func (p *Page) referrerPolicy(ctx context.Context) string {
	said := []string{}
	if header := p.policy.Load(); header != nil {
		said = append(said, *header)
	}
	words, err := steps.CallWithin(ctx, policyLimit, "reading the referrer policy", func() (any, error) {
		return p.page.Playwright().Evaluate(policyJS)
	})
	if list, ok := words.([]any); ok && err == nil {
		for _, word := range list {
			if text, ok := word.(string); ok {
				said = append(said, text)
			}
		}
	}
	return client.PolicyOf(said, "")
}

// noteAnswer keeps what the answer that the page shows from now on says.
func (p *Page) noteAnswer(req paused) {
	if req.answered && !redirects(req) && req.failure == "" {
		said := header(req.headers, "referrer-policy")
		p.policy.Store(&said)
	}
}
