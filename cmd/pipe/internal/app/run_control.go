package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/muesli/cancelreader"
	"github.com/sourcegraph/conc"

	"pipe/specs"
)

// controlLine is a line of JSON that steers a run from its standard input.
type controlLine struct {
	Do      string   `json:"do"`
	Workers int      `json:"workers,omitempty"`
	Keys    []string `json:"keys,omitempty"`
}

// What a line may ask for. The first one is begin: its keys are the items to do again,
// and no others; none is all. They may be more than a command line can hold.
const (
	controlBegin   = "begin"
	controlPause   = "pause"
	controlResume  = "resume"
	controlWorkers = "workers"
	controlDrain   = "drain"
	controlStop    = "stop"
)

// beginLimit bounds the wait for the first line.
const beginLimit = time.Minute

// controlInput is standard input as lines that steer a run; nil is none.
type controlInput struct {
	reader cancelreader.CancelReader
	lines  *json.Decoder
	owned  conc.WaitGroup
}

// openControl reads the first line, and puts what it says over the options.
func (f *RunOptions) openControl(ctx context.Context, spec *specs.Spec, std Std) (*controlInput, error) {
	if !f.Control {
		return nil, nil
	}
	if readsInput(spec) {
		return nil, Exit(ExitSpec, errors.New("--control takes standard input, and the spec's source is there"))
	}
	reader, err := cancelreader.NewReader(std.In)
	if err != nil {
		return nil, Exit(ExitEnvironment, fmt.Errorf("reading standard input: %w", err))
	}
	c := &controlInput{reader: reader, lines: json.NewDecoder(bufio.NewReader(reader))}
	limited, cancel := context.WithTimeout(ctx, beginLimit)
	defer cancel()
	over := context.AfterFunc(limited, func() { reader.Cancel() })
	defer over()
	var first controlLine
	if err = c.lines.Decode(&first); err == nil && first.Do != controlBegin {
		err = fmt.Errorf("%q comes before begin", first.Do)
	}
	if err != nil {
		return nil, Exit(ExitSpec, fmt.Errorf("--control: reading the first line: %w", errors.Join(err, reader.Close())))
	}
	if len(first.Keys) > 0 {
		// What was done once for them stays done: a button is pressed sooner than a flag
		// is written.
		f.Again, f.Only, f.KeepOnce = first.Keys, first.Keys, true
	}
	return c, nil
}

// follow does what the lines ask for, until close. When they end, whoever started the run
// is gone: it finishes the items in hand.
func (c *controlInput) follow(steer steering) {
	if c == nil {
		return
	}
	c.owned.Go(func() {
		for {
			var line controlLine
			err := c.lines.Decode(&line)
			if errors.Is(err, cancelreader.ErrCanceled) {
				return
			}
			if err != nil {
				steer.stop(drain)
				return
			}
			steer.do(line)
		}
	})
}

func (s steering) do(line controlLine) {
	switch line.Do {
	case controlPause:
		s.control.Pause()
	case controlResume:
		s.control.Resume()
	case controlWorkers:
		s.control.SetWorkers(line.Workers)
	case controlDrain:
		s.stop(drain)
	case controlStop:
		s.stop(stopNow)
	}
}

// close ends the reading. Where a read cannot be ended, as of a file on Windows, it ends
// with the process.
func (c *controlInput) close() {
	if c != nil && c.reader.Cancel() {
		c.owned.Wait()
		_ = c.reader.Close()
	}
}
