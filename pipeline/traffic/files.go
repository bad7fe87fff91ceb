package traffic

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

var (
	pdfSign  = []byte("%PDF-")
	zipSign  = []byte("PK\x03\x04")
	gzipSign = []byte{0x1f, 0x8b}
)

// body gives an answer's body without what is to be taken out: a text by its replacement,
// an archive and an office document by that of what is in them, a PDF as a small one that
// has the other text. What has nothing of it stays as it is.
func (s *Scrubber) body(ctx context.Context, e *Exchange) ([]byte, error) {
	out, err := s.content(ctx, e.Body)
	if err != nil {
		return nil, fmt.Errorf("scrubbing what came from %s: %w", e.URL.Redacted(), err)
	}
	if pictured(e) && len(s.by) > 0 {
		s.Unread = append(s.Unread, e.URL.Redacted())
	}
	return out, nil
}

// pictured tells whether a file shows what no search finds.
func pictured(e *Exchange) bool {
	kind := e.Header.Get("Content-Type")
	return strings.HasPrefix(kind, "image/") && !strings.HasPrefix(kind, "image/svg") || strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "video/")
}

func (s *Scrubber) content(ctx context.Context, body []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(body, pdfSign):
		return s.pdf(ctx, body)
	case bytes.HasPrefix(body, zipSign):
		return s.zip(ctx, body)
	case bytes.HasPrefix(body, gzipSign):
		return s.gzip(ctx, body)
	default:
		return []byte(s.Text(string(body))), nil
	}
}

func (s *Scrubber) pdf(ctx context.Context, body []byte) ([]byte, error) {
	if s.ReadPDF == nil {
		return body, nil
	}
	text, pages, err := s.ReadPDF(ctx, body)
	if err != nil {
		return nil, err
	}
	scrubbed, raw := s.Text(text), s.Text(string(body))
	if scrubbed == text && raw == string(body) {
		return body, nil
	}
	return smallPDF(scrubbed, pages)
}

// smallPDF makes a PDF of so many pages, the text on the first.
func smallPDF(text string, pages int) ([]byte, error) {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetCompression(false)
	at := time.Unix(0, 0).UTC()
	doc.SetCreationDate(at)
	doc.SetModificationDate(at)
	doc.SetFont("Helvetica", "", 10)
	translate := doc.UnicodeTranslatorFromDescriptor("")
	doc.SetAutoPageBreak(false, 0)
	for n := range max(1, pages) {
		doc.AddPage()
		if n == 0 {
			doc.MultiCell(0, 4, translate(text), "", "L", false)
		}
	}
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		return nil, fmt.Errorf("making a PDF in the place of another: %w", err)
	}
	return out.Bytes(), nil
}

func (s *Scrubber) zip(ctx context.Context, body []byte) ([]byte, error) {
	changed := false
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	err := eachMember(body, func(header zip.FileHeader, content []byte) error {
		scrubbed, err := s.content(ctx, content)
		if err != nil {
			return err
		}
		name := s.Text(header.Name)
		changed = changed || name != header.Name || !bytes.Equal(scrubbed, content)
		w, err := to.CreateHeader(&zip.FileHeader{Name: name, Method: header.Method, Modified: header.Modified})
		if err == nil {
			_, err = w.Write(scrubbed)
		}
		return err
	})
	if err != nil || !changed {
		return body, err
	}
	if err := to.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// eachMember gives what is in a zip archive.
func eachMember(body []byte, do func(header zip.FileHeader, content []byte) error) error {
	from, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil //nolint:nilerr // it is no whole archive, and kept as it came
	}
	for _, member := range from.File {
		r, err := member.Open()
		if err != nil {
			return err
		}
		content, err := io.ReadAll(io.LimitReader(r, bodyMost))
		_ = r.Close() // it has been read
		if err != nil {
			return err
		}
		if err := do(member.FileHeader, content); err != nil {
			return err
		}
	}
	return nil
}

func (s *Scrubber) gzip(ctx context.Context, body []byte) ([]byte, error) {
	content, err := gunzip(body)
	if err != nil {
		return body, nil //nolint:nilerr // it is no whole archive, and kept as it came
	}
	scrubbed, err := s.content(ctx, content)
	if err != nil || bytes.Equal(scrubbed, content) {
		return body, err
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(scrubbed); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func gunzip(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, bodyMost))
}

// inside are the texts that a search of a body's bytes does not see.
func (s *Scrubber) inside(ctx context.Context, e *Exchange) []string {
	var texts []string
	var look func(body []byte)
	look = func(body []byte) {
		switch {
		case bytes.HasPrefix(body, pdfSign) && s.ReadPDF != nil:
			if text, _, err := s.ReadPDF(ctx, body); err == nil {
				texts = append(texts, text)
			}
		case bytes.HasPrefix(body, zipSign):
			_ = eachMember(body, func(header zip.FileHeader, content []byte) error {
				texts = append(texts, header.Name, string(content))
				look(content)
				return nil
			}) // what cannot be read hides nothing that anyone could read
		case bytes.HasPrefix(body, gzipSign):
			if content, err := gunzip(body); err == nil {
				texts = append(texts, string(content))
				look(content)
			}
		}
	}
	look(e.Body)
	return slices.Clip(texts)
}
