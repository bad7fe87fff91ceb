package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"
)

// launchLimit is how long a browser may take to start, on a busy machine too.
const launchLimit = 90 * time.Second

// callLimit is for calls that the browser answers at once when it is well.
const callLimit = 30 * time.Second

// machine is one driver process with one browser, alive or dead as a whole.
type machine struct {
	pw      *playwright.Playwright
	browser playwright.Browser
	tap     *tap
	// pid is the browser's process, 0 when it is not known.
	pid  int
	dead chan struct{}
	die  sync.Once
}

func (m *machine) kill() { m.die.Do(func() { close(m.dead) }) }

func (m *machine) alive() bool {
	select {
	case <-m.dead:
		return false
	default:
		return m.browser.IsConnected()
	}
}

// start starts the driver, the browser and the tap.
func start(ctx context.Context, opts Options) (*machine, error) {
	if opts.Node != "" {
		// The driver's library takes the node to use from here alone.
		if err := os.Setenv("PLAYWRIGHT_NODEJS_PATH", opts.Node); err != nil {
			return nil, fmt.Errorf("starting the driver: %w", err)
		}
	}
	m := &machine{dead: make(chan struct{})}
	var err error
	m.pw, err = within(ctx, launchLimit, "starting the driver", func() (*playwright.Playwright, error) {
		return playwright.Run(&playwright.RunOptions{
			DriverDirectory: opts.DriverDir, SkipInstallBrowsers: true, Stdout: io.Discard, Stderr: io.Discard, Logger: slog.New(slog.DiscardHandler),
		})
	})
	if err != nil {
		return nil, err
	}
	if err := m.launch(ctx, opts); err != nil {
		// ctx may be over already, and the processes must go all the same.
		return nil, errors.Join(err, m.close(context.WithoutCancel(ctx), opts.CloseLimit))
	}
	return m, nil
}

func (m *machine) launch(ctx context.Context, opts Options) error {
	no := false
	limit := float64(launchLimit.Milliseconds())
	headless := !opts.Headed
	launch := playwright.BrowserTypeLaunchOptions{
		Headless: &headless, Args: switches(opts), Timeout: &limit,
		// Ctrl-C is the run's to handle: it finishes what is in hand.
		HandleSIGINT: &no, HandleSIGTERM: &no, HandleSIGHUP: &no,
	}
	if opts.Browser != "" {
		launch.ExecutablePath = &opts.Browser
	}
	if opts.Downloads != "" {
		launch.DownloadsPath = &opts.Downloads
	}
	var err error
	m.browser, err = within(ctx, launchLimit, "starting the browser", func() (playwright.Browser, error) { return m.pw.Chromium.Launch(launch) })
	if err != nil {
		return err
	}
	m.browser.OnDisconnected(func(playwright.Browser) { m.kill() })
	cdp, err := within(ctx, callLimit, "opening the browser's DevTools session", m.browser.NewBrowserCDPSession)
	if err != nil {
		return err
	}
	m.pid = processID(ctx, cdp)
	m.tap, err = newTap(ctx, cdp, opts)
	return err
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
func processID(ctx context.Context, cdp playwright.CDPSession) int {
	answer, err := within(ctx, callLimit, "asking for the browser's process", func() (any, error) {
		return cdp.Send("SystemInfo.getProcessInfo", map[string]any{})
	})
	if err != nil {
		return 0
	}
	processes, _ := fieldsOf(answer)["processInfo"].([]any)
	for _, p := range processes {
		if info := fieldsOf(p); info["type"] == "browser" {
			return number(info["id"])
		}
	}
	return 0
}

// close ends the browser and the driver, each within the limit.
func (m *machine) close(ctx context.Context, limit time.Duration) error {
	defer m.kill()
	var failed error
	if m.browser != nil {
		_, err := within(ctx, limit, "closing the browser", func() (struct{}, error) { return struct{}{}, m.browser.Close() })
		if err != nil && m.pid > 0 {
			err = endProcess(m.pid)
		}
		failed = err
	}
	_, err := within(ctx, limit, "stopping the driver", func() (struct{}, error) { return struct{}{}, m.pw.Stop() })
	return errors.Join(failed, err)
}

// endProcess ends a process that this program started and that hangs.
func endProcess(pid int) error {
	p, err := os.FindProcess(pid)
	if err != nil {
		return fmt.Errorf("ending the browser's process %d: %w", pid, err)
	}
	if err := p.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("ending the browser's process %d: %w", pid, err)
	}
	return nil
}
