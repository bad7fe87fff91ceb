package steps

import (
	"context"
	"fmt"
	"slices"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Goto](10, "goto", "opens an address",
		`goto: /inventory`)
}

// Goto opens an address, as a browser's address bar does: one that the page has
// already is loaded anew.
type Goto struct {
	URL   expr.Address `yaml:"url" short:"true" required:"true" doc:"the address, absolute or relative to base_url"`
	Until *specs.Until `yaml:"until" doc:"how far the page must have come"`
	Fresh bool         `yaml:"fresh" doc:"loads the page anew also where the address differs after its # alone; without it, that is left to a page that listens for it"`
}

func (*Goto) withoutPage() string { return "" }

// Run opens the address. An answer of 400 or more is a *StatusError.
func (g *Goto) Run(ctx context.Context, on *StepContext) error {
	url, err := g.URL.Text(on.Values)
	if err != nil {
		return err
	}
	return on.open(ctx, url, g.Until, g.Fresh)
}

// Goto opens an address before the steps that are given. What they begin with shows
// that the page can be used.
func (s *StepContext) Goto(ctx context.Context, url string, until *specs.Until, before []specs.Step) error {
	outer := s.upcoming
	defer func() { s.upcoming = outer }()
	s.upcoming = s.lookahead(before)
	return s.open(ctx, url, until, false)
}

func (s *StepContext) open(ctx context.Context, url string, until *specs.Until, fresh bool) error {
	what, at := fmt.Sprintf("opening %q", url), s.Page.URL()
	if page := s.static(); page != nil {
		err := callAction(ctx, s, what, func() error {
			_, err := page.Goto(url, playwright.PageGotoOptions{Timeout: timeoutMillis(ctx)})
			return err
		})
		if err != nil {
			return err
		}
		return s.awaitSign(ctx, until)
	}
	answer, err := callActionFor(ctx, s, what, func() (playwright.Response, error) {
		return s.Page.Goto(url, playwright.PageGotoOptions{Timeout: timeoutMillis(ctx), WaitUntil: playwright.WaitUntilStateCommit})
	})
	if err != nil {
		return err
	}
	if answer == nil && specs.OriginOf(s.Page.URL()) != "" {
		// The document is the one that was there: only what is after # is another.
		reload := fresh || s.Page.URL() == at
		if !reload {
			if reload, err = s.ignoresHash(ctx, what); err != nil {
				return err
			}
		}
		if !reload {
			return s.awaitSign(ctx, until)
		}
		answer, err = callActionFor(ctx, s, what, func() (playwright.Response, error) {
			return s.Page.Reload(playwright.PageReloadOptions{Timeout: timeoutMillis(ctx), WaitUntil: playwright.WaitUntilStateCommit})
		})
		if err != nil {
			return err
		}
	}
	if answer != nil && answer.Status() >= 400 {
		return statusError(answer)
	}
	return s.awaitArrival(ctx, what, until)
}

// ignoresHash tells whether the page does not listen for another address: it goes on
// showing what it shows then, until it is loaded anew.
func (s *StepContext) ignoresHash(ctx context.Context, what string) (bool, error) {
	return Call(ctx, what, func() (bool, error) {
		cdp, err := s.Page.Context().NewCDPSession(s.Page)
		if err != nil {
			return false, err
		}
		defer func() { _ = cdp.Detach() }() // it goes with the page at the latest
		window, err := cdp.Send("Runtime.evaluate", map[string]any{"expression": "window"})
		if err != nil {
			return false, err
		}
		id := member(member(window, "result"), "objectId")
		answer, err := cdp.Send("DOMDebugger.getEventListeners", map[string]any{"objectId": id})
		if err != nil {
			return false, err
		}
		listeners, _ := member(answer, "listeners").([]any)
		return !slices.ContainsFunc(listeners, func(one any) bool {
			event := member(one, "type")
			return event == "hashchange" || event == "popstate"
		}), nil
	})
}

// member gives a member of an object that the driver gave.
func member(of any, name string) any {
	object, _ := of.(map[string]any)
	return object[name]
}
