package capture

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"pipe/steps"
)

// What cannot be written down is the disk's fault, and what does not come the
// site's.
func TestSpooledFileFaults(t *testing.T) {
	t.Parallel()
	broken := errors.New("the site broke it off")
	dir := t.TempDir()
	_, err := writeSpooled(filepath.Join(dir, "none"), nil)
	if steps.DiskFault(err) == nil || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	_, err = writeSpooled(dir, func(w io.Writer) (steps.Receipt, error) {
		_ = w.(*steps.DiskWriter).To.(*os.File).Close()
		_, _ = w.Write([]byte("x"))
		return steps.Receipt{}, broken
	})
	if steps.DiskFault(err) == nil || !errors.Is(err, os.ErrClosed) {
		t.Errorf("no bytes: %v", err)
	}
	_, err = writeSpooled(dir, func(io.Writer) (steps.Receipt, error) { return steps.Receipt{}, broken })
	if steps.DiskFault(err) != nil || !errors.Is(err, broken) {
		t.Errorf("a file that broke off: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
