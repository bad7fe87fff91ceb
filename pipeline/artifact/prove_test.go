package artifact

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"pipe/pipeline"
)

// want is short for an expectation.
type want = pipeline.Expectation

func TestProveAccepts(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	report := makePDF(t, nil, "Vehicle report\nStock 24K0173", "VIN 1FT FW1", "the end")
	locked := makePDF(t, func(doc *fpdf.Fpdf) { doc.SetProtection(0, "secret", "owner") }, "x")
	unlocked := makePDF(t, func(doc *fpdf.Fpdf) { doc.SetProtection(0, "", "owner") }, "24K0173")
	for name, test := range map[string]struct {
		data  []byte
		want  want
		typ   string
		pages int
	}{
		"a PDF":                     {report, want{Type: "pdf"}, "pdf", 3},
		"of any type":               {report, want{}, "pdf", 3},
		"in its bounds":             {report, want{Type: "pdf", MinPages: 3, MaxPages: 3, MinSize: 100, MaxSize: 100_000}, "pdf", 3},
		"with its key":              {report, want{Type: "pdf", Contains: []string{"24K0173"}}, "pdf", 3},
		"across lines":              {report, want{Type: "pdf", Contains: []string{"report Stock  24K0173", "1FTFW1"}}, "pdf", 3},
		"without a word":            {report, want{Type: "pdf", NotContains: []string{"DRAFT"}}, "pdf", 3},
		"with bytes around it":      {append(append([]byte("\r\n\r\n"), report...), "\r\n\x00\x00"...), want{Type: "pdf"}, "pdf", 3},
		"a locked PDF, unread":      {locked, want{Type: "pdf"}, "pdf", 0},
		"a PDF locked for printing": {unlocked, want{Type: "pdf", Contains: []string{"24K0173"}}, "pdf", 1},
		"a CSV":                     {[]byte("a,b\n1,2\n"), want{Type: "csv", Contains: []string{"1,2"}}, "csv", 0},
		"a CSV with semicolons":     {[]byte("BM;b\n1;2\n"), want{Type: "csv"}, "csv", 0},
		"a CSV in UTF-16":           {[]byte("\xff\xfea\x00,\x00\xe9\x00\n\x00"), want{Type: "csv", Contains: []string{"a,e\u0301"}}, "csv", 0},
		"a CSV in Windows-1252":     {[]byte("name;price\ncaf\xe9;5 \x80\n"), want{Type: "csv", Contains: []string{"café;5 €"}}, "csv", 0},
		"plain text":                {[]byte("stock 24K0173"), want{Contains: []string{"24K0173"}}, "txt", 0},
		"a ZIP":                     {makeZIP(t, "a.txt", "x"), want{Type: "zip"}, "zip", 0},
		"a workbook":                {makeWorkbook(t), want{Type: "xlsx", Contains: []string{"24K0173", "19990"}, NotContains: []string{"7351"}}, "xlsx", 0},
		"a workbook as a ZIP":       {makeWorkbook(t), want{Type: "zip"}, "xlsx", 0},
		"a document":                {makeDocument(t), want{Type: "docx", Contains: []string{"Stock 24K0173", "foot note"}, NotContains: []string{"PAGEREF"}}, "docx", 0},
		"a presentation":            {makePresentation(t), want{Type: "pptx", Contains: []string{"24K0173"}}, "pptx", 0},
		"an image":                  {makeImage(t, "png"), want{Type: "image"}, "image", 0},
		"a page":                    {[]byte("<html><p>24K0173</html>\n"), want{Type: "html", Contains: []string{"24K0173"}}, "html", 0},
		"a page with few tags":      {[]byte("<!doctype html><title>x</title><p>24K0173"), want{Type: "html", Contains: []string{"24K0173"}}, "html", 0},
		"anything":                  {[]byte("<html><p>24K0173"), want{Type: "any"}, "html", 0},
		"bytes":                     {[]byte{1, 2, 3, 0xff, 0}, want{}, "bin", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proof, err := s.Prove(t.Context(), stage(t, s, test.data), test.want)
			if err != nil || proof.Type != test.typ || proof.Pages != test.pages {
				t.Errorf("type %q with %d pages, %v; want %q with %d", proof.Type, proof.Pages, err, test.typ, test.pages)
			}
		})
	}
}

func TestProveRefuses(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	report := makePDF(t, nil, "Stock 24K0173", "", "VIN 1FTFW1")
	scan := makePDF(t, nil, "")
	locked := makePDF(t, func(doc *fpdf.Fpdf) { doc.SetProtection(0, "secret", "owner") }, "24K0173")
	page := []byte("\r\n<!-- v3 --><!DOCTYPE HTML>\n<html><head><title>\n Sign in &amp; go </title>")
	zipped, book := makeZIP(t, "a.txt", "x"), makeWorkbook(t)
	key := []string{"24K0174"}
	// A page that tells the length of a body it does not have.
	broken := append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte("rubbish\n"), 50)...)
	broken = append(broken, "%%EOF"...)
	for name, test := range map[string]struct {
		data          []byte
		want          want
		check, reason string
	}{
		"empty":           {nil, want{Type: "any"}, "size", `is empty`},
		"login page":      {page, want{Type: "pdf"}, "type", `is the login page titled "Sign in & go", not a PDF`},
		"login page, any": {page, want{}, "type", `is the login page titled "Sign in & go", not the expected file`},
		"no title": {
			[]byte("<html><script>var x</script><body>Your session has expired."),
			want{Type: "xlsx"},
			"type", `is an HTML page that begins "Your session has expired.", not an Excel workbook`,
		},
		"UTF-16 page": {
			[]byte("\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00"), want{Type: "csv"}, "type", `is an HTML page, not a CSV file`,
		},
		"json":        {[]byte(`{"error": "not ready"}`), want{Type: "csv"}, "type", `is JSON with an error message that begins "{"error": "not ready"}", not a CSV file`},
		"text":        {[]byte("Report is being generated"), want{Type: "pdf"}, "type", `is plain text that begins "Report is being generated", not a PDF`},
		"renamed zip": {zipped, want{Type: "pdf"}, "type", `is a ZIP archive, not a PDF`},
		"zip as xlsx": {zipped, want{Type: "xlsx"}, "type", `is a ZIP archive, not an Excel workbook`},
		"binary csv":  {[]byte{1, 2, 3, 0}, want{Type: "csv"}, "type", `is a file of an unknown type, not a CSV file`},
		"pdf as csv":  {report, want{Type: "csv"}, "type", `is a PDF, not a CSV file`},

		"too small": {[]byte("a,b\n"), want{Type: "csv", MinSize: 100}, "size", `is plain text that begins "a,b" of 4 bytes, less than the 100 expected`},
		"too large": {zipped, want{MaxSize: 9}, "size", "is a ZIP archive of 131 bytes, more than the 9 expected"},

		"cut PDF":      {report[:len(report)*2/3], want{Type: "pdf"}, "whole", `is cut off: a PDF without its end (%%EOF)`},
		"cut PDF, any": {report[:len(report)*2/3], want{Type: "any"}, "whole", `is cut off: a PDF without its end (%%EOF)`},
		"cut ZIP":      {zipped[:60], want{Type: "zip"}, "whole", `is cut off: a ZIP archive without its directory`},
		"cut workbook": {book[:len(book)-30], want{}, "whole", `is cut off: an Excel workbook without its directory`},
		"broken PDF":   {broken, want{Type: "pdf"}, "whole", `is damaged: a PDF that does not open, its structure is broken`},
		"no pages":     {emptyPDF(), want{Type: "pdf"}, "whole", `is a PDF without pages`},

		"too few pages":  {report, want{MinPages: 4}, "pages", `is a PDF of 3 pages, fewer than the 4 expected`},
		"too many pages": {report, want{MaxPages: 2}, "pages", `is a PDF of 3 pages, more than the 2 expected`},
		"pages of a zip": {zipped, want{MinPages: 1}, "pages", `is a ZIP archive, which has no pages to count`},
		"locked pages":   {locked, want{MinPages: 1}, "pages", `is a PDF that needs a password: its pages cannot be counted`},

		"wrong key":          {report, want{Contains: key}, "contains", `is a PDF of 3 pages without "24K0174" in its text; it holds "24K0173", which is nearly the same`},
		"wrong case":         {report, want{Contains: []string{"24k0173"}}, "contains", `is a PDF of 3 pages without "24k0173" in its text; it holds "24K0173", which is the same but for upper and lower case`},
		"two missing":        {report, want{Contains: []string{"24K0173", "a", "Q"}}, "contains", `is a PDF of 3 pages without "a" and "Q" in its text`},
		"scan":               {scan, want{Contains: key}, "contains", `is a PDF of 1 page without any text (a scan?), so without "24K0174"`},
		"locked text":        {locked, want{Contains: key}, "contains", `is a PDF that needs a password: its text cannot be searched for "24K0174"; prove it without contains, by min_size or matches`},
		"text of zip":        {zipped, want{NotContains: key}, "not_contains", `is a ZIP archive, whose text cannot be searched for "24K0174"`},
		"empty key":          {report, want{Contains: []string{" "}}, "contains", `cannot be proved: a text that it must contain is empty`},
		"forbidden":          {report, want{NotContains: []string{"x", "1FT FW1"}}, "not_contains", `is a PDF of 3 pages with "1FT FW1" in its text`},
		"key too late":       {append(bytes.Repeat([]byte("a,b\n"), maxText/4), "24K0174,1"...), want{Type: "csv", Contains: key}, "contains", `without "24K0174" in the first 4096 KiB of its text`},
		"forbidden too late": {append(bytes.Repeat([]byte("a,b\n"), maxText/4), "24K0174,1"...), want{Type: "csv", NotContains: key}, "not_contains", `with more text than the first 4096 KiB that are searched for "24K0174"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := s.Prove(t.Context(), stage(t, s, test.data), test.want)
			var failed *pipeline.ProofError
			if !errors.As(err, &failed) {
				t.Fatalf("got %v", err)
			}
			if failed.Check != test.check || !strings.HasSuffix(failed.Reason, test.reason) {
				t.Errorf("%s: %s\nwant %s: %s", failed.Check, failed.Reason, test.check, test.reason)
			}
		})
	}
}

func TestProveReadsTheText(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	proof, err := s.Prove(t.Context(), stage(t, s, makePDF(t, nil, "first page", "second page")), want{})
	if err != nil || strings.Join(splitWords(proof.Text), " ") != "first page second page" {
		t.Errorf("%q, %v", proof.Text, err)
	}
}

func TestProveErrorsThatAreNotTheFiles(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	f := stage(t, s, []byte("x"))
	var failed *pipeline.ProofError
	if _, err := s.Prove(t.Context(), f, want{Type: "pfd"}); err == nil || errors.As(err, &failed) {
		t.Errorf("unknown type: %v", err)
	}
	f.Discard()
	if _, err := s.Prove(t.Context(), f, want{}); err == nil || errors.As(err, &failed) {
		t.Errorf("discarded: %v", err)
	}
}

func TestConcurrentProofs(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	var wg sync.WaitGroup
	for _, key := range strings.Fields("A1 B2 C3 D4 E5 F6 G7 H8 I9") {
		data := makePDF(t, nil, "key "+key, "page 2")
		wg.Go(func() {
			if _, err := s.Prove(t.Context(), stage(t, s, data), want{Type: "pdf", Contains: []string{"key " + key}}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
