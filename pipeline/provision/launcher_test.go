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
	dir := m.opts.launcher(driver)
	for arg, want := range map[string]string{"--version": "Version " + DriverVersion, "run-driver": "loaded\nrunning"} {
		out, err := exec.CommandContext(t.Context(), node, launcherPath(dir), arg).Output() //nolint:gosec // the launcher
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", arg, got, err, want)
		}
	}
	if out, err := exec.CommandContext(t.Context(), node, launcherPath(dir), "install").CombinedOutput(); err == nil { //nolint:gosec // as above
		t.Errorf("the launcher installs: %s", out)
	}
}

// Each driver has a launcher of its own, which stays as it is.
func TestLauncherFolder(t *testing.T) {
	m := newMachine(t)
	one, other := m.opts.launcher("/one"), m.opts.launcher("/other")
	if again := m.opts.launcher("/one"); one == other || again != one {
		t.Errorf("got %s, %s and again %s", one, other, again)
	}
	text, err := os.ReadFile(filepath.Join(one, "package", "launcher.json"))
	if err != nil || !strings.Contains(string(text), fmt.Sprintf("%q", filepath.Join("/one", "package"))) {
		t.Errorf("got %s, %v", text, err)
	}
}

// Where nothing can be written, the driver is started as it is.
func TestNoLauncher(t *testing.T) {
	m := newMachine(t)
	m.opts.Dir = m.program("a-file", "")
	if dir := m.opts.launcher("/driver"); dir != "/driver" {
		t.Errorf("got %s", dir)
	}
}
