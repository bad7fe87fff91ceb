package artifact

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"pipe/pipeline"
)

// Stat returns the size in bytes of the placed file name. The error is
// [fs.ErrNotExist] when there is none.
func (s *Store) Stat(ctx context.Context, name string) (int64, error) {
	size, err := s.backend.stat(ctx, name)
	if err != nil {
		return 0, fmt.Errorf("looking at file %q: %w", name, err)
	}
	return size, nil
}

// Hash returns the SHA-256 of the placed file name, as [pipeline.File] has it.
// The error is [fs.ErrNotExist] when there is none.
func (s *Store) Hash(ctx context.Context, name string) (string, error) {
	sum := sha256.New()
	if _, err := s.read(ctx, name, sum); err != nil {
		return "", fmt.Errorf("hashing file %q: %w", name, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Open opens the placed file name for reading, from wherever it is. The error is
// [fs.ErrNotExist] when there is none.
func (s *Store) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	if _, err := s.backend.stat(ctx, name); err != nil {
		return nil, fmt.Errorf("opening file %q: %w", name, err)
	}
	in, err := s.backend.open(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("opening file %q: %w", name, err)
	}
	return in, nil
}

// Placed lists all files that stand among the placed ones, on record or not, in
// no order. It takes little memory however many they are.
func (s *Store) Placed(ctx context.Context) iter.Seq2[Placed, error] { return s.backend.list(ctx) }

func (s *Store) read(ctx context.Context, name string, to io.Writer) (int64, error) {
	if _, err := s.backend.stat(ctx, name); err != nil {
		return 0, err
	}
	in, err := s.backend.open(ctx, name)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(to, &contextReader{ctx: ctx, r: in})
	return n, errors.Join(err, in.Close())
}

// PlacedFile is a placed file that is looked at once more.
type PlacedFile struct {
	store *Store
	file  *os.File
	size  int64
	hash  string
	gone  func() // removes the copy, if it is one
}

// OpenPlaced reads the placed file name once more. The caller closes it. Of a file
// in a bucket it takes a copy for so long. The error is [fs.ErrNotExist] when
// there is none.
func (s *Store) OpenPlaced(ctx context.Context, name string) (*PlacedFile, error) {
	r, err := s.openPlaced(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("reading file %q: %w", name, err)
	}
	return r, nil
}

func (s *Store) openPlaced(ctx context.Context, name string) (*PlacedFile, error) {
	if _, err := s.backend.stat(ctx, name); err != nil {
		return nil, err
	}
	in, err := s.backend.open(ctx, name)
	if err != nil {
		return nil, err
	}
	r, sum := &PlacedFile{store: s, gone: func() {}}, sha256.New()
	from := &contextReader{ctx: ctx, r: in}
	var local bool
	if r.file, local = in.(*os.File); local {
		r.size, err = io.Copy(sum, from)
	} else if err = r.makeCopy(); err == nil {
		r.size, err = io.Copy(io.MultiWriter(r.file, sum), from)
		err = errors.Join(diskError(err), in.Close())
	} else {
		return nil, errors.Join(err, in.Close())
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.hash = hex.EncodeToString(sum.Sum(nil))
	return r, nil
}

// makeCopy opens a file for the copy that is gone when it is closed, or, where
// the system allows it, when this program is.
func (r *PlacedFile) makeCopy() error {
	file, err := os.CreateTemp("", "pipe-*")
	if err != nil {
		return fmt.Errorf("making room for a copy: %w", diskError(err))
	}
	r.file = file
	if os.Remove(file.Name()) != nil {
		r.gone = func() { _ = os.Remove(file.Name()) }
	}
	return nil
}

// Size is in bytes.
func (r *PlacedFile) Size() int64 { return r.size }

// SHA256 is the hash of its bytes, as [pipeline.File] has it.
func (r *PlacedFile) SHA256() string { return r.hash }

// Prove is [Store.Prove] for a file in its place.
func (r *PlacedFile) Prove(ctx context.Context, want pipeline.Expectation) (pipeline.Proof, error) {
	return r.store.examine(ctx, r.file, r.size, want)
}

// Close ends the use of the file.
func (r *PlacedFile) Close() error {
	defer r.gone()
	return r.file.Close()
}
