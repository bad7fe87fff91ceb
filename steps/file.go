package steps

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/playwright-community/playwright-go"
)

// Catcher takes the files that a site delivers to one page and to the tabs
// which that page opens, never those of another page.
type Catcher interface {
	// Listen starts to listen; call it before whatever triggers the delivery.
	Listen(page playwright.Page) (Catch, error)
	// Fetch names a plain URL, which is asked for with the session's cookies
	// when the delivery is received. The page is not needed for it.
	Fetch(page playwright.Page, url string) (Delivery, error)
}

// Catch is one listening for one file.
type Catch interface {
	// Wait returns as soon as the request that produces the file is known,
	// which is before the site answers it; or when ctx ends, with an error.
	Wait(ctx context.Context) (Delivery, error)
	// Close stops the listening. A delivery that Wait gave lives on.
	Close()
}

// Delivery is a file on its way. It needs no page of the pool any more.
type Delivery interface {
	// Receive asks the site for the file, waits for it and writes it to w. The
	// error is a *StatusError when the site answers with an HTTP error.
	Receive(ctx context.Context, w io.Writer) (Received, error)
	// Discard gives the file up and closes the tab it came by, if any. It is
	// harmless after Receive and may be called more than once.
	Discard()
}

// Received tells how a file came.
type Received struct {
	// Via is popup, navigation, download or fetch.
	Via string
	// URL is where it came from, without query and fragment.
	URL string
	// Name is the file name that the site suggests, or "".
	Name string
	// ContentType is what the site says it is, or "".
	ContentType string
}

// StatusError is an HTTP answer of 400 and more, where a page or a file was
// wanted.
type StatusError struct {
	// URL is without query and fragment.
	URL    string
	Status int
	// RetryAfter is how long the site asks to wait; 0 when it says nothing.
	RetryAfter time.Duration
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("the site answered %d at %s", e.Status, e.URL)
}
