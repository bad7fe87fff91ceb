package artifact

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"pipe/specs"
)

// Keep copies the placed file of these bytes to another name among the placed
// files, so that a newer one can have its own. It may be called again, whatever
// came between. The error is [fs.ErrNotExist] when neither name has these bytes.
func (s *Store) Keep(ctx context.Context, name, sha256, as string) error {
	kept, err := s.Hash(ctx, as)
	if err == nil && kept == sha256 {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.copyPlaced(ctx, name, sha256, as)
}

func (s *Store) copyPlaced(ctx context.Context, name, sha256, as string) error {
	in, err := s.backend.open(ctx, name)
	if err != nil {
		return fmt.Errorf("reading file %q: %w", name, err)
	}
	defer func() { _ = in.Close() }() // only read: nothing can be lost
	staged, err := s.Create(ctx)
	if err != nil {
		return err
	}
	defer staged.Discard()
	_, err = io.Copy(staged, &contextReader{ctx: ctx, r: in})
	if err := errors.Join(err, staged.Close()); err != nil {
		return fmt.Errorf("copying file %q: %w", name, err)
	}
	if staged.SHA256() != sha256 {
		return fmt.Errorf("file %q has other bytes than on record: %w", name, fs.ErrNotExist)
	}
	return s.Place(ctx, staged, as)
}

// Remove removes a placed file. One that is not there is none to remove.
func (s *Store) Remove(ctx context.Context, name string) error {
	s.placing.Lock()
	defer s.placing.Unlock()
	if err := s.backend.remove(ctx, name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing file %q: %w", name, err)
	}
	if s.names != nil && s.names.busy[specs.FoldName(name)] == nil {
		s.names.forget(name)
	}
	return nil
}

func (f *folderBackend) remove(_ context.Context, name string) error {
	target := path.Join(f.dir, name)
	if err := f.root.Remove(target); err != nil {
		return err
	}
	return syncDir(f.root, path.Dir(target))
}

func (b *bucketBackend) remove(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if err := b.bucket.Delete(ctx, name); err != nil {
		return b.absent("removing from", err)
	}
	return nil
}
