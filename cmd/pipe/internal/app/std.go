package app

import (
	"io"
	"os"

	"github.com/mattn/go-isatty"
)

// Std are the program's own.
type Std struct {
	In       io.Reader
	Out, Err io.Writer
}

// terminal gives standard output's file when it is a terminal.
func (s Std) terminal() (*os.File, bool) {
	f, ok := s.Out.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) && !isatty.IsCygwinTerminal(f.Fd()) {
		return nil, false
	}
	return f, os.Getenv("TERM") != "dumb"
}

// keyboard gives standard input's file when it is a terminal.
func (s Std) keyboard() (*os.File, bool) {
	f, ok := s.In.(*os.File)
	return f, ok && isatty.IsTerminal(f.Fd())
}
