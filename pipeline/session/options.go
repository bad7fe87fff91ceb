package session

import (
	"context"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/steps"
)

// Options say how many pages to lend, and how their contexts log in.
type Options struct {
	// Browser says which browser to start.
	Browser browser.Options
	// Contexts are browser contexts, each logged in by itself, spread over the
	// accounts; Pages are the workers in each. The default is 1.
	Contexts, Pages int
	// Accounts are those over which the contexts are spread; none counts as one.
	Accounts []pipeline.Account
	// BaseURL is what relative addresses are relative to.
	BaseURL string
	// Context gives what a context of an account is opened with; turn counts up
	// where another proxy is to be taken, of which there are Proxies. It may be
	// nil.
	Context func(account, turn int) (client.ContextOptions, error)
	Proxies int
	// Configure, if set, is given the context of the steps that log in.
	Configure func(*steps.StepContext)
	// Login logs a page's context in; nil when the site needs none. Resume tries
	// a login that was kept; without it none is. Logout ends a session at the
	// end; it may be nil.
	Login, Resume, Logout pipeline.Act
	// Home tells whether login.success holds of a page, Visit opens the page where that
	// is looked for, and Check the one where Resume looks; they may be nil.
	Home         HomeProof
	Visit, Check pipeline.Act
	// Whenever does what the spec has for what may show at any moment; it may be nil.
	Whenever *Whenever
	// Tries is how often an account may fail to log in; the default is 2.
	Tries int
	// Refusals is the file of the logins that the site refused, which are not tried
	// again until their credentials change; "" keeps none. TryRefused tries them.
	Refusals   string
	TryRefused bool
	// Redact takes the secrets out of a text; nil leaves it as it is.
	Redact func(string) string
	// StateDir is where logins are kept for the next run; "" keeps none.
	StateDir string
	// Frozen leaves the logins that are kept as they are: they are used, and none
	// is added.
	Frozen bool
	// OnLoginFailed is given the page of each login that failed, which is still as it was;
	// it may be nil.
	OnLoginFailed func(ctx context.Context, page playwright.Page, session string, err error)
	// Report is told of each login: that it begins, that it worked or was kept, that it is
	// lost, and that its account is given up. It must be quick, and may be nil.
	Report func(pipeline.Event)
	// Loss is what shows that the session is gone.
	Loss Loss
	// ContextItems is the number of items after which a context is made new; 0 is
	// without bound.
	ContextItems int
	// Stop is closed once nothing new is to be begun: a rest before the site is asked for
	// a login again ends then. nil never is.
	Stop <-chan struct{}
	// CloseLimit bounds each part of the pool's Close: the logouts, the keeping of
	// logins, the end of the browser; the default is 30 s.
	CloseLimit time.Duration
	// Capture gives what takes the files that come to a page.
	Capture func(ctx context.Context, page *browser.Page, lent *Page) (Capture, error)
	// Static gives a page without a browser, and what takes its files; it may be nil
	// where none is asked for.
	Static func(of StaticSession) (StaticPage, Capture)
}

// Capture takes the files that come to one page.
type Capture interface {
	steps.Capturer
	steps.Requester
	steps.Evaluator
	steps.Settler
	// OpenTab calls open, which makes the page open a tab, and gives that tab. Its
	// files are not the page's.
	OpenTab(ctx context.Context, open func(context.Context) error) (playwright.Page, error)
	// Opened tells whether the page has opened a tab that is still there.
	Opened(tab playwright.Page) bool
	// CloseStrays closes the tabs that the page opened and no delivery needs.
	CloseStrays(ctx context.Context) error
}

// renews tells whether sessions can move to a new context without a new login.
func (o *Options) renews() bool { return o.Login == nil || o.Resume != nil }
