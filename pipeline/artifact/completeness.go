package artifact

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	pdferrors "github.com/klippa-app/go-pdfium/errors"
)

const (
	// tailBytes at the end of a page must hold its </html>.
	tailBytes = 2048
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
		if err := f.readImage(ctx); err != nil {
			return err
		}
	case f.textual:
		if err := f.readText(); err != nil {
			return err
		}
		return f.checkTextEnd(ctx)
	}
	return f.checkBinaryEnd(ctx)
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
	end, err := f.findPDFEnd(ctx)
	if err != nil {
		return err
	}
	stands, err := f.indexStands(ctx, end)
	if err != nil {
		return err
	}
	if f.size > maxPDF {
		f.unread = fmt.Sprintf("a PDF of %d MiB, more than the %d MiB that are read", f.size>>20, maxPDF>>20)
	} else {
		// Behind its end the reader would not find the end.
		info, err := f.pdf.read(ctx, f.file, end.at)
		if err := f.takePDF(info, err); err != nil {
			return err
		}
		stands = stands && (info.indexed || f.unread != "")
	}
	if stands {
		return nil
	}
	return f.checkObjects(ctx, end)
}

// takePDF takes over what the reader has found.
func (f *subject) takePDF(info pdfInfo, err error) error {
	var broken *brokenPDFError
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		// It may be whole and just what the spec wants: only what needs its
		// pages or its text fails.
		f.unread = "a PDF that needs a password"
		return nil
	case errors.As(err, &broken):
		if told := f.toldLength(); told > f.size {
			return fail("whole", "is cut off: a PDF of %d bytes that tells of %d", f.size, told)
		}
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
	f.pages, f.text, f.cut, f.hasText, f.scanned = info.pages, info.text, info.cut, true, info.pictures
	return nil
}

// tail reads the end of the file.
func (f *subject) tail() ([]byte, error) {
	tail := make([]byte, min(f.size, tailBytes))
	if _, err := f.file.ReadAt(tail, f.size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the end of the file: %w", err)
	}
	return tail, nil
}
