package file

import (
	"fmt"
	"io"
	"os"
)

// spool is a file of this process alone. It has no name where the system lets
// it have none, so that a killed process leaves nothing behind.
type spool struct{ *os.File }

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "pipe-source-*")
	if err != nil {
		return nil, fmt.Errorf("keeping the source: %w", err)
	}
	_ = os.Remove(f.Name()) // not on Windows, where Close does it
	return &spool{f}, nil
}

// Close removes the file.
func (s *spool) Close() error {
	err := s.File.Close()
	_ = os.Remove(s.Name())
	return err
}

// rewind makes what was written readable.
func (s *spool) rewind() error {
	_, err := s.Seek(0, io.SeekStart)
	return err
}
