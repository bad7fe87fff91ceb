package browser

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/playwright-community/playwright-go"
)

// A kept login is Playwright's storage state, in its own format: cookies and
// local storage. Whoever has the file is logged in, so it is its owner's alone.

// readState reads a kept login, nil when there is none.
func readState(path string) (*playwright.OptionalStorageState, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the output folder's own
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a kept login: %w", err)
	}
	var state playwright.StorageState
	if err := json.Unmarshal(text, &state); err != nil {
		return nil, fmt.Errorf("reading a kept login: %s: %w", path, err)
	}
	return state.ToOptionalStorageState(), nil
}

// writeState keeps a login.
func writeState(path string, state *playwright.StorageState) error {
	text, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("keeping a login: %w", err)
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("keeping a login: %w", err)
	}
	// The folder may be older than this rule.
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a folder needs the x
		return fmt.Errorf("keeping a login: %w", err)
	}
	if err := writeFile(path, text); err != nil {
		return fmt.Errorf("keeping a login: %w", err)
	}
	return nil
}

// writeFile writes a file for its owner alone, whole or not at all.
func writeFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // its mode is 0600
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
