package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pipe/pipeline/preview"
	"pipe/specs"
	"pipe/specs/document"
)

// DebugOptions are what `pipe debug` takes.
type DebugOptions struct {
	SpecOptions
	Item, Out         string
	Headless, NoBlock bool
}

// debugger is one `pipe debug`: a trial that does a step when it is told to.
type debugger struct {
	*try
	in    *commandLines
	stops interruptible
	saves *FileWatcher
	trial *preview.Trial
	// spec is the one that counts, opened the one whose session is open.
	spec, opened *specs.Spec
	// found is the target that was looked for last, and found something.
	found []specs.LocatorText
	// over is true once the item is done; last is how the last step ended.
	over bool
	last error
}

// errQuit ends a session.
var errQuit = errors.New("quit")

// DebugItem is `pipe debug`.
func DebugItem(ctx context.Context, path string, f DebugOptions, std Std) error {
	in := openCommandLines(std)
	defer in.close()
	std.Out = in
	d := &debugger{in: in, try: &try{
		TryOptions: TryOptions{SpecOptions: f.SpecOptions, Item: f.Item, Out: f.Out, Headless: f.Headless, NoBlock: f.NoBlock},
		path:       path, std: std,
	}}
	watched, stop := d.stops.watch(ctx)
	defer stop()
	err := d.run(watched)
	if err != nil && watched.Err() != nil {
		err = Exit(ExitInterrupted, errors.New("interrupted"))
	}
	if secrets := d.secrets.Load(); secrets != nil {
		err = RedactError(err, secrets)
	}
	return err
}

// run opens what a trial needs, as `pipe try` does, and follows the commands.
func (d *debugger) run(ctx context.Context) (err error) {
	if d.spec, err = d.load(); err != nil {
		return err
	}
	d.opened = d.spec
	own, err := OutFolder("", d.spec)
	if err != nil {
		return err
	}
	dir, err := d.folder()
	if err != nil {
		return err
	}
	if d.saves, err = WatchFiles(d.spec.Paths()...); err != nil {
		return Exit(ExitEnvironment, err)
	}
	defer func() { _ = d.saves.Close() }()
	s, err := openSandbox(ctx, d.spec, d.secrets.Load(), dir, own, d.std.Err)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	if d.trial, err = d.find(ctx, s); err != nil {
		s.kept = d.Out != ""
		return err
	}
	defer d.trial.Leave()
	known, err := d.known(ctx, d.spec, own)
	if err != nil {
		return err
	}
	if known != nil {
		defer func() { _ = known.Close() }()
		d.trial.Known = known
	}
	if err := d.follow(ctx); !errors.Is(err, errQuit) {
		return err
	}
	return d.last
}

// follow does what is typed, until it is over. The error is errQuit then.
func (d *debugger) follow(ctx context.Context) error {
	if err := d.open(ctx); err != nil {
		return err
	}
	d.tell("commands: step (or Enter), continue, until STEP, back, reload, eval EXPR, target T, keep, page, vars, help, quit")
	d.showNext()
	for {
		line, err := d.line(ctx)
		if err == nil {
			err = d.do(ctx, line)
		}
		if err != nil {
			return err
		}
	}
}

// line waits for a line. A spec that is saved meanwhile counts from then on.
func (d *debugger) line(ctx context.Context) (string, error) {
	for {
		d.in.want()
		select {
		case typed := <-d.in.lines:
			if errors.Is(typed.err, io.EOF) {
				return "", errQuit
			}
			return typed.text, typed.err
		case _, open := <-d.saves.Saved:
			if !open {
				return "", errQuit
			}
			if err := d.reload(ctx, false); err != nil {
				return "", err
			}
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// open opens the page, where it is not.
func (d *debugger) open(ctx context.Context) error {
	ended, err := d.stops.do(ctx, d.trial.Open)
	if ended {
		d.trial.Leave()
		return Exit(ExitInterrupted, errors.New("interrupted"))
	}
	return err
}

// reload takes the spec as it is now: from the step that has changed, where the page can go
// on from there. always says so too where nothing has changed.
func (d *debugger) reload(ctx context.Context, always bool) error {
	spec, err := d.load()
	switch {
	case err != nil:
		d.tell(d.redact(err.Error()) + "\nthe spec is wrong: it stays as it was before")
		return nil
	case spec.Revision == d.spec.Revision && !always:
		return nil
	}
	if err := d.saves.Follow(spec.Paths()...); err != nil {
		return Exit(ExitEnvironment, err)
	}
	if preview.Session(d.opened, spec) {
		d.tell("the login, the browser, the pool or the source has changed: that counts when pipe debug is started anew")
	}
	d.spec, d.over = spec, false
	d.tell("the spec as it is now, " + d.trial.Rewrite(spec))
	if err := d.open(ctx); err != nil {
		return err
	}
	d.showNext()
	return nil
}

func (d *debugger) tell(text string) { d.say(nil, text) }

// showNext tells what comes next, with the values that it has.
func (d *debugger) showNext() {
	path, step := d.trial.Next()
	pos := d.spec.PlaceOf(path)
	var what string
	values := d.spec.Values
	if on := d.trial.Context(); on != nil {
		values = on.Values
	}
	switch {
	case d.over:
		d.tell("the item is done; back begins it again, quit ends")
		return
	case step != nil:
		pos, what = step.Pos, step.Told(values)
		if step.Name != "" {
			path += fmt.Sprintf(" %q", step.Name)
		}
	case path == preview.TrialHome:
		if what = "home is the page as it is"; !d.spec.Navigate.Home.URL.Empty() {
			what = d.spec.Navigate.Home.URL.Raw()
			if text, err := d.spec.Navigate.Home.URL.Text(values); err == nil {
				what = "goto " + text
			}
		}
	default:
		what = "what is on record of the item, from the page and its files"
	}
	// Cut after its secrets are out: a part of one is none that is known.
	d.tell(fmt.Sprintf("next  %s  %s\n      %s", d.redact(path), pos, document.Shorten(d.redact(what), toldMost)))
}

// toldMost is how many bytes are told of what comes next.
const toldMost = 500
