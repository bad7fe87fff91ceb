package file

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"pipe/pipeline"
)

// tabular reads a table of whatever kind the bytes are: sites call an HTML page
// .xls, and a CSV file .xlsx. The format that the spec says counts where the bytes
// do not tell.
func tabular(ctx context.Context, r io.Reader, t pipeline.Table) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		raw := bufio.NewReaderSize(r, sampleBytes)
		head, err := peek(raw)
		if err != nil {
			yield(Row{}, err)
			return
		}
		read, is := bookReaders[contentOf(head)]
		if !is {
			csvRows(ctx, raw, t)(yield)
			return
		}
		text, err := readWhole(raw)
		if err != nil {
			yield(Row{}, err)
			return
		}
		book, err := read(text)
		if err != nil {
			yield(Row{}, err)
			return
		}
		readBook(ctx, book, XLSXOptions{Sheet: t.Sheet, Header: t.Header, Wanted: t.Wanted, Found: t.Found})(yield)
	}
}

func csvRows(ctx context.Context, r io.Reader, t pipeline.Table) iter.Seq2[Row, error] {
	found := t.Found
	if found != nil && t.Format == "xlsx" {
		found = func(what string, columns []string) { t.Found("no workbook, but "+what, columns) }
	}
	return CSV(ctx, r, CSVOptions{
		Delimiter: t.Delimiter, Header: t.Columns, HeaderLine: t.Header, Wanted: t.Wanted, Encoding: t.Encoding, Found: found,
	})
}

// content is what a file's first bytes show it to be.
type content string

const (
	contentText  content = "text"
	contentZIP   content = "zip"
	contentOLE   content = "ole"
	contentHTML  content = "html"
	contentMHTML content = "mhtml"
	contentXML   content = "xml"
	contentBIFF  content = "biff"
)

// bookReaders open what is no CSV file.
var bookReaders = map[content]func(text []byte) (workbook, error){
	contentZIP: openArchive, contentOLE: openXLS, contentHTML: openHTML, contentMHTML: openMHTML, contentXML: openXMLSpreadsheet,
	contentBIFF: func([]byte) (workbook, error) { return nil, errTooOld },
}

func contentOf(head []byte) content {
	text := decodedStart(head)
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return contentZIP
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return contentOLE
	case len(head) > 3 && head[0] == 0x09 && head[1] <= 0x08 && head[2] <= 0x10 && head[3] == 0:
		return contentBIFF // records without a container
	case strings.Contains(text, "urn:schemas-microsoft-com:office:spreadsheet") && strings.Contains(text, "Workbook") && !pipeline.BeginsHTML(text):
		return contentXML
	case pipeline.BeginsHTML(text), fragment(text):
		return contentHTML
	case strings.HasPrefix(text, "MIME-Version:") && strings.Contains(text, "multipart/"):
		return contentMHTML
	default:
		return contentText
	}
}

// fragment tells whether a text begins as a table without a page around it.
func fragment(text string) bool {
	for _, tag := range []string{"<table", "<style", "<meta", "<body", "<div"} {
		if len(text) > len(tag) && strings.EqualFold(text[:len(tag)], tag) {
			return true
		}
	}
	return false
}

// decodedStart is the start of a file as text, without white space before it.
func decodedStart(head []byte) string {
	decoder, _, err := decoderOf("", head)
	if err != nil {
		return ""
	}
	text, _ := decodeAll(decoder, head) // whose last character may be cut
	return strings.TrimLeft(text, " \t\r\n")
}

// openArchive opens what is a ZIP archive inside.
func openArchive(text []byte) (workbook, error) {
	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return nil, errors.New("the workbook is cut off or damaged: it is a ZIP archive without its index; is the file whole?")
	}
	names := map[string]*zip.File{}
	for _, f := range archive.File {
		names[strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")] = f
	}
	switch {
	case names["xl/workbook.bin"] != nil:
		return nil, errors.New("the file is a binary workbook (.xlsb), which is not read: have the site export .xlsx or CSV")
	case names["content.xml"] != nil && names["META-INF/manifest.xml"] != nil:
		return openODS(names)
	case names["[Content_Types].xml"] != nil:
		return openXLSX(text, names)
	case len(archive.File) == 1:
		return nil, fmt.Errorf("the file is a ZIP archive with %.80q in it, not a table: unpack it first", archive.File[0].Name)
	default:
		return nil, fmt.Errorf("the file is a ZIP archive with %d files in it, not a table", len(archive.File))
	}
}
