package artifact

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

const (
	// maxDirectory is the most that is read of an archive's directory, in bytes:
	// an entry takes some times as much memory.
	maxDirectory = 16 << 20
	// maxRatio is how many times its size an archive may unpack to, beyond
	// freeUnpacked bytes. What people pack stays below a hundred.
	maxRatio     = 200
	freeUnpacked = 64 << 20
)

var (
	errDirectory = fmt.Errorf("its directory is of over %d MiB", maxDirectory>>20)
	errBomb      = fmt.Errorf("it unpacks to over %d times its size", maxRatio)
)

// directoryReader fails once too much is read, until it is let go.
type directoryReader struct {
	r    io.ReaderAt
	left int64
	free bool
}

func (d *directoryReader) ReadAt(p []byte, off int64) (int, error) {
	if d.left -= int64(len(p)); d.left < 0 && !d.free {
		return 0, errDirectory
	}
	return d.r.ReadAt(p, off)
}

// openZIP reads an archive's directory, which stands at its end: a file that
// is cut off has none.
func openZIP(r io.ReaderAt, size int64) (*zip.Reader, error) {
	directory := &directoryReader{r: r, left: maxDirectory}
	archive, err := zip.NewReader(directory, size)
	directory.free = true
	// Names that lead out of a folder are the concern of who unpacks.
	if errors.Is(err, zip.ErrInsecurePath) {
		err = nil
	}
	if err == nil {
		decodeNames(archive)
	}
	return archive, err
}

// openArchive tells an office file from other archives, which only the
// archive's directory can, and returns what is wrong with an archive that has
// none.
func (f *subject) openArchive() error {
	if !f.zipped {
		return nil
	}
	var err error
	f.archive, err = openZIP(f.file, f.size)
	switch {
	case errors.Is(err, zip.ErrFormat), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fail("whole", "is cut off: %s without its directory", f.desc)
	case err != nil:
		return fail("whole", "is damaged: %s that does not open (%v)", f.desc, err)
	}
	switch kind := officeKind(f.archive); {
	case kind != "":
		f.kind, f.desc = kind, noun(kind)
	case f.kind == typeXLSX || f.kind == typeDOCX || f.kind == typePPTX:
		// The first entry said so, but the document itself is not there.
		f.kind, f.desc = typeZIP, noun(typeZIP)
	}
	return nil
}

// readArchive unpacks all that is in an archive, to prove that it can be done.
func (f *subject) readArchive(ctx context.Context) error {
	left := max(int64(freeUnpacked), f.size*maxRatio)
	for _, file := range f.archive.File {
		switch {
		case isFolder(file):
			continue
		case isEncrypted(file):
			f.unread = f.desc + " that needs a password"
			continue
		}
		n, err := unpackTo(ctx, io.Discard, file, left)
		left -= n
		switch {
		case err == nil:
		case errors.Is(err, zip.ErrAlgorithm):
			// It may be whole: only what needs its content fails.
			f.unread = fmt.Sprintf("%s with %q packed in a way that is not known here", f.desc, brief(file.Name))
		default:
			return f.unpackError(file, err)
		}
	}
	return nil
}

// unpackError tells what is wrong with an archive from what is wrong with its
// disk.
func (f *subject) unpackError(file *zip.File, err error) error {
	var disk *fs.PathError
	switch {
	case errors.As(err, &disk), errors.Is(err, errSlow), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, errBomb):
		return fail("whole", "is %s that is not unpacked: %v", f.desc, errBomb)
	}
	return fail("whole", "is damaged: %s in which %q cannot be read (%v)", f.desc, brief(file.Name), err)
}

// unpackTo writes what an entry holds, most bytes of it at most.
func unpackTo(ctx context.Context, w io.Writer, file *zip.File, most int64) (int64, error) {
	part, err := file.Open()
	if err != nil {
		return 0, err
	}
	defer func() { _ = part.Close() }() // only read: nothing can be lost
	n, err := io.Copy(w, &contextReader{ctx: ctx, r: io.LimitReader(part, most+1)})
	if err == nil && n > most {
		err = errBomb
	}
	return n, err
}

func isFolder(file *zip.File) bool {
	return strings.HasSuffix(entryPath(file), "/") || file.Mode().IsDir()
}

func isEncrypted(file *zip.File) bool { return file.Flags&1 != 0 }

// brief is an entry's name, short enough for a reason.
func brief(name string) string {
	const most = 80
	if runes := []rune(strings.ToValidUTF8(name, "_")); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return strings.ToValidUTF8(name, "_")
}

// entryPath is an entry's name as archives are to have it: some programs write
// backslashes.
func entryPath(file *zip.File) string { return strings.ReplaceAll(file.Name, `\`, "/") }

// officeKind is the type of office document that an archive is, or "".
func officeKind(archive *zip.Reader) string {
	for _, file := range archive.File {
		switch strings.ToLower(entryPath(file)) {
		case "xl/workbook.xml":
			return typeXLSX
		case "word/document.xml":
			return typeDOCX
		case "ppt/presentation.xml":
			return typePPTX
		}
	}
	return ""
}

// textParts are where the text of an office document is, by its type, the most
// telling first.
var textParts = map[string][]string{
	typeXLSX: {"xl/sharedstrings.xml", "xl/worksheets/*.xml"},
	typeDOCX: {"word/document.xml", "word/header*.xml", "word/footer*.xml", "word/footnotes.xml", "word/endnotes.xml"},
	typePPTX: {"ppt/slides/*.xml", "ppt/notesslides/*.xml"},
	typeODT:  {"content.xml", "styles.xml"},
	typeODS:  {"content.xml"},
	typeODP:  {"content.xml"},
}

// partsOf lists the entries that hold a document's text.
func partsOf(archive *zip.Reader, kind string) []*zip.File {
	var parts []*zip.File
	for _, pattern := range textParts[kind] {
		for _, file := range archive.File {
			if ok, _ := path.Match(pattern, strings.ToLower(entryPath(file))); ok {
				parts = append(parts, file)
			}
		}
	}
	return parts
}

var errSlow = errors.New("the time for reading the file is over")
