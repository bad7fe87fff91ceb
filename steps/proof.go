package steps

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"pipe/specs"
	"pipe/specs/expr"
)

// Proof is what a file must be to count.
type Proof struct {
	Type        string          `yaml:"type" short:"true" enum:"pdf,xlsx,docx,pptx,csv,zip,image,html,any" doc:"what the content must be, whatever its name; default: what the ending of the name says (.pdf, .xlsx, .png, .xls, .xml, …), else any file that is neither a web page nor an error message"`
	Contains    []expr.Template `yaml:"contains" doc:"texts that its text must hold, all of them, as whole words; white space and the way that letters are written do not matter"`
	NotContains []expr.Template `yaml:"not_contains" doc:"texts that its text must not hold, not even as part of a word"`
	MinSize     specs.Size      `yaml:"min_size" doc:"the least size"`
	MaxSize     specs.Size      `yaml:"max_size" doc:"the greatest size"`
	Pages       specs.Span      `yaml:"pages" doc:"how many pages a PDF must have, such as 3 or {min: 1, max: 4}"`
	Matches     *expr.Condition `yaml:"matches" scope:"proof" doc:"what must hold of file: its size, type, sha256, pages, text, name, via, url and site_name"`
	OpenEnd     bool            `yaml:"open_end" doc:"true takes a file although the site does not say where it ends and closes the connection there (no Content-Length, no chunks), and its type has no end of its own (csv, text): half of it would look the same, so prove its end, as by matches"`
	Unique      bool            `yaml:"unique" default:"true" doc:"false allows the same bytes as another file's, of this item or another"`
}

// kinds are the types that the endings of file names stand for.
var kinds = map[string]string{
	".pdf": "pdf", ".xlsx": "xlsx", ".docx": "docx", ".pptx": "pptx", ".csv": "csv", ".zip": "zip",
	".png": "image", ".jpg": "image", ".jpeg": "image", ".gif": "image", ".webp": "image", ".bmp": "image",
	".html": "html", ".htm": "html",
}

// told are the types that other endings stand for. A capture does not look for
// them, as servers call them anything; but the file must be one.
var told = map[string]string{
	".xls": "ole", ".doc": "ole", ".ppt": "ole", ".msg": "ole", ".xlsm": "xlsx", ".docm": "docx", ".pptm": "pptx", ".tsv": "csv",
	".json": "json", ".xml": "xml", ".txt": "txt", ".rtf": "rtf", ".odt": "odt", ".ods": "ods", ".odp": "odp",
	".tif": "image", ".tiff": "image", ".svg": "image", ".gz": "gz", ".tgz": "gz", ".tar": "tar", ".7z": "7z", ".rar": "rar",
}

// Content is the type that a file of the name must prove to be: Kind, else what
// any other ending of the name stands for, else "".
func (p *Proof) Content(name string) string {
	return cmp.Or(p.Kind(name), told[strings.ToLower(path.Ext(name))])
}

// Kind is the type that a file of the name must have: what the spec says, else
// what the name's ending stands for, else "".
func (p *Proof) Kind(name string) string {
	if p.Type != "" {
		return p.Type
	}
	return kinds[strings.ToLower(path.Ext(name))]
}

// Advice tells of a capture that takes any item's file for its own.
func (c *Capture) Advice(of expr.Varying, key expr.Template) string {
	kind := c.Expect.Kind(c.As.Raw())
	own := slices.ContainsFunc(c.Expect.Contains, of.Varies) || of.VariesBeside(c.Expect.Matches, "file")
	if own || !c.Many && (kind == "image" || kind == "zip") {
		return ""
	}
	return fmt.Sprintf("nothing in expect proves that a file is this item's and no other's: add what sets items apart and stands in the file, "+
		"as contains: %q", key.Raw())
}

// Named gives the file the name that the spec has for it; siteName is what the
// site calls it.
func (c *CapturedFile) Named(siteName string) (string, error) {
	if siteName == "" && c.as.Names("file", "site_name") {
		return "", &NamelessError{}
	}
	return c.as.Text(c.values.With("file", map[string]any{"site_name": siteName, "ext": path.Ext(siteName)}))
}

// NamelessError is a file that is to have the site's name for it, of which there
// is none.
type NamelessError struct{}

func (*NamelessError) Error() string {
	return "the site gives the file no name: use something of the item's in `as` in place of file.site_name"
}

// Member gives a file of the archive that the site calls siteName, the index-th
// from 1, the name that the spec has for it.
func (c *CapturedFile) Member(siteName, name string, index int) (string, error) {
	return c.as.Text(c.values.With("file", map[string]any{"site_name": siteName, "name": name, "ext": path.Ext(name), "index": index}))
}

// Matches tells whether a file, with what a spec may know of it, is as the spec
// has it.
func (c *CapturedFile) Matches(file map[string]any) (bool, error) {
	return c.Proof.Matches.Holds(c.values.With("file", file))
}
