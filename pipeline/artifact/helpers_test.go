package artifact

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"go.uber.org/goleak"

	"pipe/pipeline"
)

// sharedReader spares each test the start of a PDF reader of its own.
var sharedReader = sync.OnceValue(func() *pdfReader {
	return newPDFReader(context.Background(), Options{}.withDefaults().CacheDir, time.Minute)
})

func TestMain(m *testing.M) {
	code := m.Run()
	err := sharedReader().close()
	if err == nil {
		err = goleak.Find()
	}
	if err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func newStore(t testing.TB, opts Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir(), opts)
	if err != nil {
		t.Fatal(err)
	}
	s.pdf = sharedReader()
	t.Cleanup(func() {
		if err := s.root.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func stage(t testing.TB, s *Store, data []byte) pipeline.Staged {
	t.Helper()
	f, err := s.Create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(data); err != nil {
		t.Fatal(err)
	}
	return f
}

// makePDF writes a PDF with a page for each text.
func makePDF(t testing.TB, adjust func(*fpdf.Fpdf), pages ...string) []byte {
	t.Helper()
	doc := fpdf.New("P", "mm", "A4", "")
	if adjust != nil {
		adjust(doc)
	}
	for _, text := range pages {
		doc.AddPage()
		doc.SetFont("Helvetica", "", 11)
		doc.MultiCell(0, 5, text, "", "", false)
	}
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// emptyPDF is a PDF that opens and has no pages.
func emptyPDF() []byte {
	return buildPDF([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [] /Count 0 >>",
	})
}

// buildPDF writes a PDF of the objects, of which the first is the catalogue.
func buildPDF(objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, object := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

// makeZIP writes an archive of names and contents in turn.
func makeZIP(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := archive.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zipStored is makeZIP with nothing packed.
func zipStored(t testing.TB, parts ...string) []byte {
	t.Helper()
	return zipOf(t, func(w *zip.Writer) {
		for i := 0; i < len(parts); i += 2 {
			part, err := w.CreateRaw(&zip.FileHeader{
				Name: parts[i], CRC32: crc32.ChecksumIEEE([]byte(parts[i+1])),
				CompressedSize64: uint64(len(parts[i+1])), UncompressedSize64: uint64(len(parts[i+1])),
			})
			if err == nil {
				_, err = part.Write([]byte(parts[i+1]))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func makeWorkbook(t testing.TB) []byte {
	t.Helper()
	return makeZIP(t,
		"[Content_Types].xml", `<Types/>`,
		"xl/workbook.xml", `<workbook/>`,
		"xl/sharedStrings.xml", `<sst><si><t>Stock Number</t></si><si><t>24K0173</t></si></sst>`,
		"xl/worksheets/sheet1.xml", `<worksheet><row><c t="s"><v>7351</v></c><c><v>19990</v></c></row></worksheet>`,
	)
}

func makeDocument(t testing.TB) []byte {
	t.Helper()
	return makeZIP(t,
		"[Content_Types].xml", `<Types/>`,
		"word/document.xml", `<w:document><w:body><w:p><w:r><w:t>Stock</w:t></w:r><w:r><w:tab/><w:t>24K</w:t></w:r><w:r><w:t>0173</w:t></w:r></w:p>`+
			`<w:p><w:r><w:instrText>PAGEREF</w:instrText></w:r></w:p></w:body></w:document>`,
		"word/footnotes.xml", `<w:footnotes><w:p><w:t>foot note</w:t></w:p></w:footnotes>`,
	)
}

func makePresentation(t testing.TB) []byte {
	t.Helper()
	return makeZIP(t,
		"[Content_Types].xml", `<Types/>`,
		"ppt/presentation.xml", `<p:presentation/>`,
		"ppt/slides/slide1.xml", `<p:sld><a:p><a:r><a:t>24K0173</a:t></a:r></a:p></p:sld>`,
	)
}

// makeImage draws a picture large enough to be cut in its pixels.
func makeImage(t testing.TB, format string) []byte {
	t.Helper()
	picture := image.NewPaletted(image.Rect(0, 0, 60, 60), palette.Plan9)
	for i := range picture.Pix {
		picture.Pix[i] = byte(i * i)
	}
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, picture)
	case "jpeg":
		err = jpeg.Encode(&b, picture, nil)
	case "gif":
		err = gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{picture, picture}, Delay: []int{1, 1}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// makeLockedPDF is a PDF that only opens with a password.
func makeLockedPDF(t testing.TB) []byte {
	t.Helper()
	return makePDF(t, func(doc *fpdf.Fpdf) { doc.SetProtection(0, "secret", "owner") }, "24K0173")
}
