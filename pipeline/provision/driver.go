package provision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// The variables by which a user names the driver and its node; they are
// playwright-go's own.
const (
	driverVariable = "PLAYWRIGHT_DRIVER_PATH"
	nodeVariable   = "PLAYWRIGHT_NODEJS_PATH"
)

const leastNode = 18

// driverDir is where the driver is installed.
func (o Options) driverDir() string { return filepath.Join(o.Dir, "driver-"+DriverVersion) }

// findDriver gives a folder with the right driver.
func (o Options) findDriver() (string, error) {
	if dir := os.Getenv(driverVariable); dir != "" {
		if err := checkDriver(dir); err != nil {
			return "", &MissingError{
				What: "Playwright's driver", Tried: []string{fmt.Sprintf("%s=%s: %v", driverVariable, dir, err)},
				Fix: fmt.Sprintf("Name a folder by %s that holds package/ of playwright-core %s, or unset it.", driverVariable, DriverVersion),
			}
		}
		return dir, nil
	}
	var tried []string
	for _, dir := range o.driverDirs() {
		err := checkDriver(dir)
		if err == nil {
			return dir, nil
		}
		tried = append(tried, fmt.Sprintf("%s: %v", dir, err))
	}
	return "", &MissingError{What: "Playwright's driver", Tried: tried, Fix: "Install it by: pipe install"}
}

// driverDirs are our own folder and playwright-go's.
func (o Options) driverDirs() []string {
	dirs := []string{o.driverDir()}
	if cache, err := os.UserCacheDir(); err == nil {
		dirs = append(dirs, filepath.Join(cache, "ms-playwright-go", DriverVersion))
	}
	return dirs
}

// checkDriver makes sure that a folder holds the driver of our version.
func checkDriver(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "package", "package.json")) //nolint:gosec // the driver's own
	if errors.Is(err, os.ErrNotExist) {
		return errors.New("not there")
	}
	if err != nil {
		return err
	}
	var pkg struct{ Name, Version string }
	if err := json.Unmarshal(text, &pkg); err != nil {
		return fmt.Errorf("its package.json does not parse: %w", err)
	}
	if pkg.Name != "playwright-core" || pkg.Version != DriverVersion {
		return fmt.Errorf("it is %s %s, want playwright-core %s", pkg.Name, pkg.Version, DriverVersion)
	}
	if _, err := os.Stat(filepath.Join(dir, "package", "cli.js")); err != nil {
		return errors.New("its package/cli.js is not there")
	}
	return nil
}

// findNode gives the node that runs the driver.
func findNode(ctx context.Context, driver string) (string, error) {
	own := filepath.Join(driver, "node")
	if runtime.GOOS == "windows" {
		own += ".exe"
	}
	candidates := []string{os.Getenv(nodeVariable), own}
	if path, err := exec.LookPath("node"); err == nil {
		candidates = append(candidates, path)
	}
	var tried []string
	for _, path := range candidates {
		if path == "" || path == own && !isFile(own) {
			continue
		}
		version, err := output(ctx, askLimit, path, "--version")
		if err == nil {
			err = checkNode(version)
		}
		if err == nil {
			return path, nil
		}
		tried = append(tried, fmt.Sprintf("%s: %v", path, err))
	}
	return "", &MissingError{
		What: "Node.js, which runs Playwright's driver,", Tried: tried,
		Fix: fmt.Sprintf("Install Node.js %d or later (https://nodejs.org, or your system's package nodejs), or name its executable by %s.", leastNode, nodeVariable),
	}
}

func checkNode(version string) error {
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		return fmt.Errorf("it says it is %q", version)
	}
	if n < leastNode {
		return fmt.Errorf("it is %s, want %d or later", version, leastNode)
	}
	return nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// installDriver gets the driver from Playwright's own download, or from npm.
func (o Options) installDriver(ctx context.Context) (string, error) {
	o.say("Installing Playwright's driver %s into %s", DriverVersion, o.driverDir())
	var tried []string
	for _, way := range []func(context.Context, string) error{o.driverFromPlaywright, o.driverFromNPM} {
		err := o.place(ctx, way)
		if err == nil {
			return o.driverDir(), nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		o.say("  %v", err)
		tried = append(tried, err.Error())
	}
	return "", &MissingError{
		What: "Playwright's driver", Tried: tried,
		Fix: fmt.Sprintf("Where there is a network: npm pack playwright-core@%s, unpack it, and name the folder that holds package/ by %s.", DriverVersion, driverVariable),
	}
}

// place lets a way fill a folder beside the right one, and renames it once it
// is whole. Of two processes that install at once the first wins.
func (o Options) place(ctx context.Context, fill func(context.Context, string) error) error {
	temp, err := os.MkdirTemp(o.Dir, "installing-*")
	if err != nil {
		return fmt.Errorf("making a folder to install into: %w", err)
	}
	defer func() { _ = os.RemoveAll(temp) }()
	if err := fill(ctx, temp); err != nil {
		return err
	}
	if err := checkDriver(temp); err != nil {
		return fmt.Errorf("what was downloaded is not the driver: %w", err)
	}
	if err := os.Chmod(temp, 0o755); err != nil { //nolint:gosec // a cache, as others are
		return fmt.Errorf("installing the driver: %w", err)
	}
	if err := os.Rename(temp, o.driverDir()); err != nil {
		if checkDriver(o.driverDir()) == nil {
			return nil
		}
		// What stands there is broken, or of another version.
		if err := errors.Join(os.RemoveAll(o.driverDir()), os.Rename(temp, o.driverDir())); err != nil {
			return fmt.Errorf("installing the driver: %w", err)
		}
	}
	return nil
}

// npmLimit bounds npm's download of 2 MB.
const npmLimit = 3 * time.Minute

// driverFromNPM takes the driver from the npm registry.
func (o Options) driverFromNPM(ctx context.Context, dir string) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm is not there, which comes with Node.js")
	}
	spec := "playwright-core@" + DriverVersion
	o.say("  from npm: %s", spec)
	name, err := output(ctx, npmLimit, npm, "pack", spec, "--silent", "--pack-destination", dir)
	if err != nil {
		return fmt.Errorf("npm's %s: %w", spec, err)
	}
	tgz := filepath.Join(dir, filepath.Base(name))
	if err := untar(tgz, dir); err != nil {
		return fmt.Errorf("unpacking npm's %s: %w", spec, err)
	}
	return os.Remove(tgz)
}
