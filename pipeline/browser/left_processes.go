package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"pipe/pipeline/atomicfile"
)

// endLeftLimit bounds the look for what a dead run has left.
const endLeftLimit = 10 * time.Second

// EndLeftProcesses ends the processes that a run which died has left behind, by what it
// wrote down at path, and tells how many. Nobody else may be at work there.
func EndLeftProcesses(ctx context.Context, path string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, endLeftLimit)
	defer cancel()
	text, err := os.ReadFile(path) //nolint:gosec // the output folder's own
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("looking for what a dead run has left: %w", err)
	}
	var left []processRecord
	if json.Unmarshal(text, &left) != nil {
		left = nil // half-written when the power went: so did the processes
	}
	left = slices.DeleteFunc(left, func(r processRecord) bool { return r.PID <= 0 || !r.is(ctx) })
	failed := endProcessTrees(ctx, left...)
	if failed == nil {
		failed = os.Remove(path)
	}
	return len(left), failed
}

// noteProcesses writes down which processes belong to this run.
func noteProcesses(path string, records []processRecord) error {
	if path == "" {
		return nil
	}
	if len(records) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	return atomicfile.WritePrivate(path, func(w io.Writer) error { return json.NewEncoder(w).Encode(records) })
}
