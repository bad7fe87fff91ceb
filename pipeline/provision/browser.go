package provision

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// found is a browser that works.
type found struct {
	path, version string
	shell         bool
}

// The words by which a user names a kind of browser.
const (
	wordShell    = "headless-shell"
	wordChromium = "chromium"
	wordChrome   = "chrome"
)

// shells, chromiums and chromes are the names of executables in the PATH.
var (
	shells    = []string{"chromium-headless-shell", "chrome-headless-shell", "headless-shell", "headless_shell"}
	chromiums = []string{"chromium", "chromium-browser"}
	chromes   = []string{"google-chrome", "google-chrome-stable", "chrome"}
)

// findBrowser gives the browser that the user named, or the best there is.
func (o Options) findBrowser(ctx context.Context) (found, error) {
	var names []string
	switch o.Browser {
	case "":
		// What the system installed, its updates look after.
		names = slices.Concat(chromes, chromiums, wellKnown(), o.cached("chrome"))
		if !o.Headed {
			names = slices.Concat(shells, o.cached("headless_shell"), names)
		}
	case wordShell:
		names = slices.Concat(shells, o.cached("headless_shell"))
	case wordChromium:
		names = slices.Concat(chromiums, o.cached("chrome"))
	case wordChrome:
		names = slices.Concat(chromes, wellKnown())
	default:
		names = []string{o.Browser}
	}
	var tried []string
	for _, name := range names {
		b, err := tryBrowser(ctx, name)
		if err == nil {
			return b, nil
		}
		if !errors.Is(err, exec.ErrNotFound) && !errors.Is(err, os.ErrNotExist) || o.Browser == name {
			tried = append(tried, fmt.Sprintf("%s: %v", name, err))
		}
	}
	what := "a browser"
	if o.Browser != "" {
		what = fmt.Sprintf("the browser %q that you named (in the spec, by PIPE_BROWSER or by --browser)", o.Browser)
	}
	return found{}, &MissingError{What: what, Tried: tried, Fix: o.browserFix()}
}

func tryBrowser(ctx context.Context, name string) (found, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return found{}, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return found{}, err
	}
	b := found{path: path, shell: isShell(path)}
	if runtime.GOOS == "windows" {
		return b, nil // there, --version opens a window
	}
	b.version, err = output(ctx, askLimit, path, "--version")
	return b, err
}

// isShell tells a headless shell by its executable's name, through links too.
func isShell(path string) bool {
	names := []string{filepath.Base(path)}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		names = append(names, filepath.Base(real))
	}
	return slices.ContainsFunc(names, func(name string) bool {
		return strings.Contains(strings.ReplaceAll(name, "_", "-"), "headless-shell")
	})
}

// wellKnown are the places of browsers that are in no PATH.
func wellKnown() []string {
	switch runtime.GOOS {
	case "darwin":
		return []string{
			"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
			"/Applications/Chromium.app/Contents/MacOS/Chromium",
		}
	case "windows":
		var places []string
		for _, base := range []string{"PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"} {
			if dir := os.Getenv(base); dir != "" {
				places = append(places, filepath.Join(dir, "Google", "Chrome", "Application", "chrome.exe"))
			}
		}
		return places
	default:
		return []string{"/opt/google/chrome/chrome"}
	}
}

// cached are the executables of one kind that Playwright has downloaded, the
// newest first.
func (o Options) cached(kind string) []string {
	dir := os.Getenv("PLAYWRIGHT_BROWSERS_PATH")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		dir = filepath.Join(cache, "ms-playwright")
	}
	patterns := []string{"chromium-*/chrome-*/chrome", "chromium-*/chrome-*/chrome.exe", "chromium-*/chrome-*/Chromium.app/Contents/MacOS/Chromium"}
	if kind == "headless_shell" {
		patterns = []string{"chromium_headless_shell-*/chrome-*/headless_shell", "chromium_headless_shell-*/chrome-*/headless_shell.exe"}
	}
	var all []string
	for _, pattern := range patterns {
		// The only error is a bad pattern.
		paths, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		all = append(all, paths...)
	}
	slices.Sort(all)
	slices.Reverse(all)
	return all
}

// browserFix says what to install on this system.
func (o Options) browserFix() string {
	pkg := "chromium-headless-shell (or chromium)"
	if o.Headed {
		pkg = "chromium"
	}
	how := map[string]string{
		"linux":   "as root, by one of: apt-get install " + pkg + " · dnf install chromium · pacman -S chromium · apk add chromium",
		"darwin":  "by: brew install --cask google-chrome",
		"windows": "by: winget install Google.Chrome",
	}[runtime.GOOS]
	return "Try: pipe install. Or install Chromium or Chrome " + how + ". Or name one's path by PIPE_BROWSER."
}
