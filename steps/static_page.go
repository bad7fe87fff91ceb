package steps

import (
	"context"
	"errors"
	"fmt"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// StaticPage is a page without a browser: no script runs in it, so that what does not hold
// of it now never will.
type StaticPage interface {
	playwright.Page
	// CertainlyAbsent tells whether what is not there would not be in a browser either:
	// there are no scripts that could bring it.
	CertainlyAbsent() bool
	// Text is all that the page shows.
	Text() (string, error)
	// ByGet is the address that shows again what the page shows; false where a form has
	// brought that.
	ByGet() (address string, ok bool)
	// BeforeSending has ask called before anything is sent to the site that may change
	// something there; its error is the request's.
	BeforeSending(ask func() error)
}

// StaticElement is an element of a [StaticPage], which answers what is asked by a script
// of one in a browser.
type StaticElement interface {
	playwright.Locator
	// Field is what a form field holds; nil for an element that is none.
	Field() (*StaticField, error)
	// Link is where an element keeps an address.
	Link() (Link, error)
	// Contents sums up each element that there is.
	Contents() ([]string, error)
}

// StaticField is what a form field of a [StaticPage] holds.
type StaticField struct {
	// Text is what it holds; of a box, Ticked says it. Chosen are the value and the label
	// of each option that is chosen in a select.
	Text     string
	Box      bool
	Ticked   bool
	Chosen   [][2]string
	ID       string
	Password bool
	Most     int
	Document any
}

// scriptlessAction is an action that runs on a [StaticPage] too. withoutPage says why it does
// not as the spec has it, "" where it does.
type scriptlessAction interface{ withoutPage() string }

// WithoutPage tells why a step by itself cannot run without a page in a browser, "" where it
// can.
func WithoutPage(step *specs.Step) string {
	action, is := step.Do.(scriptlessAction)
	if !is {
		return "it is for a page in a browser"
	}
	return action.withoutPage()
}

// NeedsPageError is what cannot be done, or known, without a page in a browser.
type NeedsPageError struct {
	Reason string
	// Err is what came of it without one; nil where nothing did.
	Err error
}

func (e *NeedsPageError) Error() string {
	if e.Err != nil {
		return e.Err.Error() + " (without a page in a browser)"
	}
	return e.Reason + " needs a page in a browser"
}

// Unwrap gives what came of it.
func (e *NeedsPageError) Unwrap() error { return e.Err }

// SiteError is an error of a [StaticPage] that says something of the site or the network,
// as it would be in a browser.
type SiteError struct{ Err error }

func (e *SiteError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *SiteError) Unwrap() error { return e.Err }

func needsPage(err error) bool {
	var needs *NeedsPageError
	return errors.As(err, &needs)
}

// ofStaticPage tells of an error that a page without a browser gave, and says all itself.
func ofStaticPage(err error) bool {
	var site *SiteError
	return needsPage(err) || errors.As(err, &site)
}

// static gives the page if it is one without a browser, nil if it is in one.
func (s *StepContext) static() StaticPage {
	page, _ := s.Page.(StaticPage)
	return page
}

// ErrOnlyLooks ends a look at a site at what may change something there.
var ErrOnlyLooks = &NeedsPageError{Reason: "what may change something on the site (a step that changes nothing there says so by writes: false)"}

// SendsThrough has a page without a browser ask these steps before it sends what may change
// something on the site.
func (s *StepContext) SendsThrough() {
	if page := s.static(); page != nil {
		page.BeforeSending(s.BeforeSending)
	}
}

// BeforeSending is asked before anything is sent to the site that may change something
// there. What a step says that writes nothing does not.
func (s *StepContext) BeforeSending() error {
	if s.step != nil && s.step.Writes != nil && !*s.step.Writes {
		return nil
	}
	if s.OnlyLooks {
		return ErrOnlyLooks
	}
	s.Sent = true
	return nil
}

// readStaticField reads a form field of a page without a browser; nil for what is none.
func readStaticField(ctx context.Context, what string, element StaticElement) (*fieldState, error) {
	f, err := Call(ctx, what, element.Field)
	if err != nil || f == nil {
		return nil, err
	}
	now := &fieldState{text: f.Text, id: f.ID, password: f.Password, most: f.Most, document: f.Document}
	if f.Box {
		now.text = unticked
		if f.Ticked {
			now.text = ticked
		}
	}
	for _, o := range f.Chosen {
		now.chosen = append(now.chosen, chosenOption{o[0], o[1]})
	}
	return now, nil
}

// Static tells whether the page is one without a browser.
func (s *StepContext) Static() bool { return s.static() != nil }

// GoOnFrom has steps go on where others have ended, on another page.
func (s *StepContext) GoOnFrom(before *StepContext) {
	s.Values, s.results, s.began = before.Values, before.results, before.began
}

// lookOnce is waitUntil on a page that does not change by itself.
func lookOnce(ctx context.Context, what string, holds func() (bool, error)) error {
	is, err := Call(ctx, what, holds)
	if err == nil && !is {
		return &NeedsPageError{Err: fmt.Errorf("%s: it is not so, and no script runs that could change it", what)}
	}
	return err
}

// absentWithout tells that a value which may be absent is so for certain: in a browser, a
// script might bring it.
func (s *StepContext) absentWithout(what string) error {
	if page := s.static(); page != nil && !page.CertainlyAbsent() {
		return &NeedsPageError{Err: fmt.Errorf("%s: nothing is there, and a script may bring it", what)}
	}
	return nil
}

// uncertainWithout has a failure that a page without a browser brought about be one of
// that: in a browser the page may be another. What the site has answered, and what the
// item's own row says, is so in either.
func (s *StepContext) uncertainWithout(ctx context.Context, err error) error {
	if err == nil || s.static() == nil || ctx.Err() != nil || needsPage(err) {
		return err
	}
	var (
		site *SiteError
		code *StatusError
		skip *SkipError
		said *ClassError
	)
	switch {
	case errors.As(err, &site), errors.As(err, &code), errors.Is(err, ErrSessionLost), isUncertain(err), DiskFault(err) != nil:
		return err
	case errors.As(err, &skip) && skip.Certain, errors.As(err, &said) && said.Certain:
		return err
	default:
		return &NeedsPageError{Err: err}
	}
}
