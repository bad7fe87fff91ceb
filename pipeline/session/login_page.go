package session

import (
	"context"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// restsFor is how long a page without a password field stays where the site wants a
// login before it is no stop on the way of a single sign-on.
const restsFor = 5 * time.Second

// askingJS tells whether a document asks for a password, and how many seconds it
// waits before it goes on by itself.
const askingJS = `() => {
	const shown = e => e.checkVisibility ? e.checkVisibility({visibilityProperty: true}) : e.getClientRects().length > 0;
	const next = document.querySelector('meta[http-equiv=refresh i][content*=url i]');
	return {
		asks: [...document.querySelectorAll('input[type=password]')].some(shown),
		waits: next ? String(Math.ceil(parseFloat(next.content) || 0)) : '0',
	};
}`

// judge finds out whether a navigation has ended where the site wants a login, or
// goes on from there, as a silent single sign-on does.
func (p *Page) judge(ctx context.Context, f playwright.Frame) {
	login, until, told := p.Login(), time.Now().Add(restsFor), false
	for asks := 0; asks < 2 && time.Now().Before(until); {
		if steps.Pause(ctx, lookEvery) != nil || !p.Alive() || !p.lostIn(f) {
			return
		}
		v, err := steps.CallWithin(ctx, browser.CallLimit, "looking at the page", func() (any, error) { return f.Evaluate(askingJS) })
		if err != nil {
			asks = 0
			continue // it moves on
		}
		state := browser.Fields(v)
		if asking, _ := state["asks"].(bool); asking {
			asks++
		} else {
			asks = 0
		}
		if waits, err := time.ParseDuration(browser.Text(state["waits"]) + "s"); err == nil && !told && waits > 0 && waits < time.Minute {
			told = true
			until = time.Now().Add(waits + restsFor)
		}
	}
	if p.Login() == login && p.lostIn(f) {
		p.Lose(login)
		p.Tell(steps.ErrSessionLost)
	}
}
