package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// winFile does what renameio does elsewhere; renameio leaves Windows out since
// a rename there is not promised to survive a loss of power.
type winFile struct {
	*os.File
	path string
	done bool
}

// newPending starts a file beside the one at path. The permissions of the folder
// are what counts.
func newPending(path string, _ fs.FileMode) (pending, error) {
	file, err := os.CreateTemp(filepath.Dir(path), tempPrefix(path)+"*")
	if err != nil {
		return nil, err
	}
	return &winFile{File: file, path: path}, nil
}

func (f *winFile) CloseAtomicallyReplace() error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), f.path); err != nil {
		return err
	}
	f.done = true
	return nil
}

func (f *winFile) Cleanup() error {
	if f.done {
		return nil
	}
	_ = f.Close() // it may be closed already
	return os.Remove(f.Name())
}
