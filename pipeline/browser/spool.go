package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"pipe/steps"
)

// spooled is a file that had to be taken while its page was there, and waits
// beside the browser's downloads.
type spooled struct {
	path string
	got  steps.Received
	drop sync.Once
}

// spool takes a file from its page.
func (p *page) spool(ctx context.Context, from candidate) (steps.Delivery, error) {
	if m, ok := from.(*made); ok && m.url != "" {
		// Nothing has asked for it yet, and nothing of the page is needed to.
		d, err := p.address(m.url)
		if d != nil {
			d.via = m.via
		}
		return d, err
	}
	file, err := os.CreateTemp(p.pool.opts.Downloads, "page-*")
	if err != nil {
		from.refuse()
		return nil, fmt.Errorf("keeping the file: %w", err)
	}
	s := &spooled{path: file.Name()}
	s.got, err = from.take(ctx, file)
	if err = errors.Join(err, file.Close()); err != nil {
		s.Discard()
		return nil, err
	}
	return s, nil
}

// Receive copies the file.
func (s *spooled) Receive(_ context.Context, w io.Writer) (steps.Received, error) {
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
func (s *spooled) Discard() { s.drop.Do(func() { _ = os.Remove(s.path) }) }
