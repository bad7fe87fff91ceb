package pipeline

import (
	"context"
	"errors"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// Pages lends the pages of the browser: accounts × contexts × pages, one page
// to a worker. Methods are safe for concurrent use, each worker by one
// goroutine at a time.
type Pages interface {
	// Workers lists the workers; their index is what Open takes.
	Workers() []Worker
	// Open gives the worker its page: alive, in a context that is logged in. It
	// logs in when that is needed, once for all who wait on that context, and
	// makes new what has died. A *LoginError says that the worker's account is
	// given up, a *StartError that no browser can be had; any other error is of
	// the moment.
	Open(ctx context.Context, worker int) (Page, error)
	// OpenStatic gives the worker a page without a browser, under the same login, in the
	// same way.
	OpenStatic(ctx context.Context, worker int) (Page, error)
	// Prepare makes the worker's page ready for Open, ahead of the item that it will be
	// opened for. What goes wrong, that Open will tell.
	Prepare(ctx context.Context, worker int)
	// Worked says that an item came through: a browser that is lost from then on is
	// no crash loop, of which Open gives a *StartError.
	Worked()
	// Close closes everything, whatever hangs, within ctx.
	Close(ctx context.Context) error
}

// Worker is one page slot of the pool.
type Worker struct {
	// Name is "c1p2" for page 2 of context 1.
	Name string
	// Context is the name of its browser context: "c1".
	Context string
	// Account is the index of the account in login.accounts; 0 when there is
	// no login.
	Account int
}

// Page is a worker's page for one attempt.
type Page interface {
	// Playwright is the page itself.
	Playwright() playwright.Page
	// Files takes what the site delivers to this page.
	Files() steps.Capturer
	// Exclusives are the names that exclusive steps hold among the pages of its
	// account.
	Exclusives() *steps.Exclusives
	// Turn is that of the page and of its popups.
	Turn() *steps.Turn
	// Watch tells what goes wrong on the page, as soon as the browser knows it,
	// until stop is called: a page of the site that is an error (a
	// *steps.StatusError), the session lost (steps.ErrSessionLost), the page gone
	// (steps.ErrClosed). The function must be quick; it may be called from any
	// goroutine and more than once.
	Watch(tell func(error)) (stop func())
	// Lost tells whether login.lost was seen in this page's context since its
	// last login. It is set by the page's events and asks the browser nothing.
	Lost() bool
	// AtHome is told that the page has come to navigate.home. What showed there under
	// a login before and does not any more is a lost session: a *GuestError.
	AtHome(ctx context.Context) error
	// LookHome finds out, once in a run, whether what shows a login shows at home too;
	// the page may be elsewhere then.
	LookHome(ctx context.Context) error
	// StillIn is told that work of a kind has come to its end on the page, again where
	// it has ended in a lost session before. A page that lacks what shows a login is
	// looked into, which takes it elsewhere: what a guest was shown is a lost session,
	// steps.ErrSessionLost.
	StillIn(ctx context.Context, work string, again bool) error
	// BrowserGone tells whether the page's browser is lost, or the connection to it:
	// that is no item's fault.
	BrowserGone() bool
	// CloseStrays closes the tabs which this page opened and which no delivery
	// needs, with a limit on each close.
	CloseStrays(ctx context.Context) error
	// Done says that the attempt for which the page was opened is over, its
	// files included: until then the page's browser context stays. Each Open
	// has its Done.
	Done()
	// Discard gives the page up: it is closed in the background, with a limit,
	// and the next Open makes a new one.
	Discard()
	// DiscardContext gives the page's browser context up: the next Open of any of
	// its pages makes a new one and logs in.
	DiscardContext()
}

// Act does something on a page in the name of an account: it logs in, tries a
// login that was kept, or logs out.
type Act func(ctx context.Context, page Page, account int) error

// LoginError says that an account is given up: it could not be logged in, as
// often as login.tries allows.
type LoginError struct {
	Account int
	Err     error
}

func (e *LoginError) Error() string { return "logging in: " + e.Err.Error() }

// Unwrap gives the error of the login's step.
func (e *LoginError) Unwrap() error { return e.Err }

// CertificateError says that the site's certificate is not taken, which is so for
// every item.
type CertificateError struct{ Err error }

// CertificateFault gives an error of the site's certificate as a *CertificateError,
// and any other as it is.
func CertificateFault(err error) error {
	var known *CertificateError
	if !steps.IsCertificateFault(err) || errors.As(err, &known) {
		return err
	}
	return &CertificateError{err}
}

func (e *CertificateError) Error() string {
	return e.Err.Error() + ": the site's certificate is not taken. If an authority of your own vouches for it, give that one's certificate " +
		"as browser.context.ca; with browser.context.ignore_https_errors any certificate is taken, out of date or another site's too"
}

// Unwrap gives the cause.
func (e *CertificateError) Unwrap() error { return e.Err }

// GuestError is a session that was found gone by what a page shows, without any other sign: for how
// long is not known.
type GuestError struct{ Err error }

func (e *GuestError) Error() string { return e.Err.Error() }

// Unwrap gives the cause, a steps.ErrSessionLost.
func (e *GuestError) Unwrap() error { return e.Err }

// RefusedError is a login whose credentials the site refuses: they are not tried
// again until they change.
type RefusedError struct{ Err error }

func (e *RefusedError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *RefusedError) Unwrap() error { return e.Err }

// UnreachableError is a site that does not answer a login. It is no item's fault,
// and costs none anything, however often.
type UnreachableError struct{ Err error }

func (e *UnreachableError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// StartError says that the driver or the browser cannot be started.
type StartError struct{ Err error }

func (e *StartError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *StartError) Unwrap() error { return e.Err }
