// Package testaxe finds with axe-core, in tests, what keeps people from using a page. It
// takes axe-core from the npm registry, once for a machine.
package testaxe

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"
)

const version = "4.14.1"

// downloadLimit bounds the download of 3 MB.
const downloadLimit = 3 * time.Minute

// Check fails the test for each serious or critical violation that axe-core finds on the
// page as it is.
func Check(t testing.TB, page playwright.Page) {
	t.Helper()
	src, err := source(t)
	if err != nil {
		t.Fatalf("getting axe-core: %v", err)
	}
	if _, err := page.Evaluate(src); err != nil {
		t.Fatalf("loading axe-core: %v", err)
	}
	found, err := page.Evaluate(`async () => JSON.stringify((await axe.run()).violations)`)
	if err != nil {
		t.Fatalf("running axe-core: %v", err)
	}
	var violations []struct {
		ID, Impact, Help string
		Nodes            []struct{ HTML, FailureSummary string }
	}
	if err := json.Unmarshal([]byte(fmt.Sprint(found)), &violations); err != nil {
		t.Fatalf("reading what axe-core found: %v", err)
	}
	for _, v := range violations {
		if v.Impact == "serious" || v.Impact == "critical" {
			t.Errorf("%s, %s: %s: %s\n%s", v.Impact, v.ID, v.Help, v.Nodes[0].HTML, v.Nodes[0].FailureSummary)
		}
	}
}

// source is the script of axe-core.
func source(t testing.TB) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "pipe", "axe-core-"+version)
	name := filepath.Join(dir, "package", "axe.min.js")
	if _, err := os.Stat(name); err != nil {
		if err := download(t.Context(), dir); err != nil {
			return "", err
		}
	}
	src, err := os.ReadFile(name)
	return string(src), err
}

// download unpacks the npm package beside the folder, and moves it there whole.
func download(ctx context.Context, dir string) error {
	ctx, cancel := context.WithTimeout(ctx, downloadLimit)
	defer cancel()
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "axe-core-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	pack, err := exec.CommandContext(ctx, "npm", "pack", "axe-core@"+version, "--silent", "--pack-destination", fresh).Output()
	if err != nil {
		return fmt.Errorf("npm pack: %w", err)
	}
	if out, err := exec.CommandContext(ctx, "tar", "-xzf", filepath.Join(fresh, strings.TrimSpace(string(pack))), "-C", fresh).CombinedOutput(); err != nil {
		return fmt.Errorf("unpacking it: %w: %s", err, out)
	}
	if err := os.Rename(fresh, dir); err != nil && !isThere(dir) {
		return err // else another test was quicker
	}
	return nil
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
