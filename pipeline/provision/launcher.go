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
)

// launcherScript is run in the place of the driver's own cli.js.
//
//go:embed launcher.js
var launcherScript []byte

// launcher gives the folder from which playwright-go starts the driver. It asks
// what is there for its version first, by a process that loads all of the driver,
// and then starts it: with a script of our own in between, which knows the
// version, that takes half the time. Where no script can be put, the driver's own
// folder will do.
func (o Options) launcher(driver string) string {
	about, err := json.Marshal(map[string]string{
		"driver": filepath.Join(driver, "package"), "version": DriverVersion, "compiled": filepath.Join(o.Dir, "compiled"),
	})
	if err != nil {
		return driver
	}
	// What is in a folder stays as it is: another process may be starting from it.
	sum := sha256.Sum256(append(launcherScript, about...))
	dir := filepath.Join(o.Dir, "launcher-"+hex.EncodeToString(sum[:8]))
	if isFile(launcherPath(dir)) {
		return dir
	}
	if err := o.writeLauncher(dir, about); err != nil && !isFile(launcherPath(dir)) {
		return driver
	}
	return dir
}

// launcherPath is the script that playwright-go runs in a folder.
func launcherPath(dir string) string { return filepath.Join(dir, "package", "cli.js") }

// writeLauncher makes the folder beside, and renames it once it is whole.
func (o Options) writeLauncher(dir string, about []byte) error {
	if err := os.MkdirAll(o.Dir, 0o755); err != nil { //nolint:gosec // a cache, as others are
		return fmt.Errorf("making the cache folder: %w", err)
	}
	temp, err := os.MkdirTemp(o.Dir, "launching-*")
	if err != nil {
		return fmt.Errorf("making a folder for the launcher: %w", err)
	}
	script := launcherPath(temp)
	err = os.Mkdir(filepath.Dir(script), 0o755) //nolint:gosec // as above
	if err == nil {
		err = errors.Join(
			os.WriteFile(script, launcherScript, 0o644),                                      //nolint:gosec // as above
			os.WriteFile(filepath.Join(filepath.Dir(script), "launcher.json"), about, 0o644), //nolint:gosec // as above
		)
	}
	if err == nil {
		err = os.Rename(temp, dir)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing the launcher: %w", err), os.RemoveAll(temp))
	}
	return nil
}
