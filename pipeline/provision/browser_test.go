package provision

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestBrowserChoice(t *testing.T) {
	for name, c := range map[string]struct {
		has     []string
		word    string
		headed  bool
		want    string
		missing bool
	}{
		"a shell first":           {has: []string{"chromium", "chromium-headless-shell", "google-chrome"}, want: "chromium-headless-shell"},
		"chrome before chromium":  {has: []string{"chromium", "google-chrome"}, want: "google-chrome"},
		"no shell with windows":   {has: []string{"chromium-headless-shell", "chromium"}, headed: true, want: "chromium"},
		"only a shell, headed":    {has: []string{"chromium-headless-shell"}, headed: true, missing: true},
		"the word chromium":       {has: []string{"chromium-headless-shell", "chromium"}, word: "chromium", want: "chromium"},
		"the word headless-shell": {has: []string{"chromium"}, word: "headless-shell", missing: true},
		"the word chrome":         {has: []string{"chromium"}, word: "chrome", missing: true},
		"nothing":                 {missing: true},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			for _, program := range c.has {
				m.program(program, "echo Browser 140.0")
			}
			m.opts.Browser, m.opts.Headed = c.word, c.headed
			b, err := m.opts.findBrowser(t.Context())
			var missing *MissingError
			if c.missing != errors.As(err, &missing) || filepath.Base(b.path) != c.want && !c.missing {
				t.Errorf("got %+v, %v; want %q", b, err, c.want)
			}
			if err == nil && (b.version != "Browser 140.0" || b.shell != strings.Contains(c.want, "shell")) {
				t.Errorf("got %+v", b)
			}
		})
	}
}

// A browser that does not start is passed over, and told when there is no other.
func TestBrowserThatFails(t *testing.T) {
	m := newMachine(t)
	m.program("chromium-headless-shell", "echo a library is missing >&2; exit 127")
	_, err := m.opts.findBrowser(t.Context())
	if err == nil || !strings.Contains(err.Error(), "a library is missing") {
		t.Errorf("got %v", err)
	}
	m.program("chromium", "echo Chromium 140")
	if b, err := m.opts.findBrowser(t.Context()); err != nil || filepath.Base(b.path) != "chromium" {
		t.Errorf("got %+v, %v", b, err)
	}
}

func TestBrowserOfPlaywright(t *testing.T) {
	m := newMachine(t)
	cache := t.TempDir()
	t.Setenv("PLAYWRIGHT_BROWSERS_PATH", cache)
	for _, revision := range []string{"1169", "1200"} {
		write0(t, filepath.Join(cache, "chromium_headless_shell-"+revision, "chrome-linux", "headless_shell"), "#!/bin/sh\necho shell "+revision+"\n")
	}
	b, err := m.opts.findBrowser(t.Context())
	if err != nil || b.version != "shell 1200" || !b.shell {
		t.Errorf("got %+v, %v", b, err)
	}
}

// apt-get installs the headless shell, or Chromium where there is no shell.
func TestBrowserFromAPT(t *testing.T) {
	for name, c := range map[string]struct {
		headed  bool
		refuses string
		want    string
	}{
		"shell":    {want: "chromium-headless-shell"},
		"no shell": {refuses: "chromium-headless-shell", want: "chromium"},
		"headed":   {headed: true, want: "chromium"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			m.opts.Headed = c.headed
			m.program("apt-get", `
[ "$1" = update ] && exit 0
pkg=$4
[ "$pkg" = "`+c.refuses+`" ] && { echo "E: Unable to locate package $pkg" >&2; exit 100; }
echo "Setting up $pkg"
printf '#!/bin/sh\necho Chromium 140\n' > "`+m.bin+`/$pkg"
/bin/chmod +x "`+m.bin+`/$pkg"`)
			if err := m.opts.apt(t.Context()); err != nil {
				t.Fatal(err)
			}
			m.saw("Setting up " + c.want)
			if b, err := m.opts.findBrowser(t.Context()); err != nil || filepath.Base(b.path) != c.want {
				t.Errorf("got %+v, %v", b, err)
			}
		})
	}
	m := newMachine(t)
	m.program("apt-get", "echo E: no network >&2; exit 100")
	if err := m.opts.apt(t.Context()); err == nil || !strings.Contains(err.Error(), "E: no network") {
		t.Errorf("got %v", err)
	}
}

func TestDebian(t *testing.T) {
	for text, want := range map[string]bool{
		"ID=debian\n": true, "NAME=x\nID=ubuntu\n": true, "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n": true,
		"ID=fedora\n": false, "": false,
	} {
		path := filepath.Join(t.TempDir(), "os-release")
		write0(t, path, text)
		if got := debian(path); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if debian("/nowhere") {
		t.Error("a system that names itself nowhere")
	}
}
