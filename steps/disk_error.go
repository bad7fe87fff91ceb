package steps

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"syscall"
)

// DiskError is an error of this machine's disk: fatal to the run, and no item's
// fault.
type DiskError struct{ Err error }

func (e *DiskError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *DiskError) Unwrap() error { return e.Err }

// AsDiskError gives an error of writing to the disk, which says what to do where
// the disk is full; nil for none.
func AsDiskError(err error) error {
	var known *DiskError
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &DiskError{ExplainFullDisk(err)}
}

// DiskFault finds the disk's fault among what an item failed with, or gives nil.
func DiskFault(err error) *DiskError {
	var known *DiskError
	switch {
	case errors.As(err, &known):
		return known
	case isFullDisk(err), errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE), errors.Is(err, syscall.EROFS):
		return &DiskError{ExplainFullDisk(err)}
	default:
		return nil
	}
}

// Windows has numbers of its own for a full disk.
const (
	windowsHandleDiskFull = syscall.Errno(39)
	windowsDiskFull       = syscall.Errno(112)
)

func isFullDisk(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		runtime.GOOS == "windows" && (errors.Is(err, windowsDiskFull) || errors.Is(err, windowsHandleDiskFull))
}

// ExplainFullDisk makes every sort of "no room left" match [syscall.ENOSPC] and
// say what to do. Other errors come back as they are.
func ExplainFullDisk(err error) error {
	switch {
	case !isFullDisk(err):
		return err
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("the disk is full, make room and run again: %w", err)
	default:
		return fmt.Errorf("the disk is full, make room and run again: %w (%w)", err, syscall.ENOSPC)
	}
}

// DiskWriter remembers the disk's own error, whatever becomes of it on the way.
type DiskWriter struct {
	To  io.Writer
	Err error
}

func (w *DiskWriter) Write(p []byte) (int, error) {
	n, err := w.To.Write(p)
	if err != nil {
		w.Err = AsDiskError(err)
		err = w.Err
	}
	return n, err
}
