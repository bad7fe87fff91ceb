package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/provision"
	"pipe/pipeline/session"
	"pipe/specs"
	"pipe/specs/secret"
)

// LoginOptions are what `pipe login` takes.
type LoginOptions struct {
	SpecOptions
	// Account is the one to log in; "" is all.
	Account string
	// Out is the output folder; "" is out/NAME.
	Out      string
	Headless bool
	// Wait is how long each login may take.
	Wait time.Duration
}

// LogIn is `pipe login`.
func LogIn(ctx context.Context, path string, f LoginOptions, std Std) error {
	spec, secrets, err := f.Load(path)
	if err == nil {
		err = untilInterrupted(ctx, func(ctx context.Context) error { return f.logIn(ctx, spec, secrets, std) })
	}
	return RedactError(err, secrets)
}

// logIn logs in what the flags name, one session after the other.
func (f LoginOptions) logIn(ctx context.Context, spec *specs.Spec, secrets *secret.Store, std Std) error {
	only, err := f.check(spec)
	if err != nil {
		return Exit(ExitSpec, err)
	}
	dir, err := OutFolder(f.Out, spec)
	if err != nil {
		return err
	}
	pool, unlock, err := f.launch(ctx, spec, dir, redacted{std.Out, secrets})
	if err != nil {
		return err
	}
	failed := f.each(ctx, pool, only, f.words(spec, dir), std)
	return exitEnvironment(errors.Join(failed, pool.Close(context.WithoutCancel(ctx)), unlock()))
}

// check tells whether the spec has a login that can be kept, and which account
// is meant; -1 is all.
func (f LoginOptions) check(spec *specs.Spec) (int, error) {
	switch {
	case spec.Login == nil:
		return 0, errors.New("the spec has no login")
	case !spec.Login.Keeps():
		return 0, errors.New("the spec keeps no logins, by login.keep or for its login.logout: there is nothing to log in for ahead of a run")
	case session.Resume(spec, "") == nil:
		return 0, errors.New("a login that is kept must be tried before it is trusted: give the spec a login.check or a navigate.home")
	case f.Account == "":
		return -1, nil
	}
	return pipeline.AccountNamed(spec, f.Account)
}

// launch opens the folder and the browser; unlock gives the folder back.
func (f LoginOptions) launch(ctx context.Context, spec *specs.Spec, dir string, out io.Writer) (pool *session.Pool, unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // the folder is the user's to share
		return nil, nil, fmt.Errorf("making the output folder: %w", err)
	}
	unlock, alone, err := takeAlone(ctx, dir)
	switch {
	case err != nil:
		return nil, nil, err
	case !alone:
		return nil, nil, fmt.Errorf("a run is at work in %s and has the sessions: wait for its end, or stop it", relative(dir))
	}
	if pool, err = f.open(ctx, spec, dir, out); err != nil {
		return nil, nil, errors.Join(err, unlock())
	}
	return pool, unlock, nil
}

func (f LoginOptions) open(ctx context.Context, spec *specs.Spec, dir string, out io.Writer) (*session.Pool, error) {
	path, err := spec.Browser.Path.Text(spec.Values)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(out, nil))
	opts := poolOptions(spec, dir, log)
	if opts.BaseURL, _, err = spec.Base(); err != nil {
		return nil, Exit(ExitSpec, err)
	}
	if err := checkContexts(spec, &opts); err != nil {
		return nil, err
	}
	if err := provision.Display(); err != nil && !f.Headless {
		return nil, fmt.Errorf("%w, or use --headless where the steps log in by themselves", err)
	}
	say := func(line string) { fmt.Fprintln(out, line) }
	rt, err := provision.Ensure(ctx, provision.Options{Browser: path, Headed: !f.Headless, Say: say})
	if err != nil {
		return nil, err
	}
	// What a run that was killed has left may hold the sessions.
	if _, err := browser.EndLeftProcesses(ctx, opts.Browser.Processes); err != nil {
		say(err.Error())
	}
	opts.Browser.DriverDir, opts.Browser.Node, opts.Browser.Executable, opts.Browser.Headed = rt.Launcher.Dir, rt.Launcher.Node, rt.Browser, !f.Headless
	// A person may need the pictures, and has one go.
	opts.Browser.Block, opts.Pages, opts.Tries, opts.TryRefused = nil, 1, 1, true
	opts.Browser.Log = log
	if len(opts.Accounts) == 0 {
		opts.Accounts = []pipeline.Account{{ID: "default", Name: "the account"}}
	}
	opts.Login = session.LoginByHand(spec, filepath.Join(dir, "screenshots"), f.Wait, func(account int, line string) {
		say(fmt.Sprintf("%s: %s", opts.Accounts[account].Name, line))
	})
	return launchPool(ctx, opts)
}

// each logs in one session after the other: a person has one keyboard. One that
// fails leaves the others their turn.
func (f LoginOptions) each(ctx context.Context, pool *session.Pool, only int, words string, std Std) error {
	var todo []int
	for i, w := range pool.Workers() {
		if only < 0 || w.Account == only {
			todo = append(todo, i)
		}
	}
	if len(todo) == 0 {
		return errors.New("pool.contexts is lower than the number of accounts, and none is this one's: use contexts_per_account")
	}
	var failed error
	done := 0
	for _, i := range todo {
		page, err := pool.Open(ctx, i)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		page.Done()
		done++
		fmt.Fprintf(std.Out, "logged in, %d of %d, and kept for `pipe run %s`\n", done, len(todo), words)
	}
	if failed != nil {
		return fmt.Errorf("%w\n%d of %d are logged in: the same command tries the rest again; --wait gives more time, and --account NAME does one alone", failed, done, len(todo))
	}
	return nil
}
