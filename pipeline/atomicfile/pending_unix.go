//go:build !windows

package atomicfile

import (
	"io/fs"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// newPending starts a file beside the one at path; without permissions it has
// those of a new file.
func newPending(path string, perm fs.FileMode) (pending, error) {
	mode := renameio.WithStaticPermissions(perm)
	if perm == 0 {
		mode = renameio.WithPermissions(0o644)
	}
	return renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), mode)
}
