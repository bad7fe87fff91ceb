package capture

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"

	"pipe/steps"
)

// spooledFile is a file that had to be taken while its page was there, and waits
// beside the browser's downloads.
type spooledFile struct {
	path string
	got  steps.Receipt // with its hash once it was looked at
	drop sync.Once
}

// spool takes a file from its page.
func (p *Page) spool(ctx context.Context, from fileSource) (*spooledFile, error) {
	if m, ok := from.(*scriptBlob); ok && m.url != "" {
		// Nothing has asked for it yet, and nothing of the page is needed to.
		return p.ask(ctx, m.url, m.via)
	}
	if a, ok := from.(*scriptAnswer); ok && a.unheard() && a.req.method == http.MethodGet {
		a.answers.given(a.req, nil)
		a.refuse() // it is the frame's; what comes beside the browser has an end
		return p.ask(ctx, a.req.url, "response")
	}
	s, err := p.write(func(w io.Writer) (steps.Receipt, error) { return from.take(ctx, w) })
	if steps.DiskFault(err) != nil {
		from.refuse()
	}
	return s, err
}

// ask keeps what is at an address.
func (p *Page) ask(ctx context.Context, url, via string) (*spooledFile, error) {
	d, err := p.address(ctx, steps.Link{URL: url})
	if err != nil {
		return nil, err
	}
	d.via = via
	return p.keep(ctx, d)
}

// keep receives a file that needs no page.
func (p *Page) keep(ctx context.Context, d steps.Delivery) (*spooledFile, error) {
	defer d.Discard()
	return p.write(func(w io.Writer) (steps.Receipt, error) { return d.Receive(ctx, w) })
}

func (p *Page) write(from func(w io.Writer) (steps.Receipt, error)) (*spooledFile, error) {
	return writeSpooled(p.page.Context.Browser.Downloads(), from)
}

func writeSpooled(dir string, from func(w io.Writer) (steps.Receipt, error)) (*spooledFile, error) {
	file, err := os.CreateTemp(dir, "page-*")
	if err != nil {
		return nil, keepingError(err)
	}
	s, to := &spooledFile{path: file.Name()}, &steps.DiskWriter{To: file}
	s.got, err = from(to)
	// The hole in a file is the disk's, whatever the site did then.
	if failed := errors.Join(to.Err, file.Close()); failed != nil {
		err = keepingError(failed)
	}
	if err != nil {
		s.Discard()
		return nil, err
	}
	return s, nil
}

// keepingError is a failure of the disk, which is no fault of the site's.
func keepingError(err error) error {
	return steps.AsDiskError(fmt.Errorf("keeping a file of the page: %w", err))
}

// matches tells whether the file is like a pattern, that came by one of these
// addresses.
func (s *spooledFile) matches(m steps.FileMatch, urls []string) bool {
	return slices.ContainsFunc(urls, func(url string) bool { return m.Holds(url, cmp.Or(s.got.Name, nameOf(url)), s.got.ContentType) })
}

// Receive copies the file.
func (s *spooledFile) Receive(_ context.Context, w io.Writer) (steps.Receipt, error) {
	defer s.Discard()
	file, err := os.Open(s.path)
	if err != nil {
		return s.got, keepingError(err)
	}
	defer func() { _ = file.Close() }()
	_, err = io.Copy(w, file)
	return s.got, err
}

// SHA256 is that of the file's bytes.
func (s *spooledFile) SHA256() string { return s.got.SHA256 }

// Discard removes the file.
func (s *spooledFile) Discard() { s.drop.Do(func() { _ = os.Remove(s.path) }) }
