package practice

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// The records room: files as older systems leave them. Reports end where they
// should not, one in seven is cut off, and the names in archives are in the
// encodings of two desks.
func (s *Site) archiveRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /archive", s.shell("archive.html", "Records Room"))
	m.HandleFunc("GET /archive/{reference}/report", s.sends(archivedPDF))
	m.HandleFunc("GET /archive/{reference}/papers", s.sends(papersZIP))
}

var (
	archivedPDF = fileFormat{kind: "application/octet-stream", disposition: `attachment; filename="Report.pdf"; filename*=UTF-8''%C3%9Cbersicht.pdf`, content: Report, pack: withTail}
	papersZIP   = fileFormat{kind: "application/zip", disposition: `attachment; filename="Papers.zip"`, content: papers, document: "papers"}
)

// tails are what becomes of a report, by the vehicle's place in the stock. The
// last one is cut off.
var tails = []func([]byte) []byte{
	func(pdf []byte) []byte { return pdf },
	func(pdf []byte) []byte { return append(pdf, make([]byte, 6000)...) },
	func(pdf []byte) []byte {
		return append(pdf, "\r\n\r\n<!DOCTYPE html><html><body>"+strings.Repeat("<input type=\"hidden\" name=\"v\">\r\n", 200)+"</body></html>"...)
	},
	func(pdf []byte) []byte { return append([]byte("\r\n\r\n\r\n"), pdf...) },
	updated,
	func(pdf []byte) []byte { return append(pdf, "\x00\x1a0\r\n\r\n"...) },
	func(pdf []byte) []byte { return pdf[:len(pdf)-220] },
}

func tailOf(v Vehicle) int { return (v.ID - firstID) / idStep % len(tails) }

// ArchiveHolds tells whether the records room has the vehicle's whole report.
func ArchiveHolds(v Vehicle) bool { return tailOf(v) < len(tails)-1 }

func withTail(v Vehicle, pdf []byte) ([]byte, error) { return tails[tailOf(v)](pdf), nil }

var (
	sizeInTrailer = regexp.MustCompile(`/Size (\d+)`)
	rootInTrailer = regexp.MustCompile(`/Root (\d+ 0 R)`)
	indexPlace    = regexp.MustCompile(`startxref\n(\d+)`)
)

// updated adds an object behind the end of a PDF, as programs do that stamp one.
func updated(pdf []byte) []byte {
	size, root, index := sizeInTrailer.FindSubmatch(pdf), rootInTrailer.FindSubmatch(pdf), indexPlace.FindSubmatch(pdf)
	at := len(pdf)
	object := fmt.Sprintf("%s 0 obj\n<< /Producer (stamp) >>\nendobj\n", size[1])
	return append(pdf, fmt.Sprintf("%sxref\n%s 1\n%010d 00000 n \ntrailer\n<< /Size %s0 /Root %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n",
		object, size[1], at, size[1], root[1], index[1], at+len(object))...)
}

// paperNames are in code page 850 and in Shift-JIS, as people see them beside.
var paperNames = [2][2]string{
	{"\x9abersicht.txt", "\x8erztliche Anlage.txt"}, // Übersicht, Ärztliche Anlage
	{"\x90\xbf\x8b\x81\x8f\x91.txt", "\x95\x5c\x8e\x86.txt"},
}

// PaperNames are the names of a vehicle's papers as people see them.
func PaperNames(v Vehicle) []string {
	return [2][]string{{"Übersicht.txt", "Ärztliche Anlage.txt"}, {"請求書.txt", "表紙.txt"}}[tailOf(v)%2]
}

// papers are two texts in an archive that tells no encoding of their names.
func papers(v Vehicle) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, name := range paperNames[tailOf(v)%2] {
		part, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, NonUTF8: true})
		if err == nil {
			_, err = fmt.Fprintf(part, "Paper %d of %s, VIN %s\n", i+1, v.Reference, v.VIN)
		}
		if err != nil {
			return nil, fmt.Errorf("packing papers of %s: %w", v.Reference, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("packing papers of %s: %w", v.Reference, err)
	}
	return b.Bytes(), nil
}
