package artifact

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
)

// Windows has numbers of its own for a full disk.
const (
	windowsHandleDiskFull = syscall.Errno(39)
	windowsDiskFull       = syscall.Errno(112)
)

// diskError makes every sort of "no room left" match [syscall.ENOSPC] and say
// what to do. Other errors come back as they are.
func diskError(err error) error {
	full := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		runtime.GOOS == "windows" &&
			(errors.Is(err, windowsDiskFull) || errors.Is(err, windowsHandleDiskFull))
	switch {
	case !full:
		return err
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("the disk is full, make room and run again: %w", err)
	default:
		return fmt.Errorf("the disk is full, make room and run again: %w (%w)", err, syscall.ENOSPC)
	}
}

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
