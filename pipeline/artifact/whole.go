package artifact

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	pdferrors "github.com/klippa-app/go-pdfium/errors"
)

const (
	// trailerBytes at the end of a PDF must hold its %%EOF. Servers may send
	// some bytes after it.
	trailerBytes = 2048
	// maxPDF is the largest PDF whose pages and text are read, in bytes.
	maxPDF = 512 << 20
)

// openArchive tells a workbook from other archives, which only the archive's
// directory can, and returns what is wrong with an archive that has none.
func (f *subject) openArchive() error {
	if !f.zipped {
		return nil
	}
	archive, err := openZIP(f.file, f.size)
	switch {
	case errors.Is(err, zip.ErrFormat), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fail("whole", "is cut off: %s without its directory", f.desc)
	case err != nil:
		return fail("whole", "is damaged: %s that does not open (%v)", f.desc, err)
	}
	if isWorkbook(archive) {
		f.kind, f.desc = typeXLSX, noun(typeXLSX)
	}
	return nil
}

// read proves that the file is whole and reads its pages and its text.
func (f *subject) read(ctx context.Context) error {
	switch {
	case f.kind == typePDF:
		return f.readPDF(ctx)
	case f.kind == typeXLSX:
		return f.readWorkbook()
	case f.textual:
		return f.readText()
	}
	return nil
}

func (f *subject) readText() error {
	data, err := io.ReadAll(io.NewSectionReader(f.file, 0, maxText))
	if err != nil {
		return fmt.Errorf("reading its text: %w", err)
	}
	f.text, f.cut = cutText(decodeText(data))
	f.cut = f.cut || f.size > maxText
	f.hasText = true
	return nil
}

func (f *subject) readWorkbook() error {
	archive, err := openZIP(f.file, f.size)
	if err != nil {
		return fail("whole", "is damaged: %s that does not open (%v)", f.desc, err)
	}
	f.text, f.cut, err = workbookText(archive)
	if err != nil {
		return fail("whole", "is damaged: %s that cannot be read (%v)", f.desc, err)
	}
	f.hasText = true
	return nil
}

func (f *subject) readPDF(ctx context.Context) error {
	whole, err := f.hasTrailer()
	if err != nil {
		return err
	}
	if !whole {
		return fail("whole", "is cut off: a PDF without its end (%%%%EOF)")
	}
	if f.size > maxPDF {
		f.unread = fmt.Sprintf("a PDF of %d MiB, more than the %d MiB that are read", f.size>>20, maxPDF>>20)
		return nil
	}
	info, err := f.pdf.read(ctx, f.file, f.size)
	var broken *brokenPDFError
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		// It may be whole and just what the spec wants: only what needs its
		// pages or its text fails.
		f.unread = "a PDF that needs a password"
		return nil
	case errors.As(err, &broken):
		return fail("whole", "is damaged: a PDF that %v", broken)
	case err != nil:
		return fmt.Errorf("reading the PDF: %w", err)
	case info.pages == 0:
		return fail("whole", "is a PDF without pages")
	case info.pages == 1:
		f.desc = "a PDF of 1 page"
	default:
		f.desc = fmt.Sprintf("a PDF of %d pages", info.pages)
	}
	f.pages, f.text, f.cut, f.hasText = info.pages, info.text, info.cut, true
	return nil
}

// hasTrailer looks for the mark that ends a PDF.
func (f *subject) hasTrailer() (bool, error) {
	tail := make([]byte, min(f.size, trailerBytes))
	if _, err := f.file.ReadAt(tail, f.size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("reading the end of the file: %w", err)
	}
	return bytes.Contains(tail, []byte("%%EOF")), nil
}
