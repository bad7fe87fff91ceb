package browser

import (
	"context"
	"errors"
	"fmt"
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

// machine is one browser, alive or dead as a whole, and the driver that it
// hangs on.
type machine struct {
	driver  *driver
	browser playwright.Browser
	tap     *tap
	// process is the browser's, with PID 0 when it is not known.
	process processRecord
	// contexts are those that live in it.
	contexts *tenancy
	dead     chan struct{}
	die      sync.Once
	shut     sync.Once

	// lent counts the items, measured is when its memory was, last. Both are
	// the pool's gate's.
	lent     int
	measured time.Time
}

func (m *machine) kill() { m.die.Do(func() { close(m.dead) }) }

func (m *machine) alive() bool {
	select {
	case <-m.dead:
		return false
	default:
		return m.driver.alive() && m.browser.IsConnected()
	}
}

// start starts a browser with its tap on the driver, which it enters.
func start(ctx context.Context, opts Options, d *driver, left func(*machine)) (*machine, error) {
	m := &machine{driver: d, dead: make(chan struct{})}
	m.contexts = newTenancy(func() { left(m) })
	d.browsers.enter()
	if err := m.launch(ctx, opts); err != nil {
		// ctx may be over already, and the process must go all the same.
		return nil, errors.Join(err, m.close(context.WithoutCancel(ctx), opts.CloseLimit))
	}
	go func() {
		select {
		case <-d.dead:
			m.kill()
		case <-m.dead:
		}
	}()
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
	launch.DownloadsPath = &opts.Downloads
	var err error
	m.browser, err = within(ctx, launchLimit, "starting the browser", func() (playwright.Browser, error) { return m.driver.pw.Chromium.Launch(launch) })
	if err != nil {
		return err
	}
	m.browser.OnDisconnected(func(playwright.Browser) { m.kill() })
	cdp, err := within(ctx, callLimit, "opening the browser's DevTools session", m.browser.NewBrowserCDPSession)
	if err != nil {
		return err
	}
	if m.process, err = record(ctx, processID(ctx, cdp)); err != nil {
		opts.Log.DebugContext(ctx, "the browser's process is not known", "error", err)
	} else if m.driver.process.PID == 0 {
		m.driver.found(ctx, m.process.PID)
	}
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
func processID(ctx context.Context, cdp playwright.CDPSession) int32 {
	answer, err := within(ctx, callLimit, "asking for the browser's process", func() (any, error) {
		return cdp.Send("SystemInfo.getProcessInfo", map[string]any{})
	})
	if err != nil {
		return 0
	}
	processes, _ := fieldsOf(answer)["processInfo"].([]any)
	for _, p := range processes {
		if info := fieldsOf(p); info["type"] == "browser" {
			return int32(number(info["id"])) //nolint:gosec // a process's number
		}
	}
	return 0
}

// close ends the browser within the limit, and lets go of the driver. A second
// time it does nothing.
func (m *machine) close(ctx context.Context, limit time.Duration) (failed error) {
	m.shut.Do(func() {
		defer m.driver.browsers.exit()
		wasAlive := m.browser != nil && m.alive()
		m.kill()
		if wasAlive {
			_, failed = within(ctx, limit, "closing the browser", func() (struct{}, error) { return struct{}{}, m.browser.Close() })
		}
		if wasAlive && failed == nil {
			return
		}
		if err := endFamily(context.WithoutCancel(ctx), m.process); err != nil {
			failed = fmt.Errorf("closing the browser: %w", errors.Join(failed, err))
			return
		}
		failed = nil
	})
	return failed
}
