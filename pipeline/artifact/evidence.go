package artifact

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"
)

// SetAside moves the file to evidence/ and returns where it is now. The oldest
// evidence makes room for it.
func (f *staged) SetAside(key string) (string, error) {
	err := f.settle(true, func(from closedFile) (string, error) {
		to := path.Join(evidenceDir, evidenceName(key)+f.store.extension(from.name))
		return f.store.path(to), f.store.root.Rename(from.name, to)
	})
	if err != nil {
		return "", fmt.Errorf("setting evidence of %q aside: %w", key, diskError(err))
	}
	if err := f.store.trimEvidence(filepath.Base(f.Path())); err != nil {
		return f.Path(), fmt.Errorf("removing old evidence: %w", err)
	}
	return f.Path(), nil
}

// evidenceName starts with the time, so that a listing is in order, and ends
// with something random, so that no two are the same.
func evidenceName(key string) string {
	safe, err := tidy(strings.ReplaceAll(key, "/", "_"))
	if err != nil {
		safe = "item"
	}
	safe = portable(safe, key)
	return time.Now().UTC().Format("20060102T150405.000Z") + "-" + safe + "-" + rand.Text()[:6]
}

// extension is what a person's desktop needs to open the file.
func (s *Store) extension(name string) string {
	file, err := s.root.Open(name)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }() // only read: nothing can be lost
	mtype, err := mimetype.DetectReader(file)
	if err != nil {
		return ""
	}
	return mtype.Extension()
}

// trimEvidence removes the oldest evidence beyond the bounds, but never newest.
func (s *Store) trimEvidence(newest string) error {
	s.evidence.Lock()
	defer s.evidence.Unlock()
	kept, err := s.listEvidence(newest)
	if err != nil {
		return err
	}
	var total int64
	for i, info := range kept {
		total += info.Size()
		if i == 0 || i < s.opts.MaxEvidence && total <= s.opts.MaxEvidenceBytes {
			continue
		}
		err := s.root.Remove(path.Join(evidenceDir, info.Name()))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// listEvidence returns the files under evidence/, the newest first.
func (s *Store) listEvidence(newest string) ([]fs.FileInfo, error) {
	entries, err := fs.ReadDir(s.root.FS(), evidenceDir)
	if err != nil {
		return nil, err
	}
	var files []fs.FileInfo
	for _, entry := range entries {
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if info.Mode().IsRegular() {
			files = append(files, info)
		}
	}
	age := func(info fs.FileInfo) int {
		if info.Name() == newest {
			return 0
		}
		return 1
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int {
		return cmp.Or(cmp.Compare(age(a), age(b)), b.ModTime().Compare(a.ModTime()), strings.Compare(b.Name(), a.Name()))
	})
	return files, nil
}
