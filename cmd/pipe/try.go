package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"pipe/pipeline/preview"
	"pipe/pipeline/provision"
	"pipe/specs"
)

// tryFlags are what `pipe try` takes.
type tryFlags struct {
	reading
	item, until, out, shots             string
	keepOpen, headless, noBlock, asJSON bool
}

func tryCommand(io streams) *cobra.Command {
	var f tryFlags
	cmd := &cobra.Command{
		Use:   "try SPEC --item KEY",
		Short: "Do one item now, telling each step, into a folder apart",
		Long: "Does one item for real, with a window where there is a display, and tells each step with its time\n" +
			"and what it found. Files and the record go to a folder apart, not to the spec's own: what is on\n" +
			"record there stays as it is. Logins that are kept serve, and none is added.\n\n" +
			"With --keep-open the session stays, and the item is done again whenever the spec is saved, or a file\n" +
			"that it includes: from the first step that has changed where the page can go on from there, else from\n" +
			"the start. Ctrl-C ends it.\n\n" +
			"Exits with 1 when the item failed, and with 2 when a selector resolves to nothing.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			x := &trying{tryFlags: f, path: args[0], io: io}
			err := x.run(ctx)
			switch {
			case err != nil && ctx.Err() != nil && !errors.Is(err, errQuiet):
				err = exit(ExitInterrupted, errors.New("interrupted"))
			case err != nil && codeOf(err) == ExitSpec && !isSpecFault(err):
				err = exit(ExitEnvironment, err)
			}
			if secrets := x.secrets.Load(); secrets != nil {
				err = redactError(err, secrets)
			}
			return err
		},
	}
	specFlags(cmd, &f.reading)
	flags := cmd.Flags()
	flags.StringVar(&f.item, "item", "", "the item's `KEY`")
	flags.StringVar(&f.until, "until", "", "go no further than this `STEP`, by its path such as navigate.steps[2] or its name")
	flags.StringVar(&f.shots, "screenshots", "", "keep a picture of the page after each step in this `FOLDER`; secrets are covered")
	flags.BoolVar(&f.keepOpen, "keep-open", false, "keep the session, and go again whenever the spec, or a file that it includes, is saved")
	flags.BoolVar(&f.headless, "headless", false, "show no window")
	flags.BoolVar(&f.noBlock, "no-block", false, "load images, fonts, media and styles whatever pool.block says")
	flags.StringVar(&f.out, "out", "", "the `FOLDER` for files and pictures; default a temporary one")
	flags.BoolVar(&f.asJSON, "json", false, "tell what happens as lines of JSON")
	_ = cmd.MarkFlagRequired("item")
	return cmd
}

// load reads the spec as it is now.
func (x *trying) load() (*specs.Spec, error) {
	spec, secrets, err := x.reading.load(x.path)
	if secrets != nil {
		x.secrets.Store(secrets)
	}
	if err != nil {
		return nil, err
	}
	if x.noBlock {
		spec.Pool.Block = nil
	}
	spec.Browser.Headed = !x.headless && provision.Display() == nil
	if err := preview.CheckUntil(spec, x.until); err != nil {
		return nil, exit(ExitSpec, fmt.Errorf("--until: %w", err))
	}
	return spec, nil
}

// folder makes the folder to try in, which must be no spec's own.
func (x *trying) folder() (string, error) {
	if x.out == "" {
		dir, err := os.MkdirTemp("", "pipe-try-*")
		return dir, exitIf(ExitEnvironment, err)
	}
	if _, err := os.Stat(ledgerPath(x.out)); err == nil {
		return "", exit(ExitSpec, fmt.Errorf("--out: %s holds what runs have brought home: name another folder to try in", x.out))
	}
	return x.out, nil
}

func (x *trying) run(ctx context.Context) (err error) {
	spec, err := x.load()
	if err != nil {
		return err
	}
	own, err := outFolder("", spec)
	if err != nil {
		return err
	}
	dir, err := x.folder()
	if err != nil {
		return err
	}
	saves, err := watchFiles(spec.Paths()...)
	if err != nil {
		return exit(ExitEnvironment, err)
	}
	defer func() { _ = saves.close() }()
	s, err := openScratch(ctx, spec, x.secrets.Load(), dir, own, x.io.err)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	trial, err := x.find(ctx, s)
	if err != nil {
		s.kept = x.out != ""
		return err
	}
	defer trial.Leave()
	return x.each(ctx, trial, spec, saves)
}

// find finds the item.
func (x *trying) find(ctx context.Context, s *scratch) (*preview.Trial, error) {
	x.tell(map[string]any{"folder": s.dir, "item": x.item}, fmt.Sprintf("%s, item %s, into %s", s.spec.Name, x.item, s.dir))
	cfg := s.config()
	cfg.Redact = x.redact
	trial, err := preview.NewTrial(ctx, cfg, x.item, x.report())
	var none *preview.NoItemError
	if errors.As(err, &none) {
		return nil, exit(ExitSpec, err)
	}
	if err != nil {
		return nil, err
	}
	trial.Until = x.until
	if x.shots != "" {
		trial.Picture = x.keepPicture
	}
	return trial, nil
}

// each does the item, and with --keep-open again whenever the spec is saved, or a
// file that it includes. It ends as the last go did.
func (x *trying) each(ctx context.Context, trial *preview.Trial, opened *specs.Spec, saves *watch) error {
	for {
		result, err := trial.Run(ctx)
		if err != nil {
			return err
		}
		last := x.result(result)
		if !x.keepOpen {
			return last
		}
		spec, ok := x.next(ctx, saves)
		if !ok {
			return last
		}
		if preview.Session(opened, spec) {
			x.tell(map[string]any{"session": "as it was opened"}, "the login, the browser, the pool or the source has changed: that counts when pipe try is started anew")
		}
		from := trial.Rewrite(spec)
		x.tell(map[string]any{"again": from}, "again, "+from)
	}
}

// next waits for a spec that loads; false when it is to end.
func (x *trying) next(ctx context.Context, saves *watch) (*specs.Spec, bool) {
	for {
		x.tell(map[string]any{"watching": x.path}, "watching "+x.path+": save it to go again, Ctrl-C to end")
		select {
		case _, open := <-saves.saved:
			if !open {
				return nil, false
			}
		case <-ctx.Done():
			return nil, false
		}
		spec, err := x.load()
		if err == nil {
			err = saves.follow(spec.Paths()...)
		}
		if err == nil {
			return spec, true
		}
		text := x.redact(err.Error())
		x.tell(map[string]any{"wrong": text}, text+"\nthe spec is wrong, the session stays")
	}
}
