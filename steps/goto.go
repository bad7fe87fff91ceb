package steps

import (
	"context"
	"fmt"

	"github.com/playwright-community/playwright-go"

	"pipe/specs/expr"
)

func init() {
	register[Goto](10, "goto", "opens an address",
		`goto: /inventory`)
}

// Goto opens an address.
type Goto struct {
	URL   expr.Address `yaml:"url" short:"true" required:"true" doc:"the address, absolute or relative to base_url"`
	Until string       `yaml:"until" enum:"load,domcontentloaded,networkidle,commit" default:"load" doc:"how far the page must have come"`
}

// Run opens the address. An answer of 400 or more is a *StatusError.
func (g *Goto) Run(ctx context.Context, on *StepContext) error {
	url, err := g.URL.Text(on.Values)
	if err != nil {
		return err
	}
	return on.Goto(ctx, url, g.Until)
}

// Goto opens an address; until is Playwright's load state.
func (s *StepContext) Goto(ctx context.Context, url, until string) error {
	state := playwright.WaitUntilState(until)
	answer, err := callActionFor(ctx, s, fmt.Sprintf("opening %q", url), func() (playwright.Response, error) {
		return s.Page.Goto(url, playwright.PageGotoOptions{Timeout: timeoutMillis(ctx), WaitUntil: &state})
	})
	if err != nil {
		return err
	}
	if answer != nil && answer.Status() >= 400 {
		return statusError(answer)
	}
	return nil
}
