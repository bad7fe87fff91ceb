package artifact

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	// maxPart bounds what is read of one part of an office document, and
	// maxToken one piece of its XML, in bytes.
	maxPart  = 64 << 20
	maxToken = 1 << 20
)

func (f *subject) readOffice(ctx context.Context) error {
	var b strings.Builder
	for _, file := range partsOf(f.archive, f.kind) {
		cut, err := partText(ctx, &b, file, f.kind)
		if err != nil {
			return f.unpackError(file, err)
		}
		f.cut = f.cut || cut
		if b.Len() > maxText {
			break
		}
	}
	text, cut := cutText(b.String())
	f.text, f.cut, f.hasText = text, f.cut || cut, true
	return nil
}

// partText adds the text of one part of a document, and tells whether there is
// more of it.
func partText(ctx context.Context, b *strings.Builder, file *zip.File, kind string) (cut bool, err error) {
	part, err := file.Open()
	if err != nil {
		return false, err
	}
	defer func() { _ = part.Close() }() // only read: nothing can be lost
	limited := &io.LimitedReader{R: &contextReader{ctx: ctx, r: part}}
	decoder := xml.NewDecoder(limited)
	take := taker{b: b, cells: kind == typeXLSX, all: kind == typeODT || kind == typeODS || kind == typeODP}
	for b.Len() <= maxText {
		limited.N = maxToken
		token, err := decoder.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case err != nil && limited.N <= 0:
			return false, fmt.Errorf("a piece of its XML is of over %d KiB", maxToken>>10)
		case err != nil:
			return false, err
		case decoder.InputOffset() > maxPart:
			return true, nil
		}
		take.token(token)
	}
	return true, nil
}

// taker takes the text out of a part's XML.
type taker struct {
	b     *strings.Builder
	cells bool // of a workbook, else of paragraphs
	all   bool // of an OpenDocument file, whose every text is its own
	skip  bool // inside what is no text of the document
	text  bool // inside a run of a paragraph's text
}

func (t *taker) token(token xml.Token) {
	switch x := token.(type) {
	case xml.StartElement:
		switch x.Name.Local {
		case "c": // a cell may hold an index into the shared strings
			t.skip = slices.ContainsFunc(x.Attr, func(a xml.Attr) bool { return a.Name.Local == "t" && a.Value == "s" })
		case "t":
			t.text = true
		case "tab", "br", "line-break", "s":
			t.b.WriteByte(' ')
		}
	case xml.EndElement:
		switch x.Name.Local {
		case "t":
			t.text = false
		case "p", "h":
			t.b.WriteByte('\n')
		}
	case xml.CharData:
		switch {
		case t.cells && !t.skip:
			t.b.Write(x)
			t.b.WriteByte('\n')
		case !t.cells && (t.text || t.all):
			t.b.Write(x)
		}
	}
}
