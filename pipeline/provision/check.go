package provision

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
)

// Finding is what pipe doctor tells of one thing.
type Finding struct {
	Name string
	OK   bool
	// What says what is there, Fix what to do where it is not.
	What, Fix string
}

// Check looks at all that a run needs, and installs nothing.
func Check(ctx context.Context, opts Options) []Finding {
	opts, err := opts.withDefaults()
	if err != nil {
		return []Finding{{Name: "cache folder", What: err.Error(), Fix: "set PIPE_CACHE"}}
	}
	driver, err := opts.findDriver()
	findings := []Finding{finding("driver", driver, DriverVersion, err)}
	node, err := findNode(ctx, driver)
	version := ""
	if err == nil {
		version, _ = output(ctx, askLimit, node, "--version")
	}
	findings = append(findings, finding("node", node, version, err))
	b, err := opts.findBrowser(ctx)
	findings = append(findings, finding("browser", b.path, b.version, err))
	headed := opts
	headed.Headed = true
	w, err := headed.findBrowser(ctx)
	windows := finding("browser, headed", w.path, w.version, err)
	switch {
	case err != nil:
		windows.OK, windows.What = true, "none: only needed for --headed"
	case Display() != nil:
		windows.What += "; there is no display here, so --headed needs xvfb-run"
	}
	return append(findings, windows, opts.cacheFinding())
}

// Display tells why no browser can show a window here.
func Display() error {
	if runtime.GOOS != "linux" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" {
		return nil
	}
	return errors.New("there is no display here for a browser's window: put `xvfb-run -a` before the command, or set DISPLAY")
}

func finding(name, path, version string, err error) Finding {
	if err == nil {
		return Finding{Name: name, OK: true, What: fmt.Sprintf("%s  %s", version, path)}
	}
	var missing *MissingError
	if !errors.As(err, &missing) {
		return Finding{Name: name, What: err.Error()}
	}
	what := "missing"
	for _, t := range missing.Tried {
		what += "; " + t
	}
	return Finding{Name: name, What: what, Fix: missing.Fix}
}

func (o Options) cacheFinding() Finding {
	err := os.MkdirAll(o.Dir, 0o755) //nolint:gosec // a cache, as others are
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(o.Dir, "doctor-*"); err == nil {
			err = errors.Join(f.Close(), os.Remove(f.Name()))
		}
	}
	if err != nil {
		return Finding{Name: "cache folder", What: err.Error(), Fix: "make it writable, or set PIPE_CACHE to another folder"}
	}
	return Finding{Name: "cache folder", OK: true, What: o.Dir}
}
