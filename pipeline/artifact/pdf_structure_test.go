package artifact

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// pdfBuilder writes PDFs of every build: with a table or a stream as their
// index, made for the web, updated.
type pdfBuilder struct {
	bytes.Buffer
	at map[int]int
}

func newPDFBuilder() *pdfBuilder {
	b := &pdfBuilder{at: map[int]int{}}
	b.WriteString("%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
	return b
}

func (b *pdfBuilder) object(n int, body string) {
	b.at[n] = b.Len()
	fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", n, body)
}

// document writes the objects 1 to 5: one page with a text.
func (b *pdfBuilder) document(text string) {
	b.object(1, "<< /Type /Catalog /Pages 2 0 R >>")
	b.object(2, "<< /Type /Pages /Kids [4 0 R] /Count 1 >>")
	b.object(3, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	b.object(4, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>")
	body := fmt.Sprintf("BT /F1 14 Tf 60 760 Td (%s) Tj ET\n%s", text, strings.Repeat("% filler\n", 40))
	b.object(5, fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", len(body), body))
}

// table writes an index of the objects from first to last, and gives its place.
func (b *pdfBuilder) table(first, last int, trailer string) int {
	at := b.Len()
	fmt.Fprintf(b, "xref\n%d %d\n", first, last-first+1)
	for n := first; n <= last; n++ {
		if n == 0 {
			b.WriteString("0000000000 65535 f \n")
			continue
		}
		fmt.Fprintf(b, "%010d 00000 n \n", b.at[n])
	}
	fmt.Fprintf(b, "trailer\n<< /Root 1 0 R %s >>\n", trailer)
	return at
}

func (b *pdfBuilder) end(index int) { fmt.Fprintf(b, "startxref\n%d\n%%%%EOF\n", index) }

func tabled() []byte {
	b := newPDFBuilder()
	b.document("Deed 24K0173")
	b.end(b.table(0, 5, "/Size 6"))
	return b.Bytes()
}

// streamed has a stream for its index, as most PDFs since version 1.5.
func streamed() []byte {
	b := newPDFBuilder()
	b.document("Deed 24K0173")
	at := b.Len()
	b.at[6] = at
	index := []byte{0, 0, 0, 255}
	for n := 1; n <= 6; n++ {
		index = append(index, 1, byte(b.at[n]>>8), byte(b.at[n]), 0)
	}
	b.object(6, fmt.Sprintf("<< /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream", len(index), index))
	b.end(at)
	return b.Bytes()
}

// updated is a PDF and, behind its end, a change of it.
func updated() (whole []byte, first int) {
	b := newPDFBuilder()
	b.document("Deed 24K0173")
	prev := b.table(0, 5, "/Size 6")
	b.end(prev)
	first = b.Len()
	b.object(6, "<< /Producer (stamp) >>")
	b.end(b.table(6, 6, fmt.Sprintf("/Size 7 /Info 6 0 R /Prev %d", prev)))
	return b.Bytes(), first
}

// forTheWeb has its first page, with an index and an end, before all else.
func forTheWeb(told int) []byte {
	b := newPDFBuilder()
	b.object(6, fmt.Sprintf("<< /Linearized 1 /L %d /H [ 700 150 ] /O 4 /E 900 /N 1 /T 900 >>", told))
	first := b.Len()
	// Numbers of ten digits keep their places when they are known.
	b.WriteString("xref\n6 1\n" + fmt.Sprintf("%010d 00000 n \n", b.at[6]))
	fmt.Fprintf(b, "trailer\n<< /Root 1 0 R /Size 7 /Prev %s >>\n", "PREVPREVPR")
	b.end(0)
	b.document("Deed 24K0173")
	main := b.table(0, 5, "/Size 6")
	b.end(first)
	return bytes.Replace(b.Bytes(), []byte("PREVPREVPR"), []byte(fmt.Sprintf("%010d", main)), 1)
}

// A PDF that every reader opens is whole, wherever it ends.
func TestWholePDFs(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	update, _ := updated()
	plain := tabled()
	page := "\r\n\r\n<!DOCTYPE html><html><body>" + strings.Repeat(`<input type="hidden" name="v" value="dDwtMTM3">`+"\r\n", 150) + "</body></html>"
	shifted := regexp.MustCompile(`startxref\n\d+`).ReplaceAll(plain, []byte("startxref\n7"))
	locked := makeLockedPDF(t)
	for name, data := range map[string][]byte{
		"a table":                      plain,
		"a stream for its index":       streamed(),
		"updated":                      update,
		"for the web":                  forTheWeb(len(forTheWeb(1000))),
		"for the web, another length":  forTheWeb(9999),
		"bytes behind its end":         append(bytes.Clone(plain), "\x00\x1a garbage"...),
		"zeros behind its end":         append(bytes.Clone(plain), make([]byte, 80_508)...),
		"a page of HTML behind it":     append(bytes.Clone(plain), page...),
		"as many, and a stream":        append(streamed(), strings.Repeat(page, 300)...),
		"blank lines before it":        append([]byte("\r\n\r\n\r\n"), plain...),
		"a byte order mark before it":  append([]byte("\xef\xbb\xbf"), streamed()...),
		"an index in another place":    shifted,
		"locked, zeros behind its end": append(locked, make([]byte, 5000)...),
		"no line feed at its end":      bytes.TrimSpace(plain),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := want{Type: "pdf"}
			if !strings.HasPrefix(name, "locked") {
				w.Contains = []string{"24K0173"}
			}
			if got := reasonOf(t, s, data, w); got != "" {
				t.Error(got)
			}
		})
	}
}

// A PDF that is cut anywhere is told, though a reader may mend it.
func TestCutPDFs(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	update, first := updated()
	for name, whole := range map[string][]byte{
		"table": tabled(), "stream": streamed(), "updated": update, "web": forTheWeb(len(forTheWeb(1000))), "web, other length": forTheWeb(10),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for size := 60; size < len(whole)-1; size += 7 {
				// What is cut where the update begins is the older PDF, whole.
				if name == "updated" && size >= first-1 && size <= first {
					continue
				}
				if got := reasonOf(t, s, whole[:size], want{Type: "pdf"}); !strings.HasPrefix(got, "is cut off: a PDF") && !strings.HasPrefix(got, "is damaged: a PDF") {
					t.Errorf("%d of %d bytes: %q", size, len(whole), got)
				}
			}
			// Zeros where the rest should be, as of a file that was made in full length first.
			if got := reasonOf(t, s, append(bytes.Clone(whole[:len(whole)*2/3]), make([]byte, len(whole)/3)...), want{Type: "pdf"}); !strings.HasPrefix(got, "is cut off: a PDF") {
				t.Errorf("filled up: %q", got)
			}
			// A piece of its middle is missing, in which an object began.
			at := bytes.Index(whole, []byte("3 0 obj"))
			if got := reasonOf(t, s, append(bytes.Clone(whole[:at-5]), whole[at+30:]...), want{Type: "pdf"}); !strings.HasPrefix(got, "is cut off: a PDF") && name != "stream" {
				t.Errorf("without its middle: %q", got)
			}
		})
	}
}
