package artifact

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// What stands in a form's fields, or in notes, is text of the page.
func TestFilledForms(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	pdf := buildPDF([]string{
		"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R 5 0 R] >>",
		"<< /Type /Annot /Subtype /Widget /FT /Tx /T (no) /V (24K0173) /Rect [0 0 100 20] >>",
		"<< /Type /Annot /Subtype /FreeText /Contents (approved by \\(MK\\)) /Rect [0 30 100 50] >>",
	})
	if got := reasonOf(t, s, pdf, want{Type: "pdf", Contains: []string{"24K0173", "approved by (MK)"}}); got != "" {
		t.Error(got)
	}
}

// A scan is told as one, and may be proved in other ways.
func TestScannedPDF(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	pixels := strings.Repeat("\x80", 16)
	draw := "q 500 0 0 700 40 40 cm /I Do Q"
	pdf := buildPDF([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 4 0 R >> >> /Contents 5 0 R >>",
		fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width 4 /Height 4 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length %d >>\nstream\n%s\nendstream", len(pixels), pixels),
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(draw), draw),
	})
	const reason = `is a PDF of 1 page without any text: it is a scan, in which "24K0173" cannot be found; prove it without contains, by pages, min_size or matches`
	if got := reasonOf(t, s, pdf, want{Type: "pdf", Contains: []string{"24K0173"}}); got != reason {
		t.Error(got)
	}
	if got := reasonOf(t, s, pdf, want{Type: "pdf", MinPages: 1, MaxPages: 1}); got != "" {
		t.Error(got)
	}
}

// Key and all, an OpenDocument file is read as the others are.
func TestOpenDocuments(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	for typ, mime := range map[string]string{
		"odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet", "odp": "application/vnd.oasis.opendocument.presentation",
	} {
		file := zipStored(t, "mimetype", mime, "content.xml",
			`<office:document-content><office:body><text:p>Stock<text:s/>24K<text:span>0173</text:span></text:p><text:p>end</text:p></office:body></office:document-content>`)
		if got := reasonOf(t, s, file, want{Type: typ, Contains: []string{"Stock 24K0173", "end"}}); got != "" {
			t.Errorf("%s: %s", typ, got)
		}
	}
}

// Servers send bytes before and behind archives, too, which no reader minds.
func TestArchivesAmongBytes(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	page := "\r\n<!DOCTYPE html><html>" + strings.Repeat("<p>form</p>\r\n", 500) + "</html>"
	for name, data := range map[string][]byte{
		"blank lines before": append([]byte("\r\n\r\n"), makeWorkbook(t)...),
		"a mark before":      append([]byte("\ufeff"), makeWorkbook(t)...),
		"zeros behind":       append(makeWorkbook(t), make([]byte, 3000)...),
		"a page behind":      append(makeWorkbook(t), page...),
	} {
		if got := reasonOf(t, s, data, want{Type: "xlsx", Contains: []string{"24K0173"}}); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := reasonOf(t, s, append(bytes.Clone(makeWorkbook(t)[:200]), page...), want{}); !strings.HasPrefix(got, "is cut off: ") {
		t.Errorf("cut, and a page behind it: %q", got)
	}
}

// A file must be what the ending of its name says.
func TestNamesAndContent(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	for name, test := range map[string]struct {
		data   string
		typ    string
		reason string
	}{
		"a workbook called xls":   {string(makeWorkbook(t)), "ole", "is an Excel workbook, not a document of older Office programs"},
		"a table called xls":      {"a\tb\n1\t2\n", "ole", `is a CSV file that begins "a b 1 2", not a document of older Office programs`},
		"an old workbook":         {string(makeOLE()), "ole", ""},
		"a locked workbook":       {string(makeOLE()) + string(encryptedPackage), "xlsx", "is an Office document that needs a password, not an Excel workbook"},
		"XML":                     {"<?xml version='1.0'?><a/>", "xml", ""},
		"JSON called XML":         {`{"a":1}`, "xml", `is JSON that begins "{"a":1}", not XML`},
		"a page called XML":       {"<html><p>x</html>", "xml", `is an HTML page that begins "x", not XML`},
		"a PDF called XML":        {string(tabled()), "xml", "is a PDF, not XML"},
		"an error called JSON":    {`{"error":"no"}`, "json", `is JSON with an error message that begins "{"error":"no"}", not JSON`},
		"text":                    {"all is well", "txt", ""},
		"a table called text":     {"a,b\n1,2\n", "txt", ""},
		"an archive called text":  {string(makeZIP(t, "a", "b")), "txt", "is a ZIP archive, not plain text"},
		"a page called text":      {"<html><p>x</html>", "txt", `is an HTML page that begins "x", not plain text`},
		"rich text":               {`{\rtf1\ansi x}`, "rtf", ""},
		"text called rich":        {"x", "rtf", `is plain text that begins "x", not a document in rich text`},
		"gzip":                    {string(makeGzip(t)), "gz", ""},
		"an archive called gzip":  {string(makeZIP(t, "a", "b")), "gz", "is a ZIP archive, not a gzip archive"},
		"an image called another": {string(makeImage(t, "png")), "image", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := reasonOf(t, s, []byte(test.data), want{Type: test.typ}); got != test.reason {
				t.Errorf("got %q", got)
			}
		})
	}
}
