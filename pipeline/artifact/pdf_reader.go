package artifact

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/requests"
)

// pdfGrace bounds the wait for an interrupted reading to end.
const pdfGrace = 5 * time.Second

var (
	errSlowPDF   = errors.New("the time for reading a PDF is over")
	errPDFClosed = errors.New("the PDF reader is closed")
)

// brokenPDFError says what is wrong with a PDF, as "a PDF that <reason>".
type brokenPDFError struct{ reason string }

func (e *brokenPDFError) Error() string { return e.reason }

// pdfReader reads PDFs by PDFium in a WebAssembly sandbox without files,
// network or environment. Every PDF gets an instance of its own, which takes a
// millisecond or two: what one PDF breaks, the next does not see.
type pdfReader struct {
	cacheDir string
	timeout  time.Duration

	// life ends with close and interrupts whatever runs in the sandbox.
	life context.Context
	end  context.CancelFunc

	// work is what runs in the background; shutDown waits for it.
	work sync.WaitGroup

	start sync.Once
	ready chan struct{} // closed once engine and err are set
	// engine is nil until the first PDF or warm.
	engine *pdfEngine
	err    error
	slots  chan struct{} // one value for each instance in use
	close  func() error  // may be called more than once
}

// newPDFReader makes a reader that lives until it is closed, whatever becomes of ctx.
func newPDFReader(ctx context.Context, cacheDir string, timeout time.Duration) *pdfReader {
	r := &pdfReader{
		cacheDir: cacheDir,
		timeout:  timeout,
		ready:    make(chan struct{}),
		slots:    make(chan struct{}, pdfInstances),
	}
	r.life, r.end = context.WithCancel(context.WithoutCancel(ctx))
	r.close = sync.OnceValue(r.shutDown)
	return r
}

// warm starts the engine in the background, unless it was started or closed.
func (r *pdfReader) warm() {
	r.start.Do(func() {
		r.work.Go(func() {
			defer close(r.ready)
			r.engine, r.err = startPDFEngine(r.life, r.cacheDir)
		})
	})
}

// pdfInfo is what a PDF tells about itself.
type pdfInfo struct {
	pages int
	text  string
	cut   bool // there is more text
	// indexed is true when the PDF's own index holds, and none had to be made.
	indexed bool
	// pictures is true when there is no text, and a page shows a picture.
	pictures bool
}

// read returns a PDF's pages and its text up to maxText. The error is a
// *brokenPDFError for a PDF that cannot be read, and pdferrors.ErrPassword or
// pdferrors.ErrSecurity for an encrypted one; others are not the PDF's fault.
func (r *pdfReader) read(ctx context.Context, file io.ReaderAt, size int64) (pdfInfo, error) {
	if err := r.acquire(ctx); err != nil {
		return pdfInfo{}, err
	}
	info, err := r.extractInTime(ctx, io.NewSectionReader(file, 0, size))
	switch {
	case err != nil && r.life.Err() != nil:
		return pdfInfo{}, errPDFClosed
	case errors.Is(err, errSlowPDF):
		return pdfInfo{}, &brokenPDFError{fmt.Sprintf("cannot be read within %v", r.timeout)}
	}
	return info, err
}

// acquire waits for the engine and for a slot.
func (r *pdfReader) acquire(ctx context.Context) error {
	r.warm()
	select {
	case <-r.ready:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if r.err != nil {
		return r.err
	}
	select {
	case r.slots <- struct{}{}:
		return nil
	case <-r.life.Done():
		return errPDFClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// extractInTime reads a PDF in an instance of its own and gives the slot back
// when the instance has truly ended, even if that is after its return.
func (r *pdfReader) extractInTime(ctx context.Context, file *io.SectionReader) (pdfInfo, error) {
	instance, err := r.engine.pool.GetInstanceWithContext(ctx)
	if err != nil {
		<-r.slots
		return pdfInfo{}, fmt.Errorf("starting an instance of the PDF reader: %w", err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.timeout, errSlowPDF)
	defer cancel()
	type result struct {
		info pdfInfo
		err  error
	}
	done, decided := make(chan result, 1), make(chan struct{})
	defer close(decided)
	r.work.Go(func() {
		defer func() { <-r.slots }()
		info, err := extract(instance, file)
		done <- result{info, err}
		<-decided // Kill and Close must not meet
		// An instance that was killed or is broken cannot close, and need not.
		_ = instance.Close()
	})
	select {
	case res := <-done:
		return res.info, res.err
	case <-ctx.Done():
	}
	_ = instance.Kill() // as above
	grace := time.NewTimer(pdfGrace)
	defer grace.Stop()
	select {
	case <-done:
	case <-grace.C:
	}
	return pdfInfo{}, context.Cause(ctx)
}

// extract reads a PDF in an instance of the sandbox.
func extract(instance pdfium.Pdfium, file *io.SectionReader) (pdfInfo, error) {
	doc, err := instance.OpenDocument(&requests.OpenDocument{FileReader: file, FileReaderSize: file.Size()})
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return pdfInfo{}, err
	case errors.Is(err, pdferrors.ErrFormat):
		return pdfInfo{}, &brokenPDFError{"does not open, its structure is broken"}
	case err != nil:
		return pdfInfo{}, &brokenPDFError{fmt.Sprintf("does not open (%v)", err)}
	}
	count, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return pdfInfo{}, &brokenPDFError{fmt.Sprintf("does not tell its pages (%v)", err)}
	}
	index, err := instance.FPDF_DocumentHasValidCrossReferenceTable(&requests.FPDF_DocumentHasValidCrossReferenceTable{Document: doc.Document})
	info := pdfInfo{pages: count.PageCount, indexed: err == nil && index.DocumentHasValidCrossReferenceTable}
	var text strings.Builder
	for i := range info.pages {
		if text.Len() > maxText {
			break
		}
		page, err := instance.GetPageText(&requests.GetPageText{
			Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: i}},
		})
		if err != nil {
			return pdfInfo{}, &brokenPDFError{fmt.Sprintf("does not show its page %d (%v)", i+1, err)}
		}
		text.WriteString(page.Text)
		text.WriteByte('\n')
		writeNotes(&text, instance, doc.Document, i)
	}
	info.text, info.cut = cutText(text.String())
	info.pictures = strings.TrimSpace(info.text) == "" && shows(instance, doc.Document, info.pages)
	return info, nil
}

// shutDown ends the engine. It waits for what runs in it, which is interrupted,
// because its code must not be freed under it.
func (r *pdfReader) shutDown() error {
	r.end()
	r.start.Do(func() {
		r.err = errPDFClosed
		close(r.ready)
	})
	grace := time.NewTimer(pdfGrace)
	defer grace.Stop()
	select {
	case <-r.ready:
	case <-grace.C:
		return errors.New("closing the PDF reader: it is still starting")
	}
	if r.engine == nil {
		return nil
	}
	for range pdfInstances {
		select {
		case r.slots <- struct{}{}:
		case <-grace.C:
			return errors.New("closing the PDF reader: a PDF is still being read")
		}
	}
	r.work.Wait() // with all slots taken, nothing is left but to return
	return r.engine.close(context.WithoutCancel(r.life))
}
