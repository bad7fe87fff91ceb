package provision

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// browserLimit bounds the installation of a browser, some 100 to 200 MB.
const browserLimit = 15 * time.Minute

// browserHost serves Playwright's browsers, unless hostVariable names another.
const browserHost = "https://cdn.playwright.dev"

// installBrowser gets a browser from Playwright, or from the distribution.
func (o Options) installBrowser(ctx context.Context, rt Runtime) (found, error) {
	o.say("Installing a browser")
	var tried []string
	for _, way := range []func(context.Context, Runtime) error{o.browserFromPlaywright, o.browserFromAPT} {
		err := way(ctx, rt)
		if err == nil {
			b, err := o.findBrowser(ctx)
			if err == nil {
				o.say("  %s (%s)", b.path, b.version)
				return b, nil
			}
			tried = append(tried, "it was installed and is not found: "+err.Error())
			continue
		}
		if ctx.Err() != nil {
			return found{}, ctx.Err()
		}
		o.say("  %v", err)
		tried = append(tried, err.Error())
	}
	return found{}, &MissingError{What: "a browser", Tried: tried, Fix: o.browserFix()}
}

// browserFromPlaywright has the driver download the browser made for it.
func (o Options) browserFromPlaywright(ctx context.Context, rt Runtime) error {
	host := browserHost
	if own := os.Getenv(hostVariable); own != "" {
		host = own
	}
	if err := reachable(ctx, host); err != nil {
		return fmt.Errorf("playwright's own download: %w", err)
	}
	kind := "--only-shell"
	if o.Headed {
		kind = "--no-shell"
	}
	o.say("  from %s, by Playwright's driver", host)
	err := stream(ctx, browserLimit, nil, func(line string) { o.say("  %s", line) },
		rt.Node, filepath.Join(rt.DriverDir, "package", "cli.js"), "install", kind, "chromium")
	if err != nil {
		return fmt.Errorf("playwright's own download: %w", err)
	}
	return nil
}

// osRelease names the distribution.
const osRelease = "/etc/os-release"

// browserFromAPT installs the distribution's package, as root on Debian and
// Ubuntu.
func (o Options) browserFromAPT(ctx context.Context, _ Runtime) error {
	if runtime.GOOS != "linux" || !debian(osRelease) {
		return errors.New("the distribution's package: this is neither Debian nor Ubuntu")
	}
	if os.Geteuid() != 0 {
		return errors.New("the distribution's package: only root may install it")
	}
	return o.apt(ctx)
}

// apt installs a browser's package, the headless shell's where it is there and
// no windows are wanted.
func (o Options) apt(ctx context.Context) error {
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return fmt.Errorf("the distribution's package: %w", err)
	}
	packages := []string{"chromium"}
	if !o.Headed {
		packages = []string{"chromium-headless-shell", "chromium"}
	}
	quiet := []string{"DEBIAN_FRONTEND=noninteractive"}
	say := func(line string) {
		for _, word := range []string{"Get:", "Unpacking", "Setting up", "E:"} {
			if strings.HasPrefix(line, word) {
				o.say("  %s", line)
			}
		}
	}
	o.say("  from the distribution: apt-get install %s", packages[0])
	// A fresh machine has no lists; an old one's lists name files that are gone.
	failed := stream(ctx, browserLimit, quiet, say, apt, "update")
	for _, pkg := range packages {
		err := stream(ctx, browserLimit, quiet, say, apt, "install", "-y", "--no-install-recommends", pkg)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		failed = errors.Join(failed, err)
	}
	return fmt.Errorf("the distribution's package: %w", failed)
}

// debian tells whether a distribution takes Debian's packages.
func debian(path string) bool {
	f, err := os.Open(path) //nolint:gosec // a system file, or a test's
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	for scan := bufio.NewScanner(f); scan.Scan(); {
		name, value, _ := strings.Cut(scan.Text(), "=")
		if name == "ID" || name == "ID_LIKE" {
			for _, id := range strings.Fields(strings.Trim(value, `"'`)) {
				if id == "debian" || id == "ubuntu" {
					return true
				}
			}
		}
	}
	return false
}
