package artifact

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// openZIP reads an archive's directory, which stands at its end: a file that
// is cut off has none.
func openZIP(r io.ReaderAt, size int64) (*zip.Reader, error) {
	archive, err := zip.NewReader(r, size)
	// Names that lead out of a folder are no concern of who never unpacks.
	if errors.Is(err, zip.ErrInsecurePath) {
		err = nil
	}
	return archive, err
}

// isWorkbook is true for the archive that an .xlsx file is.
func isWorkbook(archive *zip.Reader) bool {
	for _, file := range archive.File {
		if file.Name == "xl/workbook.xml" {
			return true
		}
	}
	return false
}

// workbookText is the text of a workbook's cells, up to maxText.
func workbookText(archive *zip.Reader) (text string, cut bool, err error) {
	var b strings.Builder
	for _, file := range archive.File {
		shared := file.Name == "xl/sharedStrings.xml"
		sheet, _ := path.Match("xl/worksheets/*.xml", file.Name)
		if !shared && !sheet {
			continue
		}
		if err := cellText(&b, file); err != nil {
			return "", false, fmt.Errorf("%s: %w", file.Name, err)
		}
		if b.Len() > maxText {
			break
		}
	}
	text, cut = cutText(b.String())
	return text, cut, nil
}

// maxPart bounds what is unpacked of one part of a workbook, in bytes.
const maxPart = 64 << 20

// cellText adds the texts and values of one part of a workbook.
func cellText(b *strings.Builder, file *zip.File) error {
	part, err := file.Open()
	if err != nil {
		return err
	}
	defer func() { _ = part.Close() }() // only read: nothing can be lost
	limited := &io.LimitedReader{R: part, N: maxPart}
	decoder := xml.NewDecoder(limited)
	index := false // inside a cell that holds an index into the shared strings
	for b.Len() <= maxText {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) || err != nil && limited.N == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "c" {
				index = slices.ContainsFunc(t.Attr, func(a xml.Attr) bool { return a.Name.Local == "t" && a.Value == "s" })
			}
		case xml.CharData:
			if !index {
				b.Write(t)
				b.WriteByte('\n')
			}
		}
	}
	return nil
}
