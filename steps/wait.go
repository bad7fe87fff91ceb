package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Wait](100, "wait", "waits until something holds",
		`wait: {selector: "#status", text: Ready}`)
}

// Wait waits until something holds. A bare target waits until it is visible.
type Wait struct {
	Visible  specs.Target  `yaml:"visible" doc:"until this is to be seen"`
	Hidden   specs.Target  `yaml:"hidden" doc:"until this is not, or no longer, to be seen"`
	Target   specs.Target  `yaml:",inline" short:"true"`
	Text     expr.Template `yaml:"text" doc:"until the target holds this text; without a target, until it is on the page"`
	URL      expr.Address  `yaml:"url" doc:"until the address matches this glob"`
	Response expr.Address  `yaml:"response" doc:"until the site has answered an address that matches this glob; with on"`
	On       *specs.Step   `yaml:"on" doc:"the step that causes the response"`
	State    string        `yaml:"state" enum:"load,domcontentloaded,networkidle" doc:"until the page has come so far"`
	Function string        `yaml:"function" doc:"until this JavaScript expression is true in the page"`
}

func (w *Wait) target() specs.Target {
	if w.Visible.Given() {
		return w.Visible
	}
	return w.Target
}

func (*Wait) readOnly() {}

// Fault tells of an answer that nothing causes.
func (w *Wait) Fault() string {
	if !w.Response.Empty() && w.On == nil {
		return "response needs on, the step that causes it"
	}
	return ""
}

func (w *Wait) withoutPage() string {
	if !w.Response.Empty() || w.Function != "" {
		return "no script runs that could be waited for"
	}
	return ""
}

// Run waits for all that is named, in the order of the fields.
func (w *Wait) Run(ctx context.Context, on *StepContext) error {
	waits := []func(context.Context, *StepContext) error{w.response, w.element, w.state, w.function}
	for _, wait := range waits {
		if err := wait(ctx, on); err != nil {
			return err
		}
	}
	return on.Check(ctx, &specs.Check{Visible: w.Visible, Hidden: w.Hidden, URL: w.URL})
}

func (w *Wait) response(ctx context.Context, on *StepContext) error {
	if w.Response.Empty() {
		return nil
	}
	glob, err := w.Response.Text(on.Values)
	if err != nil {
		return err
	}
	var failed error
	answer, err := Call(ctx, fmt.Sprintf("waiting for an answer of %q", glob), func() (playwright.Response, error) {
		return on.Page.ExpectResponse(glob, func() error {
			failed = on.runStep(ctx, w.On)
			return failed
		}, playwright.PageExpectResponseOptions{Timeout: timeoutMillis(ctx)})
	})
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return err
	case answer.Status() >= 400:
		return statusError(answer)
	default:
		return nil
	}
}

func (w *Wait) element(ctx context.Context, on *StepContext) error {
	text, err := w.Text.Text(on.Values)
	switch {
	case err != nil:
		return err
	case w.Target.Given():
		loc, err := on.locate(w.Target)
		if err != nil {
			return err
		}
		if text == "" {
			return on.awaitVisible(ctx, w.Target, loc)
		}
		err = on.awaitVisible(ctx, w.Target, loc.Filter(playwright.LocatorFilterOptions{HasText: text}))
		return on.insteadOf(ctx, err, fmt.Sprintf("waited for %q, there is", text), loc)
	case text != "":
		loc := on.Page.GetByText(text).First()
		if on.root != nil {
			loc = on.root.GetByText(text).First()
		}
		err = on.waitForPage(ctx, fmt.Sprintf("waiting for the text %q", text), func() (bool, error) { return loc.IsVisible() })
		return on.insteadOf(ctx, err, "there is", on.Page.Locator("body"))
	default:
		return nil
	}
}

func (w *Wait) state(ctx context.Context, on *StepContext) error {
	if w.State == "" {
		return nil
	}
	state := playwright.LoadState(w.State)
	return callPage(ctx, "waiting for "+w.State, func() error {
		return WaitForState(ctx, on.Page, state)
	})
}

func (w *Wait) function(ctx context.Context, on *StepContext) error {
	if w.Function == "" {
		return nil
	}
	err := callPage(ctx, "waiting for "+w.Function, func() error {
		_, err := on.Page.WaitForFunction(w.Function, nil, playwright.PageWaitForFunctionOptions{Timeout: timeoutMillis(ctx)})
		return err
	})
	if !errors.Is(err, ErrTimeout) {
		return err
	}
	looking, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if v, failed := Call(looking, "looking at the page", func() (any, error) { return on.Page.Evaluate(w.Function) }); failed == nil {
		err = fmt.Errorf("%w (it is %s)", err, Printable(fmt.Sprint(v)))
	}
	return err
}
