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

// postsFor is how long one stays whose form sends itself: an identity provider takes its
// time to answer.
const postsFor = 30 * time.Second

// movesFor is how long one is waited for that goes on and on.
const movesFor = time.Minute

// lookEvery is the time between two looks at one. There is nothing to be told of that
// it goes no further: it is what stays as it was, look after look.
const lookEvery = 250 * time.Millisecond

// askingJS tells whether a document asks for a password, how many seconds it waits
// before it goes on by itself, and whether it has a form and nothing for a person to do.
const askingJS = `() => {
	const shown = e => e.checkVisibility ? e.checkVisibility({visibilityProperty: true}) : e.getClientRects().length > 0;
	const next = document.querySelector('meta[http-equiv=refresh i][content*=url i]');
	return {
		asks: [...document.querySelectorAll('input[type=password]')].some(shown),
		posts: document.forms.length > 0 && ![...document.querySelectorAll('input,button,select,textarea,a[href]')].some(shown),
		waits: next ? String(Math.ceil(parseFloat(next.content) || 0)) : '0',
	};
}`

// judge finds out whether a navigation has ended where the site wants a login, or
// goes on from there, as a silent single sign-on does.
func (p *Page) judge(ctx context.Context, f playwright.Frame) {
	login, began, rest := p.Login(), time.Now(), restsFor
	for asks := 0; asks < 2 && time.Since(began) < rest; {
		if steps.Pause(ctx, lookEvery) != nil || !p.Alive() || !p.lostIn(f) {
			return
		}
		v, err := steps.CallWithin(ctx, browser.CallLimit, "looking at the page", func() (any, error) { return f.Evaluate(askingJS) })
		if err != nil {
			// It moves on; where to shows in a moment.
			asks, rest = 0, min(max(rest, time.Since(began)+restsFor), movesFor)
			continue
		}
		state := browser.Fields(v)
		if asking, _ := state["asks"].(bool); asking {
			asks++
		} else {
			asks = 0
		}
		if posts, _ := state["posts"].(bool); posts {
			rest = max(rest, postsFor)
		}
		if waits, err := time.ParseDuration(browser.Text(state["waits"]) + "s"); err == nil && waits < time.Minute {
			rest = max(rest, waits+restsFor)
		}
	}
	if p.Login() == login && p.lostIn(f) {
		p.Lose(login)
		p.Tell(steps.ErrSessionLost)
	}
}
