package artifact

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
)

// seeds are real files and what hostile ones are made of.
func seeds(t testing.TB) [][]byte {
	report := makePDF(t, nil, "24K0173")
	return [][]byte{
		nil, report, report[:len(report)/2], emptyPDF(), makeZIP(t, "a", "b"), makeWorkbook(t), makeDocument(t), makePresentation(t),
		makeImage(t, "png"), makeImage(t, "jpeg"), makeImage(t, "gif"), makeZIP(t, "a/", "", "../b", "x"),
		[]byte("<html><title>x"), []byte("%PDF-1.4\n%%EOF"), []byte("a;b\n1;2"), []byte("\xff\xfe<\x00"), []byte("PK\x03\x04"),
		[]byte(viewer), []byte(`{"error": {"code": 500}}`), []byte("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"),
		[]byte("RIFF\xff\xff\xff\xffWEBPVP8 "), []byte("Error: no such report"),
		bytes.Replace(report, []byte("/Count 1"), []byte("/Count 9"), 1),
		bytes.Replace(report, []byte("/Kids [3 0 R"), []byte("/Kids [1 0 R"), 1),
	}
}

// FuzzProve feeds it hostile bytes. Nothing may panic, hang, or be proved to
// have pages that it has not.
func FuzzProve(f *testing.F) {
	for _, seed := range seeds(f) {
		for _, typ := range []string{"", "pdf", "csv", "xlsx", "html", "any"} {
			f.Add(seed, typ)
		}
	}
	s := newStore(f, Options{ReadTimeout: 10 * time.Second})
	f.Fuzz(func(t *testing.T, data []byte, typ string) {
		file := stage(t, s, data)
		defer file.Discard()
		began := time.Now()
		proof, err := s.Prove(t.Context(), file, want{Type: typ, NotContains: []string{"zzz"}})
		if err == nil && (proof.Type == "" || len(data) == 0 || (proof.Type == "pdf") != (proof.Pages > 0) && typ == "pdf") {
			t.Errorf("proved %d bytes to be %+v", len(data), proof)
		}
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%d bytes took %v", len(data), took)
		}
	})
}

// FuzzUnpack unpacks hostile archives. What comes out is in the folder for
// staged files, has a name without folders, and nothing is left of a failure.
func FuzzUnpack(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	s := newStore(f, Options{})
	f.Fuzz(func(t *testing.T, data []byte) {
		file := stage(t, s, data)
		defer file.Discard()
		members, err := s.Unpack(t.Context(), file)
		if err == nil && len(members) == 0 || err != nil && len(members) > 0 {
			t.Errorf("%d members and %v", len(members), err)
		}
		for _, m := range members {
			if m.Name == "" || strings.ContainsAny(m.Name, `/\`) || filepath.Dir(m.Path()) != filepath.Dir(file.Path()) {
				t.Errorf("a member is called %q at %s", m.Name, m.Path())
			}
			m.Discard()
		}
		left, err := os.ReadDir(filepath.Dir(file.Path()))
		mine := func(e os.DirEntry) bool { return e.Name() == filepath.Base(file.Path()) }
		if err != nil || !slices.ContainsFunc(left, mine) || len(left) != 1 {
			t.Errorf("%d staged files are left, %v", len(left), err)
		}
	})
}

// FuzzOffice reads the XML of hostile documents.
func FuzzOffice(f *testing.F) {
	parts := [][2]string{
		{"xl/workbook.xml", "xl/sharedStrings.xml"},
		{"xl/workbook.xml", "xl/worksheets/sheet1.xml"},
		{"word/document.xml", "word/footnotes.xml"},
		{"ppt/presentation.xml", "ppt/slides/slide1.xml"},
	}
	f.Add(0, `<sst><si><t>24K0173</t></si></sst>`)
	f.Add(1, `<worksheet><c t="s"><v>1</v></c><c><v>2</v></c></worksheet>`)
	f.Add(2, `<?xml version="1.0" encoding="UTF-16"?><w:p><w:t>a</w:t><w:tab/></w:p>`)
	f.Add(3, `<!DOCTYPE x [<!ENTITY a "b">]><a:p><a:t>&a;</a:t></a:p>`)
	s := newStore(f, Options{})
	f.Fuzz(func(t *testing.T, i int, xml string) {
		part := parts[uint(i)%uint(len(parts))]
		file := stage(t, s, makeZIP(t, "[Content_Types].xml", "<Types/>", part[0], "<x/>", part[1], xml))
		defer file.Discard()
		proof, err := s.Prove(t.Context(), file, pipeline.Expectation{Type: "any"})
		if err == nil && len(proof.Text) > len(xml)+strings.Count(xml, "<")+len(xml) {
			t.Errorf("%d bytes of XML gave %d of text", len(xml), len(proof.Text))
		}
	})
}

// FuzzImage walks through hostile images, which takes no longer than reading
// them does.
func FuzzImage(f *testing.F) {
	for _, format := range []string{"png", "jpeg", "gif"} {
		f.Add(makeImage(f, format))
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		for _, walk := range []func(*bufio.Reader) error{walkPNG, walkJPEG, walkGIF} {
			_ = walk(bufio.NewReader(io.LimitReader(bytes.NewReader(data), int64(len(data)))))
		}
	})
}
