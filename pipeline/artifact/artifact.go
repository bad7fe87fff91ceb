// Package artifact keeps the files that a run brings home. A file is staged,
// proved to be what the spec expects, and only then put in its place, so that
// whatever stands below files/ is whole.
//
// The output folder looks like this:
//
//	files/      the proven files, under the names that the spec gives them
//	.staging/   files on their way; swept whenever a run opens the folder
//	evidence/   files that were set aside, the newest ones only
//
// All access goes through an [os.Root], so that neither a name nor a symbolic
// link leads out of the output folder.
package artifact

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"pipe/pipeline"
	"sync"
	"time"
)

// The folders inside the output folder.
const (
	filesDir    = "files"
	stagingDir  = ".staging"
	evidenceDir = "evidence"
)

const dirMode = 0o750

// Options adjust a Store. The zero value is ready for use.
type Options struct {
	// ReadOnly opens the folder for Stat and Hash alone, beside a run that may
	// be under way: nothing is made and nothing is swept.
	ReadOnly bool
	// MaxEvidence is the most files kept under evidence/; 0 means 200.
	MaxEvidence int
	// MaxEvidenceBytes bounds their sizes together; 0 means 200 MB. The newest
	// file is kept whatever its size.
	MaxEvidenceBytes int64
	// CacheDir keeps the PDF reader's compiled code between runs; "" means
	// pipe/pdf in the user's cache folder.
	CacheDir string
	// ReadTimeout bounds the reading of one PDF; 0 means one minute.
	ReadTimeout time.Duration
}

func (o Options) withDefaults() Options {
	if o.MaxEvidence == 0 {
		o.MaxEvidence = 200
	}
	if o.MaxEvidenceBytes == 0 {
		o.MaxEvidenceBytes = 200_000_000
	}
	if o.CacheDir == "" {
		// Without a cache folder the reader starts all the same, only slower.
		if dir, err := os.UserCacheDir(); err == nil {
			o.CacheDir = filepath.Join(dir, "pipe", "pdf")
		}
	}
	if o.ReadTimeout == 0 {
		o.ReadTimeout = time.Minute
	}
	return o
}

// Store is an output folder. It implements [pipeline.Store].
type Store struct {
	dir  string // absolute
	root *os.Root
	opts Options
	pdf  *pdfReader

	// placing guards the folders and names below files/.
	placing sync.Mutex
	names   map[string]string // by their folded form; nil until first needed

	evidence sync.Mutex
}

var _ pipeline.Store = (*Store)(nil)

// Open opens the output folder dir, makes it if it is not there, and removes
// what an earlier run left half-done. Only one run may have the folder open at
// a time; others open it with ReadOnly. The caller closes the Store.
func Open(dir string, opts Options) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("opening output folder: %w", err)
	}
	opts = opts.withDefaults()
	if !opts.ReadOnly {
		if err := os.MkdirAll(dir, dirMode); err != nil {
			return nil, fmt.Errorf("making output folder: %w", diskError(err))
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening output folder: %w", err)
	}
	s := &Store{dir: dir, root: root, opts: opts, pdf: newPDFReader(opts.CacheDir, opts.ReadTimeout)}
	if !opts.ReadOnly {
		if err := s.prepare(); err != nil {
			return nil, errors.Join(err, root.Close())
		}
	}
	return s, nil
}

// prepare makes the folders and sweeps what is stale.
func (s *Store) prepare() error {
	for _, sub := range []string{filesDir, stagingDir, evidenceDir} {
		if err := s.root.MkdirAll(sub, dirMode); err != nil {
			return fmt.Errorf("making %s in the output folder %s: %w", sub, s.dir, diskError(err))
		}
	}
	if err := s.syncDir("."); err != nil {
		return err
	}
	stale, err := fs.ReadDir(s.root.FS(), stagingDir)
	if err != nil {
		return fmt.Errorf("looking for stale staged files: %w", err)
	}
	for _, entry := range stale {
		if err := s.root.RemoveAll(path.Join(stagingDir, entry.Name())); err != nil {
			return fmt.Errorf("removing a stale staged file: %w", err)
		}
	}
	return nil
}

// Warm starts the PDF reader in the background. The first Prove of a PDF does
// so too, and then waits for it: about two seconds on a machine that has never
// run it, a tenth of a second from then on.
func (s *Store) Warm() { s.pdf.warm() }

// Close stops the PDF reader and closes the folder. It waits some seconds at
// most for readings under way. No method may be called after it.
func (s *Store) Close() error {
	return errors.Join(s.pdf.close(), s.root.Close())
}

// Stat returns the size in bytes of the placed file name. The error is
// [fs.ErrNotExist] when there is none.
func (s *Store) Stat(name string) (int64, error) {
	info, err := s.root.Stat(path.Join(filesDir, name))
	if err != nil {
		return 0, fmt.Errorf("looking at file %q: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("looking at file %q: it is no regular file", name)
	}
	return info.Size(), nil
}

// Hash returns the SHA-256 of the placed file name, as [pipeline.File] has it.
// The error is [fs.ErrNotExist] when there is none.
func (s *Store) Hash(ctx context.Context, name string) (string, error) {
	if _, err := s.Stat(name); err != nil {
		return "", err
	}
	file, err := s.root.Open(path.Join(filesDir, name))
	if err != nil {
		return "", fmt.Errorf("hashing file %q: %w", name, err)
	}
	defer func() { _ = file.Close() }() // only read: nothing can be lost
	sum := sha256.New()
	if _, err := io.Copy(sum, &contextReader{ctx: ctx, r: file}); err != nil {
		return "", fmt.Errorf("hashing file %q: %w", name, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// contextReader stops a long copy when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
