package steps

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"
)

// Link is where a file is, and what the element that tells it says of the Referer.
type Link struct {
	// URL may be relative to the page's.
	URL string
	// Document is the address of the document that the link is in, "" for the page's
	// own.
	Document string
	// Policies are the referrer policies of that document and of the link, the last
	// last; other words among them are passed over.
	Policies []string
}

// Capturer takes the files that a site delivers to one page and to the tabs
// which that page opens, never those of another page.
type Capturer interface {
	// Listen starts to listen for the files that one trigger brings, as a rule
	// for one; call it before the trigger.
	Listen(ctx context.Context, page playwright.Page, wants ...CaptureOptions) (PendingCapture, error)
	// Fetch names the file of a link, which is asked for with the session's cookies
	// when the delivery is received; the page is not needed for it. What a blob:
	// or data: URL stands for is taken from the page at once.
	Fetch(ctx context.Context, page playwright.Page, link Link) (Delivery, error)
	// Print prints the page as it is to a PDF.
	Print(ctx context.Context, page playwright.Page, how map[string]any) (Delivery, error)
}

// CaptureOptions is what a file must be that a listening is for.
type CaptureOptions struct {
	// Step names the step of the spec, the same for all items; "" where there is none.
	Step string
	// Kind is the type that the file is declared to be, "" for any.
	Kind string
	// Name is what the spec calls the file, and Texts what it must hold: an address
	// that has them in it is likely to be the file's.
	Name  string
	Texts []string
	// Match is what the file's address, name and type must be like.
	Match FileMatch
	// Limit is how long the file may take to come from the trigger on, where several
	// are wanted: those that are there wait no longer for it.
	Limit time.Duration
	// Quiet is how long a page that is shown in the file's place may ask for nothing
	// before no file is expected of it any more; 0 for as long as it has.
	Quiet time.Duration
	// Accepts, if set, looks at a file that has come before it is final. A
	// *pipeline.ProofError says that it is not the one; any other error is none of
	// the file's.
	Accepts func(ctx context.Context, file *os.File, got Receipt) error
	// OnlyLooks is true where the file is not to be asked for: what is wanted is whether it
	// would be, on a [StaticPage].
	OnlyLooks bool
	// Print, if set, has the page that the trigger opens, in a tab or in place,
	// printed to a PDF; it holds the parameters of the DevTools protocol's
	// Page.printToPDF.
	Print map[string]any
}

// PendingCapture is one listening.
type PendingCapture interface {
	// Wait gives the files one after the other, in the order of what was wanted.
	// It returns as soon as the page is not needed any more: once the request
	// is known which produces the file, before the site answers it; or, where
	// the file comes to the page itself or must be looked at, once it is here;
	// for several files, once all are known. It returns when ctx ends, with what
	// has come or a *NoFileError.
	Wait(ctx context.Context) (Delivery, error)
	// PassedBy tells of the files that were looked at and were not the one.
	PassedBy() []string
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

// Known is a delivery whose bytes are here already.
type Known interface {
	// SHA256 is that of the bytes, in hexadecimal.
	SHA256() string
}

// Receipt tells how a file came.
type Receipt struct {
	// Via is popup (a window that a page opened, or asked for), download, response (to a script), frame, blob, data, save (by a
	// script), fetch (of a URL that the spec names) or print.
	Via string
	// URL is where it came from, without query and fragment.
	URL string
	// Name is the file name that the site suggests, or "".
	Name string
	// ContentType is what the site says it is, or "".
	ContentType string
	// OpenEnd is true where nothing says where the file ends but the end of the
	// connection: a part of it looks like the whole.
	OpenEnd bool
	// SHA256 is that of its bytes, in hexadecimal, where they are here already.
	SHA256 string
	// Note is what else is to be said should the file not be the one: that it was
	// taken as there was no better.
	Note string
	// Without names what the file lacks, which is told though it is the one.
	Without string
}

// StatusError is an HTTP answer of 400 and more, or one without content, where a
// page or a file was wanted.
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

// NoFileError is a trigger that brought no file, and what happened instead.
type NoFileError struct {
	// Err is why the wait ended.
	Err error
	// Seen is what happened since the trigger, and Hints what to try in the spec.
	Seen, Hints []string
	// None is true where nothing says that there is a file at all: none began to
	// come, nothing was refused, and nothing was under way any more.
	None bool
}

func (e *NoFileError) Error() string {
	text := e.Err.Error() + SeenText(e.Seen)
	if len(e.Hints) > 0 {
		text += "; try " + strings.Join(e.Hints, ", or ")
	}
	return text
}

// Unwrap gives why.
func (e *NoFileError) Unwrap() error { return e.Err }

// SeenText says what was seen since a trigger, to be put behind why there is no
// file.
func SeenText(seen []string) string {
	if len(seen) == 0 {
		return ""
	}
	return "; since the trigger: " + strings.Join(seen, "; ")
}
