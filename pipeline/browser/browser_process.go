package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// start starts a browser on the driver, which it enters.
func (s *Supervisor) start(ctx context.Context, d *driver) (*Browser, error) {
	b := &Browser{supervisor: s, driver: d, tasks: newTasks(), pages: map[*Page]bool{}}
	b.contexts = newRefcount(func() { s.closeUnused(b) })
	b.life, b.end = context.WithCancelCause(d.life)
	d.browsers.enter()
	if err := b.launch(ctx, s.opts); err != nil {
		// ctx may be over already, and the process must go all the same.
		return nil, errors.Join(err, b.close(context.WithoutCancel(ctx)))
	}
	return b, nil
}

func (b *Browser) launch(ctx context.Context, opts Options) error {
	no := false
	limit := float64(launchLimit.Milliseconds())
	headless := !opts.Headed
	launch := playwright.BrowserTypeLaunchOptions{
		Headless: &headless, Args: switches(opts), Timeout: &limit,
		// Ctrl-C is the run's to handle: it finishes what is in hand.
		HandleSIGINT: &no, HandleSIGTERM: &no, HandleSIGHUP: &no,
	}
	if opts.Executable != "" {
		launch.ExecutablePath = &opts.Executable
	}
	launch.DownloadsPath = &opts.Downloads
	var err error
	b.pw, err = steps.CallWithin(ctx, launchLimit, "starting the browser", func() (playwright.Browser, error) { return b.driver.pw.Chromium.Launch(launch) })
	if err != nil {
		return err
	}
	b.pw.OnDisconnected(func(playwright.Browser) { b.Kill() })
	cdp, err := steps.CallWithin(ctx, CallLimit, "opening the browser's DevTools session", b.pw.NewBrowserCDPSession)
	if err != nil {
		return err
	}
	b.CDP = &CDPSession{CDPSession: cdp, start: b.Go}
	if b.process, err = record(ctx, b.processID(ctx)); err != nil {
		opts.Log.DebugContext(ctx, "the browser's process is not known", "error", err)
	} else if b.driver.process.PID == 0 {
		b.driver.found(ctx, b.process.PID)
	}
	if opts.Extension == nil {
		return nil
	}
	return opts.Extension.BrowserStarted(ctx, b)
}

// switches is the browser's command line beside Playwright's own.
func switches(opts Options) []string {
	args := []string{
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--no-first-run", "--disable-quic", "--disable-domain-reliability", "--disable-client-side-phishing-detection",
	}
	if runtime.GOOS == "linux" && os.Geteuid() == 0 {
		// Chromium refuses to run as root with its sandbox.
		args = append(args, "--no-sandbox")
	}
	if slices.Contains(opts.Block, "image") {
		args = append(args, "--blink-settings=imagesEnabled=false")
	}
	if slices.Contains(opts.Block, "font") {
		args = append(args, "--disable-remote-fonts")
	}
	return append(args, opts.Args...)
}

// processID asks the browser for its own process, to end it should it hang.
func (b *Browser) processID(ctx context.Context) int32 {
	answer, err := b.CDP.Command(ctx, "SystemInfo.getProcessInfo", map[string]any{})
	if err != nil {
		return 0
	}
	processes, _ := answer["processInfo"].([]any)
	for _, p := range processes {
		if info := Fields(p); info["type"] == "browser" {
			return int32(Number(info["id"])) //nolint:gosec // a process's number
		}
	}
	return 0
}

// close ends the browser within the limit, and lets go of the driver. A second
// time it does nothing.
func (b *Browser) close(ctx context.Context) (failed error) {
	b.shut.Do(func() {
		defer b.driver.browsers.exit()
		defer b.tasks.wait()
		wasAlive := b.pw != nil && b.Alive()
		b.Kill()
		if wasAlive {
			failed = steps.DoWithin(ctx, b.CloseLimit(), "closing the browser", func() error { return b.pw.Close() })
		}
		if wasAlive && failed == nil {
			return
		}
		if err := endProcessTrees(context.WithoutCancel(ctx), b.process); err != nil {
			failed = fmt.Errorf("closing the browser: %w", errors.Join(failed, err))
			return
		}
		failed = nil
	})
	return failed
}
