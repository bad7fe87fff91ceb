package artifact

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"time"

	pdferrors "github.com/klippa-app/go-pdfium/errors"
)

const (
	// trailerBytes at the end of a PDF must hold its %%EOF. Servers may send
	// some bytes after it.
	trailerBytes = 2048
	// maxPDF is the largest PDF whose pages and text are read, in bytes.
	maxPDF = 512 << 20
	// slowDisk is how much of a file is read in a second, at the least.
	slowDisk = 20 << 20
)

// read proves that the file is whole and reads its pages and its text, in
// bounded time.
func (f *subject) read(ctx context.Context) error {
	// A large file may take longer, at a slow disk's pace.
	limit := f.limit + time.Duration(f.size/slowDisk)*time.Second
	timed, cancel := context.WithTimeoutCause(ctx, limit, errSlow)
	defer cancel()
	err := f.readKind(timed)
	if errors.Is(err, errSlow) {
		return fail("whole", "is damaged: %s that cannot be read within %v", f.desc, limit)
	}
	return err
}

func (f *subject) readKind(ctx context.Context) error {
	switch {
	case f.kind == typePDF:
		return f.readPDF(ctx)
	case f.archive != nil:
		if err := f.readArchive(ctx); err != nil || f.unread != "" || textParts[f.kind] == nil {
			return err
		}
		return f.readOffice(ctx)
	case f.kind == typeImage && !f.textual:
		return f.readImage(ctx)
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
	if f.kind != typeHTML {
		return nil
	}
	tail := f.text
	if f.cut {
		end, err := f.tail()
		if err != nil {
			return err
		}
		tail = decodeText(end)
	}
	f.ends = htmlEnds(f.head, tail)
	return nil
}

func (f *subject) readPDF(ctx context.Context) error {
	if err := f.checkTrailer(); err != nil {
		return err
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

var (
	pdfLinearized = regexp.MustCompile(`(?s)/Linearized\b.{0,300}?/L\s+(\d{1,18})\b`)
	pdfStartXref  = regexp.MustCompile(`startxref\s+(\d{1,18})\b`)
)

// checkTrailer looks for the mark that ends a PDF, and for what tells that the
// file was longer: a PDF made for the web has such a mark near its start too.
func (f *subject) checkTrailer() error {
	tail, err := f.tail()
	if err != nil {
		return err
	}
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return fail("whole", "is cut off: a PDF without its end (%%%%EOF)")
	}
	if told := numberIn(pdfLinearized, f.head[:min(len(f.head), trailerBytes)]); told > f.size {
		return fail("whole", "is cut off: a PDF of %d bytes that tells of %d", f.size, told)
	}
	if told := numberIn(pdfStartXref, string(tail)); told >= f.size {
		return fail("whole", "is cut off: a PDF of %d bytes whose index is to be at %d", f.size, told)
	}
	return nil
}

// numberIn is the last number that a pattern finds, or -1.
func numberIn(pattern *regexp.Regexp, text string) int64 {
	all := pattern.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return -1
	}
	n, err := strconv.ParseInt(all[len(all)-1][1], 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// tail reads the end of the file.
func (f *subject) tail() ([]byte, error) {
	tail := make([]byte, min(f.size, trailerBytes))
	if _, err := f.file.ReadAt(tail, f.size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the end of the file: %w", err)
	}
	return tail, nil
}
