package provision

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The launcher tells the driver's version without loading it, and starts it when it
// is to run.
func TestLauncher(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal(err)
	}
	m := newMachine(t)
	driver := t.TempDir()
	write0(t, filepath.Join(driver, "package", "lib", "cli", "driver.js"), "console.log('loaded'); exports.runDriver = () => console.log('running')")
	with := m.opts.launcher(driver, node)
	run := func(node, arg string) (string, error) {
		out, err := exec.CommandContext(t.Context(), node, launcherPath(with.Dir), arg).Output()
		return strings.TrimSpace(string(out)), err
	}
	for _, by := range []string{with.Node, node} {
		// The second start is from what the first has compiled.
		for _, c := range [][2]string{{"--version", "Version " + DriverVersion}, {"run-driver", "loaded\nrunning"}, {"run-driver", "loaded\nrunning"}} {
			if got, err := run(by, c[0]); err != nil || got != c[1] {
				t.Errorf("%s by %s: got %q, %v, want %q", c[0], by, got, err, c[1])
			}
		}
		if out, err := run(by, "install"); err == nil {
			t.Errorf("the launcher installs: %s", out)
		}
	}
	if kept, err := os.ReadDir(filepath.Join(m.opts.Dir, "compiled")); err != nil || len(kept) == 0 {
		t.Errorf("nothing compiled is kept: %v", err)
	}
}

// Each driver has a launcher of its own, which stays as it is.
func TestLauncherFolder(t *testing.T) {
	m := newMachine(t)
	one, other := m.opts.launcher("/one", "/it's/node"), m.opts.launcher("/other", "/it's/node")
	if again := m.opts.launcher("/one", "/it's/node"); one.Dir == other.Dir || again != one {
		t.Errorf("got %v, %v and again %v", one, other, again)
	}
	text, err := os.ReadFile(filepath.Join(one.Dir, "package", "launcher.json"))
	if err != nil || !strings.Contains(string(text), fmt.Sprintf("%q", filepath.Join("/one", "package"))) {
		t.Errorf("got %s, %v", text, err)
	}
}

// Where nothing can be written, the driver is started as it is.
func TestNoLauncher(t *testing.T) {
	m := newMachine(t)
	m.opts.Dir = m.program("a-file", "")
	if got, want := m.opts.launcher("/driver", "/node"), (Launcher{"/driver", "/node"}); got != want {
		t.Errorf("got %v", got)
	}
}
