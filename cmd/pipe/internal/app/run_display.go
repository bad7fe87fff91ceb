package app

import (
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/console"
	"pipe/pipeline/source"
	"pipe/specs"
	"pipe/specs/secret"
)

// display is how a run is shown while it is at work: its view, and the log that
// goes there.
type display struct {
	view    console.View
	log     *slog.Logger
	secrets *secret.Store
	json    bool
	// keyboard is true where keys steer the run.
	keyboard bool
	closed   atomic.Bool
	// also are told what the view is.
	also []pipeline.Observer
}

// Observe tells all of them.
func (d *display) Observe(e pipeline.Event) {
	d.view.Observe(e)
	for _, o := range d.also {
		o.Observe(e)
	}
}

// openDisplay chooses how the run is shown.
func openDisplay(spec *specs.Spec, f RunOptions, secrets *secret.Store, steer steering, std Std) *display {
	d := &display{secrets: secrets, json: f.JSON}
	opts := console.Options{Version: Version()}
	out, terminal := std.terminal()
	switch {
	case f.JSON:
		d.view = console.JSON(std.Out)
	case terminal && !readsInput(spec) && console.Foreground(out):
		in, keyboard := std.keyboard()
		if d.keyboard = keyboard; keyboard {
			opts.Keys = steer.keys()
		}
		d.view = console.Live(in, out, opts)
	default:
		d.view = console.Plain(std.Out, opts)
	}
	level := slog.LevelInfo
	if f.Verbose {
		level = slog.LevelDebug
	}
	to, how := redacted{d.view.Log(), secrets}, &slog.HandlerOptions{Level: level}
	if f.JSON {
		d.log = slog.New(slog.NewJSONHandler(to, how))
	} else {
		d.log = slog.New(slog.NewTextHandler(to, how))
	}
	return d
}

// readsInput tells whether standard input is the source, and so no keyboard.
func readsInput(spec *specs.Spec) bool {
	t, err := source.TableOf(spec)
	return err == nil && t.Path == "-"
}

// close ends the view, so that the final report may be printed; a second time
// it does nothing.
func (d *display) close() error {
	if d.closed.Swap(true) {
		return nil
	}
	return d.view.Close()
}

// say tells the person who waits what is being installed.
func (d *display) say(line string) {
	if d.json {
		d.log.Info(line)
		return
	}
	fmt.Fprintln(d.view.Log(), line)
}

// report shows what the run's sessions tell.
func (d *display) report(e pipeline.Event) {
	e.Time = time.Now()
	d.Observe(e)
}

func (d *display) stopping(line string) {
	d.Observe(pipeline.Event{Time: time.Now(), Kind: pipeline.Stopping, Reason: line})
}
