package artifact

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// savedDir holds placed files while newer ones take their names: by their hashes,
// until all of those are in place and on record.
const savedDir = ".replaced"

// Save holds the placed file of these bytes aside, durably, before a newer one
// takes its name. The error is [fs.ErrNotExist] when no file has the name.
func (s *Store) Save(ctx context.Context, name, sha256 string) error {
	if err := s.root.MkdirAll(savedDir, dirMode); err != nil {
		return fmt.Errorf("making room for %q: %w", name, diskError(err))
	}
	to := path.Join(savedDir, sha256)
	if _, err := s.root.Stat(to); err == nil {
		return nil
	}
	// On the same disk it costs nothing: the newer file comes as one of its own.
	if f, ok := s.backend.(*folderBackend); !ok || f.tag != "" || s.root.Link(path.Join(f.dir, name), to) != nil {
		if err := s.copySaved(ctx, name, to); err != nil {
			return fmt.Errorf("holding file %q aside: %w", name, err)
		}
	}
	return errors.Join(syncDir(s.root, savedDir), syncDir(s.root, "."))
}

func (s *Store) copySaved(ctx context.Context, name, to string) error {
	staged, _, err := s.copied(ctx, func() (io.ReadCloser, error) { return s.backend.open(ctx, name) })
	if err != nil {
		return err
	}
	defer staged.Discard()
	return staged.settle(false, func(from closedFile) (string, error) {
		if err := syncFile(s.root, from.name); err != nil {
			return "", err
		}
		return s.path(to), s.root.Rename(from.name, to)
	})
}

// copied stages what is opened, and gives its hash.
func (s *Store) copied(ctx context.Context, open func() (io.ReadCloser, error)) (*staged, string, error) {
	in, err := open()
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = in.Close() }() // only read: nothing can be lost
	f, err := s.Create(ctx)
	if err != nil {
		return nil, "", err
	}
	_, err = io.Copy(f, &contextReader{ctx: ctx, r: in})
	if err := errors.Join(err, f.Close()); err != nil {
		f.Discard()
		return nil, "", err
	}
	return f.(*staged), f.SHA256(), nil
}

// Saved lists the hashes of the files that are held aside.
func (s *Store) Saved() ([]string, error) {
	entries, err := fs.ReadDir(s.root.FS(), savedDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking for files that are held aside: %w", err)
	}
	var all []string
	for _, entry := range entries {
		if _, err := hex.DecodeString(entry.Name()); err == nil && !strings.HasPrefix(entry.Name(), ".") {
			all = append(all, entry.Name())
		}
	}
	return all, nil
}

// Restore puts a file that is held aside back to its name, unless that has these
// bytes. One that was altered since is left.
func (s *Store) Restore(ctx context.Context, sha256, name string) error {
	is, err := s.Hash(ctx, name)
	if err == nil && is == sha256 {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, sum, err := s.copied(ctx, func() (io.ReadCloser, error) { return s.root.Open(path.Join(savedDir, sha256)) })
	if err != nil {
		return fmt.Errorf("putting file %q back: %w", name, err)
	}
	defer f.Discard()
	if sum != sha256 {
		return nil
	}
	return s.Place(ctx, f, name)
}

// DropSaved removes a file that is held aside.
func (s *Store) DropSaved(sha256 string) error {
	if err := s.root.Remove(path.Join(savedDir, sha256)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing a file that was held aside: %w", err)
	}
	return nil
}
