package app

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/muesli/cancelreader"
	"github.com/sourcegraph/conc"
	"golang.org/x/term"
)

const debugPrompt = "> "

// typedLine is a line that was typed, or why there is none: io.EOF for the end.
type typedLine struct {
	text string
	err  error
}

// commandLines are lines of commands, from a terminal with a history, or from anywhere else.
// What is written to it comes to the terminal as it should, also while a line is typed.
type commandLines struct {
	lines chan typedLine

	out    io.Writer
	read   func() (string, error)
	cancel func()
	// line edits what is typed, nil where it is no terminal; typing is true meanwhile.
	line   *term.Terminal
	typing atomic.Bool
	wanted chan struct{}
	owned  conc.WaitGroup
}

func openCommandLines(std Std) *commandLines {
	c := &commandLines{lines: make(chan typedLine, 1), wanted: make(chan struct{}, 1), out: std.Out, cancel: func() {}}
	in := std.In
	if reader, err := cancelreader.NewReader(std.In); err == nil {
		in, c.cancel = reader, func() { reader.Cancel() }
	} // what no system can wait for, as a file, is read to its end at once
	plain := bufio.NewReader(in)
	c.read = func() (string, error) {
		text, err := plain.ReadString('\n')
		if err != nil && text == "" {
			return "", err
		}
		text = strings.TrimRight(text, "\r\n")
		fmt.Fprintln(c.out, text) // so that the output can be read by itself
		return text, nil
	}
	if keyboard, is := std.keyboard(); is {
		if _, is := std.terminal(); is {
			c.editing(keyboard, in)
		}
	}
	c.owned.Go(func() {
		for range c.wanted {
			text, err := c.read()
			c.typing.Store(false)
			c.lines <- typedLine{text, err}
		}
	})
	return c
}

// editing has lines edited, in the terminal's raw mode while one is typed: at other times
// Ctrl-C is a signal.
func (c *commandLines) editing(keyboard *os.File, in io.Reader) {
	c.line = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, c.out}, debugPrompt)
	c.read = func() (string, error) {
		was, err := term.MakeRaw(int(keyboard.Fd()))
		if err != nil {
			return "", err
		}
		defer func() { _ = term.Restore(int(keyboard.Fd()), was) }()
		if width, height, err := term.GetSize(int(keyboard.Fd())); err == nil && width > 0 {
			_ = c.line.SetSize(width, height)
		}
		return c.line.ReadLine()
	}
}

// want asks for a line, which comes by lines.
func (c *commandLines) want() {
	if c.typing.Swap(true) {
		return
	}
	if c.line == nil {
		fmt.Fprint(c.out, debugPrompt)
	}
	c.wanted <- struct{}{}
}

// Write writes above the line that is typed.
func (c *commandLines) Write(p []byte) (int, error) {
	if c.line != nil && c.typing.Load() {
		return c.line.Write(p)
	}
	return c.out.Write(p)
}

// close ends the reading, and waits for that.
func (c *commandLines) close() {
	c.cancel()
	close(c.wanted)
	c.owned.Wait()
}
