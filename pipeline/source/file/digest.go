package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"pipe/pipeline"
)

// digestMost bounds the files of which a digest is made: that of a larger one takes
// longer than it saves.
const digestMost = 1 << 30

// Digest is the SHA-256 of a table's bytes, "" for one that is no file of this
// machine, or a very large one.
func Digest(ctx context.Context, t pipeline.Table) (string, error) {
	if t.Format == "sql" || t.Format == "sitemap" || t.Path == "" || t.Path == "-" || remote(t.Path) {
		return "", nil
	}
	f, err := os.Open(filepath.Clean(t.Path))
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // only read: nothing can be lost
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() || info.Size() > digestMost {
		return "", err
	}
	sum := sha256.New()
	for {
		if err := context.Cause(ctx); err != nil {
			return "", err
		}
		switch _, err := io.CopyN(sum, f, 1<<20); {
		case err == io.EOF: //nolint:errorlint // CopyN gives it as it is
			return hex.EncodeToString(sum.Sum(nil)), nil
		case err != nil:
			return "", fmt.Errorf("reading %s: %w", t.Name(), err)
		}
	}
}
