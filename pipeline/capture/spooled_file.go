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
	if errors.Is(err, errNoRoom) {
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

var errNoRoom = errors.New("keeping the file")

func (p *Page) write(from func(w io.Writer) (steps.Receipt, error)) (*spooledFile, error) {
	file, err := os.CreateTemp(p.page.Context.Browser.Downloads(), "page-*")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoRoom, err)
	}
	s := &spooledFile{path: file.Name()}
	s.got, err = from(file)
	if err = errors.Join(err, file.Close()); err != nil {
		s.Discard()
		return nil, err
	}
	return s, nil
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
		return s.got, fmt.Errorf("reading what the page gave: %w", err)
	}
	defer func() { _ = file.Close() }()
	_, err = io.Copy(w, file)
	return s.got, err
}

// SHA256 is that of the file's bytes.
func (s *spooledFile) SHA256() string { return s.got.SHA256 }

// Discard removes the file.
func (s *spooledFile) Discard() { s.drop.Do(func() { _ = os.Remove(s.path) }) }
