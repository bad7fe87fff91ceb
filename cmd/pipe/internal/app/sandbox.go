package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/engine"
	"pipe/pipeline/session"
	"pipe/pipeline/source/file"
	"pipe/specs"
	"pipe/specs/secret"
	"pipe/steps"
)

// sandbox is where a spec is tried: a folder of its own, a browser, one context
// an account. Of the spec's output folder it reads the logins that are kept, and
// writes nothing.
type sandbox struct {
	spec    *specs.Spec
	secrets *secret.Store
	dir     string
	store   *artifact.Store
	pool    *session.Pool
	log     *slog.Logger
	say     func(string)
	sandboxHooks
	// kept is true for a folder that is the user's to look at.
	kept bool
}

// sandboxHooks are who is told of what a sandbox does.
type sandboxHooks struct {
	// configure, if set, is given the contexts of all steps.
	configure func(*steps.StepContext)
	// loginFailed, if set, is given the page of a login that failed, which is still as that
	// has left it. The login is not tried again then.
	loginFailed func(ctx context.Context, page playwright.Page, err error)
}

// openSandbox makes the folder, a temporary one for "", and starts the browser.
// out is the spec's own output folder.
func openSandbox(ctx context.Context, spec *specs.Spec, secrets *secret.Store, dir, out string, to io.Writer) (*sandbox, error) {
	return openWatchedSandbox(ctx, spec, secrets, dir, out, to, sandboxHooks{})
}

// openWatchedSandbox is openSandbox with somebody told of what it does.
func openWatchedSandbox(ctx context.Context, spec *specs.Spec, secrets *secret.Store, dir, out string, to io.Writer, hooks sandboxHooks) (*sandbox, error) {
	s := &sandbox{spec: spec, secrets: secrets, kept: dir != "", sandboxHooks: hooks}
	var err error
	if dir == "" {
		dir, err = os.MkdirTemp("", "pipe-*")
	} else {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return nil, Exit(ExitEnvironment, fmt.Errorf("making a folder to try in: %w", err))
	}
	s.dir = dir
	clean := redacted{to, secrets}
	s.log = slog.New(slog.NewTextHandler(clean, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s.say = func(line string) { fmt.Fprintln(clean, line) }
	if s.store, err = artifact.Open(ctx, dir, artifact.Options{}); err == nil {
		s.pool, err = s.launch(ctx, out)
	}
	if err != nil {
		if ctx.Err() != nil {
			err = Exit(ExitInterrupted, errors.New("interrupted"))
		} else if !isSpecFault(err) {
			err = Exit(ExitEnvironment, err)
		}
		return nil, errors.Join(err, s.close(ctx))
	}
	return s, nil
}

func (s *sandbox) launch(ctx context.Context, out string) (*session.Pool, error) {
	opts, err := launchOptions(ctx, s.spec, s.dir, s.log, s.say)
	if err != nil {
		return nil, err
	}
	opts.Contexts, opts.Pages, opts.Frozen, opts.Redact = max(1, len(opts.Accounts)), 1, true, s.secrets.Redact
	opts.Configure = s.configure
	if s.loginFailed != nil {
		opts.Tries = 1
		opts.OnLoginFailed = func(ctx context.Context, page playwright.Page, _ string, err error) { s.loginFailed(ctx, page, err) }
	}
	if opts.Refusals != "" {
		opts.Refusals = filepath.Join(out, sessionsFolder, refusalsFile)
	}
	if opts.StateDir != "" {
		opts.StateDir = filepath.Join(out, sessionsFolder)
	}
	opts.Report = func(e pipeline.Event) {
		if e.Kind == pipeline.LoggedIn {
			s.say("logged in, " + e.AccountName)
		}
	}
	return launchPool(ctx, opts)
}

// config is what the engine needs of it.
func (s *sandbox) config() engine.Config {
	return engine.Config{
		Spec: s.spec, Store: s.store, Pages: s.pool, ReadRows: file.Read, Redact: s.secrets.Redact, Dir: s.dir, Log: s.log, Configure: s.configure,
	}
}

// close logs out where the spec says so, closes the browser, and removes the
// folder unless it is the user's.
func (s *sandbox) close(ctx context.Context) error {
	var err error
	if s.pool != nil {
		err = s.pool.Close(context.WithoutCancel(ctx))
	}
	if s.store != nil {
		err = errors.Join(err, s.store.Close())
	}
	if !s.kept {
		err = errors.Join(err, os.RemoveAll(s.dir))
	}
	return err
}
