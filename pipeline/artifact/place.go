package artifact

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"pipe/pipeline"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Place syncs the staged file and renames it to name below files/. A reader
// sees the whole file or none, also after a loss of power. A file that has the
// name already is replaced; one whose name differs only in case or in Unicode
// form is an error, because other file systems take the two for one. The name
// must be as Name makes it.
func (s *Store) Place(ctx context.Context, f pipeline.Staged, name string) error {
	if err := s.place(ctx, f, name); err != nil {
		return fmt.Errorf("placing file %q: %w", name, err)
	}
	return nil
}

func (s *Store) place(ctx context.Context, f pipeline.Staged, name string) error {
	st, err := s.own(f)
	if err != nil {
		return err
	}
	safe, err := s.Name(name)
	if err != nil {
		return err
	}
	if safe != name {
		return fmt.Errorf("the name is not safe, %q is", safe)
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	target := path.Join(filesDir, name)
	err = st.settle(false, func(from string) (string, error) {
		if err := s.syncFile(from); err != nil {
			return "", err
		}
		return target, s.rename(from, name)
	})
	if err != nil {
		return err
	}
	return s.syncDir(path.Dir(target))
}

// rename moves the file from .staging/ to name below files/.
func (s *Store) rename(from, name string) error {
	s.placing.Lock()
	defer s.placing.Unlock()
	if err := s.claim(name); err != nil {
		return err
	}
	target := path.Join(filesDir, name)
	if err := s.makeParents(path.Dir(target)); err != nil {
		return err
	}
	if err := s.root.Rename(from, target); err != nil {
		return diskError(err)
	}
	s.names[foldName(name)] = name
	return nil
}

// makeParents makes dir, with its parents, durable before anything is in it.
func (s *Store) makeParents(dir string) error {
	if dir == filesDir {
		return nil
	}
	parent := path.Dir(dir)
	if err := s.makeParents(parent); err != nil {
		return err
	}
	err := s.root.Mkdir(dir, dirMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return diskError(err)
	}
	return s.syncDir(parent)
}

// claim fails when another file has the name but for its case or its form.
func (s *Store) claim(name string) error {
	if s.names == nil {
		names, err := s.readNames()
		if err != nil {
			return err
		}
		s.names = names
	}
	other, ok := s.names[foldName(name)]
	if !ok || other == name {
		return nil
	}
	if _, err := s.root.Lstat(path.Join(filesDir, other)); errors.Is(err, fs.ErrNotExist) {
		return nil // somebody removed it since
	}
	return fmt.Errorf("its name is the same as that of %q but for upper and lower case; "+
		"use something in the file name that sets the two apart", other)
}

// readNames lists what earlier runs placed.
func (s *Store) readNames() (map[string]string, error) {
	names := map[string]string{}
	err := fs.WalkDir(s.root.FS(), filesDir, func(p string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name := strings.TrimPrefix(p, filesDir+"/")
		names[foldName(name)] = name
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing the files there are: %w", err)
	}
	return names, nil
}

// foldName maps names that some file system takes for the same to one string.
func foldName(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}
