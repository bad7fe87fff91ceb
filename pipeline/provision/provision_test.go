package provision

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Playwright's own download comes first, is unpacked whole and taken once.
func TestDriverFromPlaywright(t *testing.T) {
	m := newMachine(t)
	m.program("chromium", "echo Chromium 140")
	body := zipOf(t, driverFiles())
	asked := host(t, body, len(body))
	rt, err := Ensure(t.Context(), m.opts)
	if err != nil {
		t.Fatal(err)
	}
	if rt.DriverDir != filepath.Join(m.opts.Dir, "driver-"+DriverVersion) || rt.Node != filepath.Join(rt.DriverDir, "node") {
		t.Errorf("got %+v", rt)
	}
	m.saw("Installing Playwright's driver "+DriverVersion+" into "+rt.DriverDir, "/builds/driver/playwright-", "100 % of 0 MB")
	if again, err := Ensure(t.Context(), m.opts); err != nil || again != rt || asked.Load() != 1 {
		t.Errorf("again: %+v, %v, asked %d times", again, err, asked.Load())
	}
	left, err := filepath.Glob(filepath.Join(m.opts.Dir, "installing-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Of many who install at once one does, and the others wait for it.
func TestDriverOnce(t *testing.T) {
	m := newMachine(t)
	m.program("chromium", "echo Chromium 140")
	body := zipOf(t, driverFiles())
	asked := host(t, body, len(body))
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if _, err := Ensure(t.Context(), m.opts); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("%d downloads", n)
	}
}

// Where Playwright is not reached, npm has the driver: here the real npm and
// the real registry, as on a machine behind a strict firewall.
func TestDriverFromNPM(t *testing.T) {
	path, home := os.Getenv("PATH"), os.Getenv("HOME")
	m := newMachine(t)
	t.Setenv("PATH", path)
	t.Setenv("HOME", home)
	dir, err := m.opts.installDriver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := checkDriver(dir); err != nil {
		t.Error(err)
	}
	m.saw("playwright's own download, from one host", "from npm: playwright-core@"+DriverVersion)
}

func TestDriverRefused(t *testing.T) {
	files := driverFiles()
	wrong := driverFiles()
	wrong["package/package.json"] = `{"name": "playwright-core", "version": "1.0.0"}`
	escape := driverFiles()
	escape["../../escaped"] = "x"
	whole := zipOf(t, files)
	for name, c := range map[string]struct {
		body   []byte
		length int
		want   string
	}{
		"not there":     {nil, 0, "404 Not Found"},
		"cut off":       {whole[:len(whole)/2], len(whole), "bytes: "},
		"no zip":        {[]byte("<html>"), 6, "no whole zip"},
		"wrong version": {zipOf(t, wrong), len(zipOf(t, wrong)), "it is playwright-core 1.0.0, want playwright-core " + DriverVersion},
		"leaves":        {zipOf(t, escape), len(zipOf(t, escape)), `"../../escaped", which leaves the folder`},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			host(t, c.body, c.length)
			_, err := Ensure(t.Context(), m.opts)
			var missing *MissingError
			if !errors.As(err, &missing) || missing.What != "Playwright's driver" || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			for _, text := range []string{"npm is not there", "npm pack playwright-core@" + DriverVersion} {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("the error does not say %q: %v", text, err)
				}
			}
			names, err := os.ReadDir(m.opts.Dir)
			if err != nil || len(names) != 1 || names[0].Name() != ".lock" {
				t.Errorf("left behind: %v, %v", names, err)
			}
		})
	}
}

// What the user names is used or refused, never replaced.
func TestNamed(t *testing.T) {
	m := newMachine(t)
	m.program("chromium", "echo Chromium 140")
	m.program("node", "echo v16.1.0")
	own := t.TempDir()
	t.Setenv(driverVariable, own)
	_, err := Ensure(t.Context(), m.opts)
	if err == nil || !strings.Contains(err.Error(), driverVariable+"="+own+": not there") {
		t.Errorf("got %v", err)
	}
	for name, text := range driverFiles() {
		if name != "node" {
			write0(t, filepath.Join(own, name), text)
		}
	}
	_, err = Ensure(t.Context(), m.opts)
	if err == nil || !strings.Contains(err.Error(), "it is v16.1.0, want 18 or later") || !strings.Contains(err.Error(), "Install Node.js") {
		t.Errorf("got %v", err)
	}
	t.Setenv(nodeVariable, m.program("node-of-mine", "echo v20.0.0"))
	rt, err := Ensure(t.Context(), m.opts)
	if err != nil || rt.DriverDir != own || filepath.Base(rt.Node) != "node-of-mine" {
		t.Errorf("got %+v, %v", rt, err)
	}
	m.opts.Browser = "/nowhere/chrome"
	if _, err := Ensure(t.Context(), m.opts); err == nil || !strings.Contains(err.Error(), `the browser "/nowhere/chrome" that you named`) {
		t.Errorf("got %v", err)
	}
}

func TestFindSaysWhatToDo(t *testing.T) {
	m := newMachine(t)
	_, err := Find(t.Context(), m.opts)
	if err == nil || !strings.HasSuffix(err.Error(), "Install it by: pipe install") {
		t.Errorf("got %v", err)
	}
	mended := 0
	for _, f := range Check(t.Context(), m.opts) {
		if !f.OK && f.Fix == "" {
			t.Errorf("%s is %s, and nobody says what to do", f.Name, f.What)
		}
		if !f.OK {
			mended++
		}
	}
	if mended != 3 {
		t.Errorf("%d things are missing, want driver, node and browser", mended)
	}
}
