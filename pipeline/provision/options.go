package provision

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// DriverVersion is the driver that playwright-go v0.5200.1 speaks to.
const DriverVersion = "1.52.0"

// Options say what is wanted. The zero value is the best there is, headless.
type Options struct {
	// Browser is a path, or chromium, chrome or headless-shell; "" means the
	// environment's PIPE_BROWSER, else the best there is: when headless a
	// headless shell, which costs less than half the CPU.
	Browser string
	// Headed wants a browser that can show windows.
	Headed bool
	// Dir is where things are installed; "" means the environment's PIPE_CACHE,
	// else pipe in the user's cache folder.
	Dir string
	// Say is told, in lines for a person, what is installed, from where, to
	// where and how far; nil for nobody.
	Say func(line string)
}

// Runtime is what a browser can be driven with.
type Runtime struct {
	// DriverDir holds the driver's package/, Node is the executable that runs
	// it and Browser the browser's, all as paths.
	DriverDir, Node, Browser string
	// Launcher is what playwright-go is to start the driver with.
	Launcher Launcher
	// Shell is true for a headless shell, which has no windows.
	Shell bool
	// DriverVersion is as 1.52.0; BrowserVersion is what the browser says.
	DriverVersion, BrowserVersion string
}

// MissingError says what is not there and what to do.
type MissingError struct {
	// What is missing, as "a browser".
	What string
	// Tried lists where it was looked for and what went wrong.
	Tried []string
	// Fix says what to do next.
	Fix string
}

func (e *MissingError) Error() string {
	text := e.What + " is missing"
	if len(e.Tried) > 0 {
		text += ":\n  - " + strings.Join(e.Tried, "\n  - ")
	}
	return text + "\n" + e.Fix
}

func (o Options) say(format string, args ...any) {
	if o.Say != nil {
		o.Say(fmt.Sprintf(format, args...))
	}
}

func (o Options) withDefaults() (Options, error) {
	if o.Browser == "" {
		o.Browser = os.Getenv("PIPE_BROWSER")
	}
	if o.Dir == "" {
		o.Dir = os.Getenv("PIPE_CACHE")
	}
	if o.Dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return o, fmt.Errorf("finding the cache folder (set PIPE_CACHE to name one): %w", err)
		}
		o.Dir = filepath.Join(cache, "pipe")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return o, fmt.Errorf("finding the cache folder: %w", err)
	}
	o.Dir = dir
	return o, nil
}
