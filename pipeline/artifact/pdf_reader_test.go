package artifact

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pipe/pipeline"
)

// slowPDF takes the reader many seconds: its one page shows text millions of
// times.
func slowPDF() []byte {
	content := "BT /F1 9 Tf " + strings.Repeat("1 0 Td (abcdefghijklmnop) Tj ", 400_000) + "ET"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99999 999] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	return buildPDF(objects)
}

func TestSlowPDFIsInterrupted(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	s.pdf = newPDFReader(t.Context(), s.opts.CacheDir, 100*time.Millisecond)
	defer func() {
		if err := s.pdf.close(); err != nil {
			t.Error(err)
		}
	}()
	slow := stage(t, s, slowPDF())
	start := time.Now()
	_, err := s.Prove(t.Context(), slow, want{Type: "pdf"})
	var failed *pipeline.ProofError
	if !errors.As(err, &failed) || failed.Reason != "is damaged: a PDF that cannot be read within 100ms" {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
	// More of them than there are instances leave the reader as good as new.
	for range pdfInstances {
		if _, err := s.Prove(t.Context(), slow, want{Type: "pdf"}); !errors.As(err, &failed) {
			t.Error(err)
		}
	}
	s.pdf.timeout = time.Minute // so that it is not the machine that is slow
	if _, err := s.Prove(t.Context(), stage(t, s, makePDF(t, nil, "fine")), want{Contains: []string{"fine"}}); err != nil {
		t.Errorf("the next PDF: %v", err)
	}
}

func TestCancelledProofIsNotTheFilesFault(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	slow := stage(t, s, slowPDF())
	s.pdf.warm()
	<-s.pdf.ready
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := s.Prove(ctx, slow, want{Type: "pdf"})
	if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, new(*pipeline.ProofError)) {
		t.Error(err)
	}
}

// What is compiled ahead is there for the runs.
func TestPrecompile(t *testing.T) {
	t.Parallel()
	dir, err := Precompile(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := filepath.Glob(filepath.Join(dir, "*", "*")); err != nil || len(kept) == 0 {
		t.Errorf("%s keeps %q: %v", dir, kept, err)
	}
}

func TestCloseEndsTheReader(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.Warm()
	data := slowPDF()
	file := &tellingReader{ReaderAt: bytes.NewReader(data), read: make(chan struct{})}
	failed := make(chan error, 1)
	go func() {
		_, err := s.pdf.read(context.WithoutCancel(t.Context()), file, int64(len(data)))
		failed <- err
	}()
	<-file.read
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-failed; !errors.Is(err, errPDFClosed) {
		t.Errorf("the reading under way: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("twice: %v", err)
	}
}

// tellingReader tells when it is read for the first time.
type tellingReader struct {
	io.ReaderAt
	once sync.Once
	read chan struct{}
}

func (r *tellingReader) ReadAt(p []byte, offset int64) (int, error) {
	r.once.Do(func() { close(r.read) })
	return r.ReaderAt.ReadAt(p, offset)
}

func TestCloseOfAReaderThatNeverStarted(t *testing.T) {
	t.Parallel()
	r := newPDFReader(t.Context(), "", time.Minute)
	if err := r.close(); err != nil {
		t.Error(err)
	}
	if _, err := r.read(t.Context(), strings.NewReader("x"), 1); !errors.Is(err, errPDFClosed) {
		t.Error(err)
	}
}
