//go:build !windows

package snapshot

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// newPending starts a file beside the one at path.
func newPending(path string) (pending, error) {
	return renameio.NewPendingFile(path,
		renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
}
