// Package artifact keeps the files that a run brings home. A file is staged,
// proved to be what the spec expects, and only then put in its place, so that
// whatever stands below files/ is whole.
//
// The output folder looks like this:
//
//	files/      the proven files, under the names that the spec gives them, and
//	            in versions/ those that newer ones have replaced, if they are kept
//	.staging/   files on their way; swept whenever a run opens the folder
//	evidence/   files that were set aside, the newest ones only
//
// The proven files may go to another folder or to a bucket instead
// ([Options.Files]), with the same promises.
//
// All access to the disk goes through an [os.Root], so that neither a name nor
// a symbolic link leads out of the folder.
//
// The package touches the output folder's files, the buckets, and the folder
// that keeps the PDF reader's compiled code. It knows nothing of the ledger, of
// browsers or of specs; of the project it imports package pipeline alone. A PDF
// is read in a sandbox, by PDFium as WebAssembly.
package artifact

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"pipe/pipeline"
)

// The folders inside the output folder.
const (
	filesDir    = "files"
	stagingDir  = ".staging"
	evidenceDir = "evidence"
)

// Options adjust a Store. The zero value is ready for use.
type Options struct {
	// ReadOnly opens the folder for Stat and Hash alone, beside a run that may
	// be under way: nothing is made and nothing is swept.
	ReadOnly bool
	// Files is where the proven files go: a folder, or the address of a bucket
	// whose driver the program has; "" means files/ in the output folder.
	Files string
	// Buckets are those that Files may name.
	Buckets Buckets
	// Shared opens the folder beside other runs, whose files on their way are
	// not swept.
	Shared bool
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

	backend storageBackend
	// placing guards the names of the placed files, and of those on their way; nil
	// until first needed.
	placing sync.Mutex
	names   *nameSet

	evidence sync.Mutex
}

var _ pipeline.Store = (*Store)(nil)

// Open opens the output folder dir, makes it if it is not there, and removes
// what an earlier run left half-done. It fails when files cannot be written to
// where they are to go. Other runs may have the folder open too if this one was
// there first, or comes with Shared. The caller closes the Store.
func Open(ctx context.Context, dir string, opts Options) (*Store, error) {
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
	s := &Store{dir: dir, root: root, opts: opts, pdf: newPDFReader(ctx, opts.CacheDir, opts.ReadTimeout)}
	if s.backend, err = s.openBackend(ctx, opts.Files); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	if !opts.ReadOnly {
		if err := s.prepare(ctx); err != nil {
			return nil, errors.Join(err, s.backend.close(), root.Close())
		}
	}
	return s, nil
}

// path is where something in the output folder is.
func (s *Store) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// prepare makes the folders and sweeps what is stale.
func (s *Store) prepare(ctx context.Context) error {
	folders := []string{stagingDir, evidenceDir}
	if s.opts.Files == "" {
		folders = append(folders, filesDir)
	}
	for _, sub := range folders {
		if err := s.root.MkdirAll(sub, dirMode); err != nil {
			return fmt.Errorf("making %s in the output folder %s: %w", sub, s.dir, diskError(err))
		}
	}
	if err := syncDir(s.root, "."); err != nil {
		return err
	}
	if s.opts.Shared {
		return nil
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
	return s.backend.prepare(ctx)
}

// Warm starts the PDF reader in the background. The first Prove of a PDF does
// so too, and then waits for it: about two seconds on a machine that has never
// run it, a tenth of a second from then on.
func (s *Store) Warm() { s.pdf.warm() }

// Close stops the PDF reader and closes the folder. It waits some seconds at
// most for readings under way. No method may be called after it.
func (s *Store) Close() error {
	return errors.Join(s.pdf.close(), s.backend.close(), s.root.Close())
}

// Precompile compiles the PDF reader ahead of the first run, unless that is done:
// it takes seconds. It gives the folder that keeps what came of it.
func Precompile(ctx context.Context) (string, error) {
	dir := Options{}.withDefaults().CacheDir
	engine, err := startPDFEngine(ctx, dir)
	if err != nil {
		return "", err
	}
	return dir, engine.close(ctx)
}

// openBackend opens the place of the files. An empty destination is files/ in the
// output folder.
func (s *Store) openBackend(ctx context.Context, dest string) (storageBackend, error) {
	if dest == "" {
		return &folderBackend{root: s.root, dir: filesDir, path: s.path(filesDir)}, nil
	}
	d, err := s.opts.Buckets.parseDestination(dest)
	if err != nil {
		return nil, err
	}
	if d.bucket != nil {
		return openBucket(ctx, d, s.opts.Buckets)
	}
	return openFolder(d.folder, s.dir, !s.opts.ReadOnly)
}
