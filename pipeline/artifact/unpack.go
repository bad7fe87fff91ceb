package artifact

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"pipe/pipeline"
)

// maxMembers is the most files that are taken out of one archive.
const maxMembers = 1000

// Unpack stages the files in a ZIP archive under names of this store's making:
// what the archive calls them is only told. Folders, and what systems add of
// their own, are passed over. An archive that holds what cannot be a file of
// the item's is a [*pipeline.ProofError], and nothing of it is kept.
func (s *Store) Unpack(ctx context.Context, f pipeline.Staged) ([]pipeline.Member, error) {
	members, err := s.unpack(ctx, f)
	if err == nil {
		return members, nil
	}
	for _, m := range members {
		m.Discard()
	}
	var failed *pipeline.ProofError
	if errors.As(err, &failed) {
		return nil, failed
	}
	return nil, fmt.Errorf("unpacking file: %w", err)
}

func (s *Store) unpack(ctx context.Context, f pipeline.Staged) (members []pipeline.Member, err error) {
	st, err := s.own(f)
	if err != nil {
		return nil, err
	}
	if err := st.Close(); err != nil {
		return nil, err
	}
	st.mu.Lock()
	name, size := st.name, st.size
	st.mu.Unlock()
	file, err := s.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read: nothing can be lost
	archive, err := openZIP(file, size)
	if err != nil {
		return nil, fail("whole", "is damaged: a ZIP archive that does not open (%v)", err)
	}
	files, err := wanted(archive)
	if err != nil {
		return nil, err
	}
	sub := &subject{content: content{desc: noun(typeZIP)}}
	left := max(int64(freeUnpacked), size*maxRatio)
	names := memberNames(files)
	for i, entry := range files {
		member, err := s.Create(ctx)
		if err != nil {
			return members, err
		}
		members = append(members, pipeline.Member{Name: names[i], Staged: member})
		n, err := unpackTo(ctx, member, entry, left)
		left -= n
		if broken := member.Close(); broken != nil {
			return members, broken
		}
		if err != nil {
			return members, sub.unpackError(entry, err)
		}
	}
	return members, nil
}

// wanted lists the files of an archive that are the site's.
func wanted(archive *zip.Reader) ([]*zip.File, error) {
	var files []*zip.File
	for _, file := range archive.File {
		name := entryPath(file)
		switch {
		case !filepath.IsLocal(strings.TrimSuffix(name, "/")), onDrive.MatchString(name):
			return nil, fail("many", "is a ZIP archive with a file that would leave its folder: %q", brief(file.Name))
		case isFolder(file), addedBySystem(name):
			continue
		case file.Mode()&fs.ModeType != 0:
			return nil, fail("many", "is a ZIP archive with %q, which is no file but a link or a device", brief(file.Name))
		case isEncrypted(file):
			return nil, fail("many", "is a ZIP archive that needs a password: %q is locked", brief(file.Name))
		}
		files = append(files, file)
	}
	switch {
	case len(files) == 0:
		return nil, fail("many", "is a ZIP archive without files")
	case len(files) > maxMembers:
		return nil, fail("many", "is a ZIP archive of %d files, more than the %d that are taken", len(files), maxMembers)
	}
	return files, nil
}

// onDrive is a name that begins with a drive of Windows.
var onDrive = regexp.MustCompile(`^[A-Za-z]:`)

// addedBySystem tells what desktops put into folders and archives.
func addedBySystem(name string) bool {
	return strings.HasPrefix(name, "__MACOSX/") ||
		slices.Contains([]string{".DS_Store", "Thumbs.db", "desktop.ini"}, path.Base(name))
}
