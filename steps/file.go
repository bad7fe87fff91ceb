package steps

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/playwright-community/playwright-go"
)

// Capturer takes the files that a site delivers to one page and to the tabs
// which that page opens, never those of another page.
type Capturer interface {
	// Listen starts to listen; call it before whatever triggers the delivery.
	Listen(ctx context.Context, page playwright.Page, opts CaptureOptions) (PendingCapture, error)
	// Fetch names a plain URL, which is asked for with the session's cookies
	// when the delivery is received; the page is not needed for it. What a blob:
	// or data: URL stands for is taken from the page at once.
	Fetch(ctx context.Context, page playwright.Page, url string) (Delivery, error)
	// Print prints the page as it is to a PDF.
	Print(ctx context.Context, page playwright.Page, how map[string]any) (Delivery, error)
}

// CaptureOptions is what a listening is for.
type CaptureOptions struct {
	// Kind is the type that the file is declared to be, "" for any.
	Kind string
	// Print, if set, has the page that the trigger opens, in a tab or in place,
	// printed to a PDF; it holds the parameters of the DevTools protocol's
	// Page.printToPDF.
	Print map[string]any
}

// PendingCapture is one listening for one file.
type PendingCapture interface {
	// Wait returns as soon as the page is not needed any more: once the request
	// is known which produces the file, before the site answers it; or, where
	// the file comes to the page itself, once it is here. It returns when ctx
	// ends, with an error.
	Wait(ctx context.Context) (Delivery, error)
	// Close stops the listening. A delivery that Wait gave lives on.
	Close()
}

// Delivery is a file on its way. It needs no page of the pool any more.
type Delivery interface {
	// Receive asks the site for the file, waits for it and writes it to w. The
	// error is a *StatusError when the site answers with an HTTP error.
	Receive(ctx context.Context, w io.Writer) (Receipt, error)
	// Discard gives the file up and closes the tab it came by, if any. It is
	// harmless after Receive and may be called more than once.
	Discard()
}

// Receipt tells how a file came.
type Receipt struct {
	// Via is popup, download, response (to a script), frame, blob, data, fetch
	// (of a URL that the spec names) or print.
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
