package artifact

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// foreignStaging is where files are copied to on their way into a folder that
// may be on another disk. No file's name begins with a dot.
const foreignStaging = ".pipe-staging"

// folderBackend keeps files on a disk.
type folderBackend struct {
	root *os.Root
	dir  string // below root
	path string // absolute, for people
	// tag begins the names under which this output folder's files are copied in;
	// "" when they are on the same disk and need no copy.
	tag string
}

// openFolder opens a folder outside the output folder's own tree.
func openFolder(name, out string, make bool) (*folderBackend, error) {
	dir, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("opening the files' folder: %w", err)
	}
	if within, err := filepath.Rel(dir, out); err == nil && filepath.IsLocal(within) {
		return nil, fmt.Errorf("the files' folder %s holds the output folder: give the files a folder of their own", dir)
	}
	if make {
		if err := os.MkdirAll(dir, dirMode); err != nil {
			return nil, fmt.Errorf("making the files' folder: %w", diskError(err))
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the files' folder, is its disk there? %w", err)
	}
	sum := sha256.Sum256([]byte(out))
	return &folderBackend{root: root, dir: ".", path: dir, tag: hex.EncodeToString(sum[:8])}, nil
}

func (f *folderBackend) close() error {
	if f.tag == "" {
		return nil // the root is the store's
	}
	return f.root.Close()
}

// prepare sweeps what earlier runs of this output folder left half-copied.
func (f *folderBackend) prepare(context.Context) error {
	if f.tag == "" {
		return nil
	}
	if err := f.root.MkdirAll(foreignStaging, dirMode); err != nil {
		return fmt.Errorf("the files' folder %s cannot be written: %w", f.path, diskError(err))
	}
	stale, err := fs.ReadDir(f.root.FS(), foreignStaging)
	if err != nil {
		return fmt.Errorf("looking for stale files in %s: %w", f.path, err)
	}
	for _, entry := range stale {
		if !strings.HasPrefix(entry.Name(), f.tag) {
			continue // another run's
		}
		if err := f.root.Remove(path.Join(foreignStaging, entry.Name())); err != nil {
			return fmt.Errorf("removing a stale file from %s: %w", f.path, err)
		}
	}
	return f.probe()
}

// probe makes sure that a file can be written.
func (f *folderBackend) probe() error {
	name := f.stagingName()
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err == nil {
		err = errors.Join(file.Close(), f.root.Remove(name))
	}
	if err != nil {
		return fmt.Errorf("the files' folder %s cannot be written: %w", f.path, diskError(err))
	}
	return nil
}

func (f *folderBackend) stagingName() string { return path.Join(foreignStaging, f.tag+"-"+rand.Text()) }

func (f *folderBackend) put(ctx context.Context, from closedFile, name string) (string, error) {
	source := from.name
	if f.tag != "" {
		source = f.stagingName()
		if err := f.copy(ctx, from, source); err != nil {
			_ = f.root.Remove(source) // else it is swept by the next run
			return "", err
		}
	} else if err := syncFile(f.root, source); err != nil {
		return "", err
	}
	target := path.Join(f.dir, name)
	if err := f.makeParents(path.Dir(target)); err != nil {
		return "", err
	}
	if err := f.root.Rename(source, target); err != nil {
		return "", diskError(err)
	}
	if err := syncDir(f.root, path.Dir(target)); err != nil {
		return "", err
	}
	if f.tag != "" {
		from.remove()
	}
	return filepath.Join(f.path, filepath.FromSlash(name)), nil
}

// copy brings the staged bytes to this disk, durably, and makes sure that they
// are the same.
func (f *folderBackend) copy(ctx context.Context, from closedFile, to string) error {
	in, err := from.read()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read: nothing can be lost
	out, err := f.root.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return fmt.Errorf("copying to %s: %w", f.path, diskError(err))
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(out, sum), &contextReader{ctx: ctx, r: in})
	if err == nil {
		err = out.Sync()
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("copying to %s: %w", f.path, diskError(err))
	}
	if hex.EncodeToString(sum.Sum(nil)) != from.sha256 {
		return fmt.Errorf("copying to %s: the staged bytes have changed; is the disk sound?", f.path)
	}
	return nil
}

// makeParents makes dir, with its parents, durable before anything is in it.
func (f *folderBackend) makeParents(dir string) error {
	if dir == f.dir {
		return nil
	}
	parent := path.Dir(dir)
	if err := f.makeParents(parent); err != nil {
		return err
	}
	err := f.root.Mkdir(dir, dirMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return diskError(err)
	}
	return syncDir(f.root, parent)
}

func (f *folderBackend) stat(_ context.Context, name string) (int64, error) {
	info, err := f.root.Stat(path.Join(f.dir, name))
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, errors.New("it is no regular file")
	}
	return info.Size(), nil
}

func (f *folderBackend) open(_ context.Context, name string) (io.ReadCloser, error) {
	return f.root.Open(path.Join(f.dir, name))
}

func (f *folderBackend) list(ctx context.Context) iter.Seq2[Placed, error] {
	return func(yield func(Placed, error) bool) {
		_, err := f.walk(ctx, "", func(p Placed) bool { return yield(p, nil) })
		if err != nil {
			yield(Placed{}, fmt.Errorf("listing the files in %s: %w", f.path, err))
		}
	}
}

// listed is how many entries of a folder are read at once, so that a folder of
// any size takes little memory.
const listed = 512

// walk gives the files below a folder, and tells whether more are wanted.
func (f *folderBackend) walk(ctx context.Context, below string, yield func(Placed) bool) (bool, error) {
	dir, err := f.root.Open(path.Join(f.dir, below))
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = dir.Close() }() // only read: nothing can be lost
	for {
		entries, err := dir.ReadDir(listed)
		for _, entry := range entries {
			more, err := f.visit(ctx, path.Join(below, entry.Name()), entry, yield)
			if err != nil || !more {
				return false, err
			}
		}
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
}

func (f *folderBackend) visit(ctx context.Context, name string, entry fs.DirEntry, yield func(Placed) bool) (bool, error) {
	if err := context.Cause(ctx); err != nil {
		return false, err
	}
	if name == foreignStaging {
		return true, nil
	}
	if entry.IsDir() {
		return f.walk(ctx, name, yield)
	}
	info, err := entry.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil // gone since
	}
	if err != nil {
		return false, err
	}
	return yield(Placed{Name: name, Modified: info.ModTime()}), nil
}

const dirMode = 0o750
