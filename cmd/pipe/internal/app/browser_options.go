package app

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"

	"pipe/pipeline"
	"pipe/pipeline/browser"
	"pipe/pipeline/capture"
	"pipe/pipeline/client"
	"pipe/pipeline/htmlpage"
	"pipe/pipeline/provision"
	"pipe/pipeline/session"
	"pipe/specs"
)

// ProcessesFile is where a run writes down its processes, in its folder.
const ProcessesFile = ".processes.json"

// joinedFile is that of a run that joined another.
const joinedFile = ".processes-%d.json"

// sessionsFolder is where logins are kept, in the output folder.
const sessionsFolder = "sessions"

// refusalsFile is where refused logins are noted, beside those that are kept.
const refusalsFile = "refused.json"

// poolOptions is what a spec says of its pages.
func poolOptions(spec *specs.Spec, dir string, log *slog.Logger) session.Options {
	shots := filepath.Join(dir, "screenshots")
	opts := session.Options{
		Contexts: spec.Pool.Contexts, Pages: spec.Pool.Pages, ContextItems: spec.Pool.Recycle.Context,
		Accounts: pipeline.Accounts(spec), Context: session.ContextOptions(spec), Proxies: len(spec.Browser.Context.Proxy),
		Login: session.Login(spec, shots, log), Resume: session.Resume(spec, shots), Logout: session.Logout(spec, shots, log), Home: session.Home(spec), Visit: session.Visit(spec, shots), Check: session.Check(spec, shots),
		Whenever: session.NewWhenever(spec, shots, log), Loss: session.Loss{URL: session.Lost(spec)},
		Browser: browser.Options{
			Headed: spec.Browser.Headed, Args: spec.Browser.Args, Block: spec.Pool.Block, CloseLimit: spec.Timeouts.Close.Std(),
			Recycle:   browser.Recycle{Items: spec.Pool.Recycle.Browser, Memory: int64(spec.Pool.Recycle.Memory)},
			Downloads: filepath.Join(dir, ".staging"), Processes: filepath.Join(dir, ProcessesFile),
		},
	}
	if l := spec.Login; l != nil {
		opts.Tries, opts.Refusals = l.Tries, filepath.Join(dir, sessionsFolder, refusalsFile)
		if l.Keeps() {
			opts.StateDir = filepath.Join(dir, sessionsFolder)
		}
		if l.Lost != nil {
			opts.Loss.Selectors, opts.Loss.Texts, opts.Loss.Statuses = l.Lost.Selector, l.Lost.Text, l.Lost.Status
		}
	}
	return opts
}

// launchOptions is what a spec says of its pages and its browser, which is
// installed if it is missing; say is told how far that is.
func launchOptions(ctx context.Context, spec *specs.Spec, dir string, log *slog.Logger, say func(string)) (session.Options, error) {
	opts := poolOptions(spec, dir, log)
	path, err := spec.Browser.Path.Text(spec.Values)
	if err != nil {
		return opts, Exit(ExitSpec, err)
	}
	if opts.Browser.Authorities, err = spec.Browser.Context.CA.Text(spec.Values); err != nil {
		return opts, Exit(ExitSpec, err)
	}
	if opts.BaseURL, _, err = spec.Base(); err != nil {
		return opts, Exit(ExitSpec, err)
	}
	if err := checkContexts(spec, &opts); err != nil {
		return opts, err
	}
	if err := provision.Display(); err != nil && spec.Browser.Headed {
		return opts, fmt.Errorf("%w, or leave --headed out", err)
	}
	rt, err := provision.Ensure(ctx, provision.Options{Browser: path, Headed: spec.Browser.Headed, Say: say})
	if err != nil {
		return opts, err
	}
	if spec.Browser.Headed && rt.Shell {
		return opts, fmt.Errorf("%s has no windows: name a chromium or chrome for --headed", rt.Browser)
	}
	log.Debug("browser", "path", rt.Browser, "version", rt.BrowserVersion, "driver", rt.DriverDir)
	opts.Browser.DriverDir, opts.Browser.Node, opts.Browser.Executable, opts.Browser.Log = rt.Launcher.Dir, rt.Launcher.Node, rt.Browser, log
	return opts, nil
}

// launchPool starts the browser, and waits until it is there.
func launchPool(ctx context.Context, opts session.Options) (*session.Pool, error) {
	return session.Launch(ctx, withCaptures(opts))
}

// withCaptures adds what takes the files of the browser's pages.
func withCaptures(opts session.Options) session.Options {
	captures := capture.New(opts.Browser.Block)
	opts.Browser.Extension = captures
	opts.Capture = func(ctx context.Context, page *browser.Page, lent *session.Page) (session.Capture, error) {
		return captures.Attach(ctx, page, lent)
	}
	opts.Static = func(of session.StaticSession) (session.StaticPage, session.Capture) {
		page := htmlpage.New(of, opts.BaseURL)
		return page, capture.NewStatic(page, of)
	}
	return opts
}

// checkContexts finds what is wrong with browser.context, for each account and
// each proxy, before anything is asked of the site.
func checkContexts(spec *specs.Spec, opts *session.Options) error {
	for account := range max(1, len(opts.Accounts)) {
		for turn := range max(1, len(spec.Browser.Context.Proxy)) {
			of, err := opts.Context(account, turn)
			if err == nil {
				err = client.CheckContext(of)
			}
			if err != nil {
				return Exit(ExitSpec, fmt.Errorf("%s: browser.context: %w", spec.File, err))
			}
		}
	}
	return nil
}

// sweep ends what a run of this folder left that died; the folder is locked.
func sweep(ctx context.Context, dir string, log *slog.Logger) {
	files, err := filepath.Glob(filepath.Join(dir, ".processes*.json"))
	if err != nil {
		return // the folder's name is no pattern
	}
	for _, file := range files {
		n, err := browser.EndLeftProcesses(ctx, file)
		if n > 0 {
			log.Info("ended what a run that died has left", "processes", n)
		}
		if err != nil {
			log.Warn("what a run that died has left could not be ended", "error", err)
		}
	}
}
