package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"pipe/steps"
)

// spooledFile is a file that had to be taken while its page was there, and waits
// beside the browser's downloads.
type spooledFile struct {
	path string
	got  steps.Receipt
	drop sync.Once
}

// spool takes a file from its page.
func (p *Page) spool(ctx context.Context, from fileSource) (steps.Delivery, error) {
	if m, ok := from.(*scriptBlob); ok && m.url != "" {
		// Nothing has asked for it yet, and nothing of the page is needed to.
		d, err := p.address(m.url)
		if d != nil {
			d.via = m.via
		}
		return d, err
	}
	file, err := os.CreateTemp(p.page.Context.Browser.Downloads(), "page-*")
	if err != nil {
		from.refuse()
		return nil, fmt.Errorf("keeping the file: %w", err)
	}
	s := &spooledFile{path: file.Name()}
	s.got, err = from.take(ctx, file)
	if err = errors.Join(err, file.Close()); err != nil {
		s.Discard()
		return nil, err
	}
	return s, nil
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

// Discard removes the file.
func (s *spooledFile) Discard() { s.drop.Do(func() { _ = os.Remove(s.path) }) }
