package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/provision"
	"pipe/pipeline/session"
	"pipe/specs"
)

// loginFlags are what `pipe login` takes.
type loginFlags struct {
	reading
	account, out string
	headless     bool
	wait         time.Duration
}

func loginCommand(io streams) *cobra.Command {
	var f loginFlags
	cmd := &cobra.Command{
		Use:   "login SPEC",
		Short: "Log in with a window, for a person to pass a captcha or a second factor, and keep the login",
		Long: "Runs the login steps of a spec in a browser with a window, waits until login.success holds,\n" +
			"whoever brings that about, and keeps the login in sessions/ of the output folder, where\n" +
			"`pipe run` finds it. A login that is kept already and still holds is left alone.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			spec, secrets, err := f.load(args[0])
			if err == nil {
				err = f.logIn(ctx, spec, secrets, io)
			}
			if err != nil && ctx.Err() != nil {
				err = exit(ExitInterrupted, errors.New("interrupted"))
			}
			return redactError(err, secrets)
		},
	}
	specFlags(cmd, &f.reading)
	cmd.Flags().StringVar(&f.account, "account", "", "log in this account only, by its `NAME`")
	cmd.Flags().StringVar(&f.out, "out", "", "the output `FOLDER`; default out/NAME")
	cmd.Flags().BoolVar(&f.headless, "headless", false, "without a window, where the steps do it alone")
	cmd.Flags().DurationVar(&f.wait, "wait", 10*time.Minute, "how long each login may take")
	return cmd
}

// logIn logs in what the flags name, one session after the other.
func (f loginFlags) logIn(ctx context.Context, spec *specs.Spec, secrets *specs.Secrets, io streams) error {
	only, err := f.check(spec)
	if err != nil {
		return exit(ExitSpec, err)
	}
	dir, err := outFolder(f.out, spec)
	if err != nil {
		return err
	}
	pool, unlock, err := f.launch(ctx, spec, dir, redacted{io.out, secrets})
	if err != nil {
		return exit(codeOfRun(err), err)
	}
	failed := f.each(ctx, spec, pool, only, io)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancel()
	return exitIf(ExitEnvironment, errors.Join(failed, pool.Close(last), unlock()))
}

func exitIf(code int, err error) error {
	if err == nil {
		return nil
	}
	return exit(code, err)
}

// check tells whether the spec has a login that can be kept, and which account
// is meant; -1 is all.
func (f loginFlags) check(spec *specs.Spec) (int, error) {
	switch {
	case spec.Login == nil:
		return 0, errors.New("the spec has no login")
	case !spec.Login.Keeps():
		return 0, errors.New("the spec keeps no logins, by login.keep or for its login.logout: there is nothing to log in for ahead of a run")
	case session.Resume(spec, "") == nil:
		return 0, errors.New("a login that is kept must be tried before it is trusted: give the spec a login.check or a navigate.home")
	case f.account == "":
		return -1, nil
	}
	return pipeline.AccountNamed(spec, f.account)
}

// launch opens the folder and the browser; unlock gives the folder back.
func (f loginFlags) launch(ctx context.Context, spec *specs.Spec, dir string, out io.Writer) (pool *browser.Pool, unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // the folder is the user's to share
		return nil, nil, fmt.Errorf("making the output folder: %w", err)
	}
	lock := flock.New(filepath.Join(dir, lockFile))
	if locked, err := lock.TryLock(); err != nil || !locked {
		return nil, nil, errors.Join(err, fmt.Errorf("a run is at work in %s and has the sessions: wait for its end, or stop it", relative(dir)))
	}
	if pool, err = f.open(ctx, spec, dir, out); err != nil {
		return nil, nil, errors.Join(err, lock.Unlock())
	}
	return pool, lock.Unlock, nil
}

func (f loginFlags) open(ctx context.Context, spec *specs.Spec, dir string, out io.Writer) (*browser.Pool, error) {
	path, err := spec.Browser.Path.Text(spec.Values)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(out, nil))
	opts := poolOptions(spec, dir, log)
	if err := checkContexts(spec, &opts); err != nil {
		return nil, err
	}
	if opts.BaseURL, err = spec.BaseURL.Text(spec.Values); err != nil {
		return nil, err
	}
	if err := provision.Display(); err != nil && !f.headless {
		return nil, fmt.Errorf("%w, or use --headless where the steps log in by themselves", err)
	}
	say := func(line string) { fmt.Fprintln(out, line) }
	rt, err := provision.Ensure(ctx, provision.Options{Browser: path, Headed: !f.headless, Say: say})
	if err != nil {
		return nil, err
	}
	// What a run that was killed has left may hold the sessions.
	if _, err := browser.Sweep(ctx, opts.Browser.Processes); err != nil {
		say(err.Error())
	}
	opts.Browser.DriverDir, opts.Browser.Node, opts.Browser.Executable, opts.Browser.Headed = rt.DriverDir, rt.Node, rt.Browser, !f.headless
	// A person may need the pictures, and has one go.
	opts.Browser.Block, opts.Pages, opts.Tries = nil, 1, 1
	opts.Browser.Log = log
	if len(opts.Accounts) == 0 {
		opts.Accounts = []pipeline.Account{{ID: "default", Name: "the account"}}
	}
	opts.Login = session.LoginByHand(spec, filepath.Join(dir, "screenshots"), f.wait, func(account int, line string) {
		say(fmt.Sprintf("%s: %s", opts.Accounts[account].Name, line))
	})
	return launchPool(ctx, opts)
}

// each logs in one session after the other: a person has one keyboard. One that
// fails leaves the others their turn.
func (f loginFlags) each(ctx context.Context, spec *specs.Spec, pool *browser.Pool, only int, io streams) error {
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
		fmt.Fprintf(io.out, "logged in, %d of %d, and kept for `pipe run %s`\n", done, len(todo), spec.Argument())
	}
	if failed != nil {
		return fmt.Errorf("%w\n%d of %d are logged in: the same command tries the rest again; --wait gives more time, and --account NAME does one alone", failed, done, len(todo))
	}
	return nil
}
