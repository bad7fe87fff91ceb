package artifact

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"pipe/steps"
)

// diskError says what to do where the disk is full.
func diskError(err error) error { return steps.ExplainFullDisk(err) }

// syncDir makes the folder's entries durable. Windows keeps them without.
func syncDir(root *os.Root, name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := root.Open(name)
	if err != nil {
		return fmt.Errorf("syncing folder: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("syncing folder: %w", diskError(err))
	}
	return nil
}

// syncFile makes the file's bytes durable.
func syncFile(root *os.Root, name string) error {
	// Windows flushes only a file that is open for writing.
	file, err := root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("syncing file: %w", err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("syncing file: %w", diskError(err))
	}
	return nil
}
