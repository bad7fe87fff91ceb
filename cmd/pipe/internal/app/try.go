package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"pipe/pipeline/ledger"
	"pipe/pipeline/preview"
	"pipe/pipeline/provision"
	"pipe/specs"
)

// TryOptions are what `pipe try` takes.
type TryOptions struct {
	SpecOptions
	Item, Until, Out, Shots             string
	KeepOpen, Headless, NoBlock, AsJSON bool
	// Once has the trial do what is done once for an item.
	Once bool
}

// load reads the spec as it is now.
func (x *try) load() (*specs.Spec, error) {
	spec, secrets, err := x.Load(x.path)
	if secrets != nil {
		x.secrets.Store(secrets)
	}
	if err != nil {
		return nil, err
	}
	if x.NoBlock {
		spec.Pool.Block = nil
	}
	spec.Browser.Headed = !x.Headless && provision.Display() == nil
	if err := preview.CheckUntil(spec, x.Until); err != nil {
		return nil, Exit(ExitSpec, fmt.Errorf("--until: %w", err))
	}
	return spec, nil
}

// folder makes the folder to try in, which must be no spec's own.
func (x *try) folder() (string, error) {
	if x.Out == "" {
		dir, err := os.MkdirTemp("", "pipe-try-*")
		return dir, exitEnvironment(err)
	}
	if _, err := os.Stat(LedgerPath(x.Out)); err == nil {
		return "", Exit(ExitSpec, fmt.Errorf("--out: %s holds what runs have brought home: name another folder to try in", x.Out))
	}
	return x.Out, nil
}

// TryItem is `pipe try`.
func TryItem(ctx context.Context, path string, f TryOptions, std Std) error {
	x := &try{TryOptions: f, path: path, std: std}
	err := untilInterrupted(ctx, x.run)
	if secrets := x.secrets.Load(); secrets != nil {
		err = RedactError(err, secrets)
	}
	return err
}

func (x *try) run(ctx context.Context) (err error) {
	spec, err := x.load()
	if err != nil {
		return err
	}
	own, err := OutFolder("", spec)
	if err != nil {
		return err
	}
	dir, err := x.folder()
	if err != nil {
		return err
	}
	saves, err := WatchFiles(spec.Paths()...)
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	defer func() { _ = saves.Close() }()
	s, err := openSandbox(ctx, spec, x.secrets.Load(), dir, own, x.std.Err)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	trial, err := x.find(ctx, s)
	if err != nil {
		s.kept = x.Out != ""
		return x.withLook(spec, err)
	}
	defer trial.Leave()
	known, err := x.known(ctx, spec, own)
	if err != nil {
		return err
	}
	if trial.Once = x.Once; known != nil {
		defer func() { _ = known.Close() }()
		trial.Known = known
	}
	x.spec = spec
	return x.withLook(spec, x.each(ctx, trial, spec, saves))
}

// known opens what runs have on record, where the spec has steps done once; nil for
// nothing.
func (x *try) known(ctx context.Context, spec *specs.Spec, dir string) (*ledger.Ledger, error) {
	if !hasOnce(spec) {
		return nil, nil
	}
	return readLedger(ctx, dir)
}

// find finds the item.
func (x *try) find(ctx context.Context, s *sandbox) (*preview.Trial, error) {
	x.say(map[string]any{"folder": s.dir, "item": x.Item}, fmt.Sprintf("%s, item %s, into %s", s.spec.Name, x.Item, s.dir))
	cfg := s.config()
	cfg.Redact = x.redact
	report := x.report()
	cfg.Observer = sourceFound(func(what string) { report(preview.StepReport{Step: "source", Note: what}) })
	trial, err := preview.NewTrial(ctx, cfg, x.Item, report)
	var none *preview.NoItemError
	if errors.As(err, &none) {
		return nil, Exit(ExitSpec, err)
	}
	if err != nil {
		return nil, err
	}
	trial.Until = x.Until
	if x.Shots != "" {
		trial.Picture = (&pictures{dir: x.Shots}).keep
	}
	return trial, nil
}

// each does the item, and with --keep-open again whenever the spec is saved, or a
// file that it includes. It ends as the last go did.
func (x *try) each(ctx context.Context, trial *preview.Trial, opened *specs.Spec, saves *FileWatcher) error {
	for {
		result, err := trial.Run(ctx)
		if err != nil {
			return err
		}
		last := x.result(result)
		if !x.KeepOpen {
			return last
		}
		spec, ok := x.next(ctx, saves)
		if !ok {
			return last
		}
		if preview.Session(opened, spec) {
			x.say(map[string]any{"session": "as it was opened"}, "the login, the browser, the pool or the source has changed: that counts when pipe try is started anew")
		}
		from := trial.Rewrite(spec)
		x.spec = spec
		x.say(map[string]any{"again": from}, "again, "+from)
	}
}

// next waits for a spec that loads; false when it is to end.
func (x *try) next(ctx context.Context, saves *FileWatcher) (*specs.Spec, bool) {
	for {
		x.say(map[string]any{"watching": x.path}, "watching "+x.path+": save it to go again, Ctrl-C to end")
		select {
		case _, open := <-saves.Saved:
			if !open {
				return nil, false
			}
		case <-ctx.Done():
			return nil, false
		}
		spec, err := x.load()
		if err == nil {
			err = saves.Follow(spec.Paths()...)
		}
		if err == nil {
			return spec, true
		}
		text := x.redact(err.Error())
		x.say(map[string]any{"wrong": text}, text+"\nthe spec is wrong, the session stays")
	}
}
