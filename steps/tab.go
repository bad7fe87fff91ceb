package steps

import (
	"context"
	"errors"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Tab](280, "tab", "runs steps in a further tab, and closes it",
		`tab: {on: {click: {role: link, name: History}}, do: [{extract: {name: history, fields: {owners: {text_of: "#owners"}}}}]}`)
}

// Tab runs steps in a further tab of the page's own session, which is closed
// after them; what comes next is about the page again.
type Tab struct {
	On    *specs.Step  `yaml:"on" doc:"the step that makes the site open the tab"`
	URL   expr.Address `yaml:"url" doc:"the address to open in it, absolute or relative to base_url"`
	Until *specs.Until `yaml:"until" doc:"how far the page of url must have come"`
	Do    []specs.Step `yaml:"do" required:"true" doc:"the steps in the tab"`
}

// TabOpener is a [Capturer] that can open tabs as pages of their own.
type TabOpener interface {
	// Open calls open, which makes the page open a tab, and gives that tab
	// once it is there. Its files are its own from then on, not the page's.
	Open(ctx context.Context, open func(context.Context) error) (OpenTab, error)
}

// OpenTab is a tab that was opened on purpose.
type OpenTab interface {
	Playwright() playwright.Page
	Files() Capturer
	// Close closes it, with the tabs that it has opened and no delivery needs;
	// a tab that closed itself is as good.
	Close(ctx context.Context) error
}

// Fault tells of a tab that nothing opens, or two things do.
func (t *Tab) Fault() string {
	if (t.On == nil) == t.URL.Empty() {
		return "say what opens the tab: on (the step that makes the site do so) or url"
	}
	return noSteps(t.Do)
}

func (*Tab) unlimited() {}

func (t *Tab) nestedSteps() [][]specs.Step { return [][]specs.Step{t.Do} }

// firstSteps leaves do out: its targets are on another page.
func (t *Tab) firstSteps() ([][]specs.Step, bool) {
	if t.On == nil {
		return nil, false
	}
	return triggerStep{t.On}.firstSteps()
}

// openBlankTabJS opens a tab that shares the session storage of the page.
const openBlankTabJS = `() => { window.open('about:blank'); }`

// tabLoadedJS tells whether a tab shows its page: it is blank until the site answers,
// unless a script writes into it.
const tabLoadedJS = `() => location.href !== 'about:blank' && document.readyState !== 'loading' || !!document.body?.childNodes.length`

// Run opens the tab, runs the steps in it and closes it.
func (t *Tab) Run(ctx context.Context, on *StepContext) error {
	url, err := t.URL.Text(on.Values)
	if err != nil {
		return err
	}
	opener, ok := on.Files.(TabOpener)
	if !ok {
		return errors.New("no tab can be opened here")
	}
	var tab OpenTab
	err = on.withStepLimit(ctx, func(ctx context.Context) (err error) {
		tab, err = opener.Open(ctx, func(ctx context.Context) error {
			if t.On != nil {
				return on.runStep(ctx, t.On)
			}
			return callAction(ctx, on, "opening a tab", func() error {
				_, err := on.Page.Evaluate(openBlankTabJS)
				return err
			})
		})
		return err
	})
	if err != nil {
		return err
	}
	back := on.switchToTab(tab)
	err = on.withStepLimit(ctx, func(ctx context.Context) error {
		if t.On == nil {
			return on.Goto(ctx, url, t.Until, t.Do)
		}
		return on.waitUntil(ctx, "waiting for the tab's page", func() (bool, error) {
			there, err := on.Page.Evaluate(tabLoadedJS)
			return there == true, err
		})
	})
	if err == nil {
		err = on.Run(ctx, t.Do)
	}
	closed := on.tabClosed
	back()
	if closed && err == nil {
		// So is it when the browser is gone.
		err = callPage(ctx, "looking at the page of the tab that closed", func() error {
			_, err := on.Page.Evaluate("1")
			return err
		})
	}
	// A tab that does not close is no fault of the item's.
	_ = tab.Close(context.WithoutCancel(ctx))
	return err
}

// switchToTab has the steps act on a tab until the function that it gives is called.
func (s *StepContext) switchToTab(tab OpenTab) func() {
	page, files, root, after := s.Page, s.Files, s.root, s.ExpectedAfter
	dialogs, fields, filled, pending, upcoming := s.stopDialogs, s.secretFields, s.filled, s.pending, s.upcoming
	inTab, closed, passed := s.inTab, s.tabClosed, s.passedOver
	s.passedOver = nil
	s.Page, s.Files, s.root, s.ExpectedAfter = tab.Playwright(), tab.Files(), nil, specs.Target{}
	s.stopDialogs, s.secretFields, s.filled, s.pending, s.upcoming = nil, nil, nil, nil, lookahead{}
	s.inTab, s.tabClosed = true, false
	return func() {
		s.stopAnswering()
		s.Page, s.Files, s.root, s.ExpectedAfter = page, files, root, after
		s.stopDialogs, s.secretFields, s.filled, s.pending, s.upcoming = dialogs, fields, filled, pending, upcoming
		s.inTab, s.tabClosed, s.passedOver = inTab, closed, passed
	}
}
