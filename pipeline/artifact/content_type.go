package artifact

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"pipe/pipeline"
)

// The types that an expectation can name. A file of another type goes by its
// usual extension: json, txt, …
const (
	typePDF   = "pdf"
	typeXLSX  = "xlsx"
	typeDOCX  = "docx"
	typePPTX  = "pptx"
	typeCSV   = "csv"
	typeZIP   = "zip"
	typeImage = "image"
	typeHTML  = "html"
	typeAny   = "any"

	typeText = "txt"
	typeJSON = "json"
	typeXML  = "xml"
	typeODT  = "odt"
	typeODS  = "ods"
	typeODP  = "odp"
	// typeOLE is a document of the Office programs until 2003, and a mail of Outlook.
	typeOLE    = "ole"
	typeBinary = "bin"
)

// nouns name the types in sentences.
var nouns = map[string]string{
	typePDF:    "a PDF",
	typeXLSX:   "an Excel workbook",
	typeDOCX:   "a Word document",
	typePPTX:   "a PowerPoint presentation",
	typeCSV:    "a CSV file",
	typeZIP:    "a ZIP archive",
	typeImage:  "an image",
	typeHTML:   "an HTML page",
	typeText:   "plain text",
	typeBinary: "a file of an unknown type",
	typeJSON:   "JSON",
	typeXML:    "XML",
	typeOLE:    "a document of older Office programs",
	"xls":      "an Excel workbook of before 2007",
	"doc":      "a Word document of before 2007",
	"rtf":      "a document in rich text",
	typeODT:    "an OpenDocument text",
	typeODS:    "an OpenDocument table",
	typeODP:    "an OpenDocument presentation",
	"gz":       "a gzip archive",
	"tar":      "a tar archive",
	"7z":       "a 7z archive",
	"rar":      "a RAR archive",
}

func noun(kind string) string {
	if n, ok := nouns[kind]; ok {
		return n
	}
	return "a file of type " + kind
}

// content is what the start of a file tells about it.
type content struct {
	kind string // as in pipeline.File's Type
	// zipped is true for every archive that is a ZIP inside, such as docx.
	zipped bool
	// ole is true for every file in the form of older Office programs.
	ole bool
	// textual is true when the file is text, html included.
	textual bool
	class   contentClass
	mime    string
	// head is the start of the file as text, blank when the whole file is white
	// space.
	head  string
	blank bool
	// desc is a noun phrase for a person.
	desc string
}

// headBytes are read to tell a file's type and an HTML page's title.
const headBytes = 64 << 10

// headerReach is how far into a file its kind's header may stand.
const headerReach = 1024

// encryptedPackage is what an Office document with a password has in it, in UTF-16.
var encryptedPackage = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")

// detectContent tells a file's type from its first bytes.
func detectContent(r io.ReaderAt) (content, error) {
	head := make([]byte, headBytes)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return content{}, fmt.Errorf("reading the start of the file: %w", err)
	}
	head = head[:n]
	decoded := decodeText(head)
	mtype := mimetype.Detect(head)
	if at := bytes.Index(head[:min(n, headerReach)], []byte("PK\x03\x04")); at > 0 && len(bytes.TrimLeft(head[:at], "\ufeff\r\n\t ")) == 0 {
		mtype = mimetype.Detect(head[at:]) // blank lines before an archive harm no reader
	}
	c := content{
		kind: kindOf(mtype), zipped: isA(mtype, "application/zip"), ole: isA(mtype, "application/x-ole-storage"), textual: isText(decoded),
		mime: mtype.String(), head: decoded, blank: n < headBytes && strings.TrimSpace(decoded) == "",
	}
	switch {
	case pipeline.BeginsHTML(decoded):
		c.kind, c.textual = typeHTML, true
	case !c.zipped && bytes.Contains(head[:min(n, headerReach)], []byte("%PDF-")):
		// Some servers send a few bytes, or a blank line, before the header.
		c.kind, c.textual = typePDF, false
	}
	c.describe(strings.TrimPrefix(mtype.Extension(), "."))
	if c.ole && bytes.Contains(head, encryptedPackage) {
		c.desc = "an Office document that needs a password"
	}
	return c, nil
}

// describe finds the words for the content, whose usual extension is ext.
func (c *content) describe(ext string) {
	switch {
	case c.kind == typeHTML:
		c.class = classifyPage(c.head)
		c.desc = describeHTML(c.head, c.class)
	case c.kind == typeImage:
		c.desc = fmt.Sprintf("an image (%s)", ext)
	case c.textual && slices.Contains([]string{typeText, typeCSV, typeJSON, typeXML}, c.kind):
		c.desc = noun(c.kind)
		if c.class = classifyText(c.kind, c.head); c.class == errorMessage {
			c.desc += " with an error message"
		}
		c.desc += " that begins " + excerpt(c.head)
	default:
		c.desc = noun(c.kind)
	}
}

// kindOf maps a MIME type to the words of expectations.
func kindOf(mtype *mimetype.MIME) string {
	switch {
	case mtype.Is("application/pdf"):
		return typePDF
	case mtype.Is("text/html"):
		return typeHTML
	case mtype.Is("text/csv"), mtype.Is("text/tab-separated-values"):
		return typeCSV
	case strings.HasPrefix(mtype.String(), "image/"):
		return typeImage
	}
	if ext := strings.TrimPrefix(mtype.Extension(), "."); ext != "" {
		return ext
	}
	return typeBinary
}

// isA is true when a type is, or descends from, the named one.
func isA(mtype *mimetype.MIME, name string) bool {
	for ; mtype != nil; mtype = mtype.Parent() {
		if mtype.Is(name) {
			return true
		}
	}
	return false
}

// is tells whether the content meets an expected type.
func (c *content) is(want string) (bool, error) {
	switch want {
	case typeAny:
		return c.class != ownViewerPage, nil
	case "":
		return c.kind != typeHTML && c.class == ordinary, nil
	case typeCSV:
		// The library knows commas only, and takes a header that starts with
		// "BM" for a bitmap. Text that is nothing else may be a table.
		return c.textual && c.class == ordinary && !slices.Contains([]string{typeHTML, typePDF, typeJSON, typeXML}, c.kind), nil
	case typeZIP:
		return c.zipped, nil
	case typeHTML:
		return c.kind == want && slices.Contains([]contentClass{ordinary, loginTitled, viewerPage}, c.class), nil
	case typePDF, typeXLSX, typeDOCX, typePPTX, typeImage:
		return c.kind == want, nil
	}
	if ok, known := c.isByEnding(want); known {
		return ok, nil
	}
	return false, fmt.Errorf("no file type is called %q; use pdf, xlsx, docx, pptx, csv, zip, image, html or any", want)
}

// isByEnding tells whether the content is of a type that only the ending of a name
// says.
func (c *content) isByEnding(want string) (ok, known bool) {
	switch want {
	case typeText:
		return c.textual && c.class == ordinary && c.kind != typeHTML, true
	case typeJSON:
		return c.textual && c.class == ordinary && (c.kind == typeJSON || jsonStart.MatchString(c.head)), true
	case typeXML:
		return c.textual && c.class == ordinary && c.kind != typeHTML && isXML(c.head), true
	case typeOLE:
		return c.ole, true
	case "rtf", typeODT, typeODS, typeODP, "gz", "7z", "rar", "tar":
		return c.kind == want, true
	}
	return false, false
}
