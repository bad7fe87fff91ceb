package provision

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Launcher is what playwright-go starts the driver with: the folder that it takes for
// the driver's, and the executable that it takes for Node.js.
type Launcher struct{ Dir, Node string }

// launcherScript is run in the place of the driver's own cli.js.
//
//go:embed launcher.js
var launcherScript string

// launcher gives what playwright-go is to start the driver with. It begins by asking the
// driver for its version, by a process that loads all of it, and then starts another:
// with scripts of our own in between, which know the version, that takes a third of the
// time. Where none can be put, the driver's own will do.
func (o Options) launcher(driver, node string) Launcher {
	plain := Launcher{Dir: driver, Node: node}
	files, err := o.launcherFiles(driver, node)
	if err != nil {
		return plain
	}
	// What is in a folder stays as it is: another process may be starting from it.
	dir := filepath.Join(o.Dir, "launcher-"+digest(files))
	if err := o.writeLauncher(dir, files); err != nil && !isFile(launcherPath(dir)) {
		return plain
	}
	if _, ok := files[nodeScript]; ok {
		node = filepath.Join(dir, nodeScript)
	}
	return Launcher{Dir: dir, Node: node}
}

// nodeScript is run in the place of Node.js, by systems that run scripts.
const nodeScript = "node.sh"

// launcherFiles are the scripts by their paths in the launcher's folder.
func (o Options) launcherFiles(driver, node string) (map[string]string, error) {
	about, err := json.Marshal(map[string]string{
		"driver": filepath.Join(driver, "package"), "version": DriverVersion, "compiled": filepath.Join(o.Dir, "compiled"),
	})
	if err != nil {
		return nil, fmt.Errorf("writing the launcher: %w", err)
	}
	files := map[string]string{"package/cli.js": launcherScript, "package/launcher.json": string(about)}
	if runtime.GOOS != "windows" {
		files[nodeScript] = fmt.Sprintf("#!/bin/sh\nif [ \"$2\" = --version ]; then\n\techo 'Version %s'\n\texit\nfi\nexec '%s' \"$@\"\n",
			DriverVersion, strings.ReplaceAll(node, "'", `'\''`))
	}
	return files, nil
}

func digest(files map[string]string) string {
	text, _ := json.Marshal(files) // of strings, which it takes
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// launcherPath is the script that playwright-go has Node.js run.
func launcherPath(dir string) string { return filepath.Join(dir, "package", "cli.js") }

// writeLauncher makes the folder, unless it is there: beside first, renamed once it is
// whole.
func (o Options) writeLauncher(dir string, files map[string]string) error {
	if isFile(launcherPath(dir)) {
		return nil
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil { //nolint:gosec // a cache, as others are
		return fmt.Errorf("making the cache folder: %w", err)
	}
	temp, err := os.MkdirTemp(o.Dir, "launching-*")
	if err != nil {
		return fmt.Errorf("making a folder for the launcher: %w", err)
	}
	err = os.Mkdir(filepath.Join(temp, "package"), 0o755) //nolint:gosec // as above
	for name, text := range files {
		err = errors.Join(err, os.WriteFile(filepath.Join(temp, filepath.FromSlash(name)), []byte(text), 0o755)) //nolint:gosec // they are run
	}
	if err == nil {
		err = os.Rename(temp, dir)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing the launcher: %w", err), os.RemoveAll(temp))
	}
	return nil
}
