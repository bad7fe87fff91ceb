package file

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// xlsxParts are where a workbook's sheets are in its archive.
type xlsxParts struct {
	names map[string]*zip.File
	order []string
	paths map[string]string
	// strings is how many shared strings there are.
	strings int
}

func findParts(names map[string]*zip.File) (xlsxParts, error) {
	p := xlsxParts{names: names, paths: map[string]string{}}
	targets, err := p.relations("_rels/.rels", "")
	if err != nil {
		return p, err
	}
	book := "xl/workbook.xml"
	for _, one := range targets {
		if strings.HasSuffix(one.kind, "/officeDocument") {
			book = one.path
		}
	}
	if names[book] == nil {
		return p, errors.New("it is no Excel workbook, but another Office document")
	}
	sheets, err := p.relations(path.Dir(book)+"/_rels/"+path.Base(book)+".rels", path.Dir(book))
	if err != nil {
		return p, err
	}
	err = p.elements(book, func(e xml.StartElement) {
		// Sheets of charts, dialogs and macros have no rows.
		if sheet := sheets[attribute(e, "id")]; e.Name.Local == "sheet" && strings.HasSuffix(sheet.kind, "/worksheet") {
			name := attribute(e, "name")
			p.order = append(p.order, name)
			p.paths[name] = sheet.path
		}
	})
	for _, one := range sheets {
		if strings.HasSuffix(one.kind, "/sharedStrings") && err == nil {
			err = p.elements(one.path, func(e xml.StartElement) {
				if e.Name.Local == "si" {
					p.strings++
				}
			})
		}
	}
	return p, err
}

// relation is what one part of an archive says of another.
type relation struct{ kind, path string }

func (p *xlsxParts) relations(name, folder string) (map[string]relation, error) {
	found := map[string]relation{}
	err := p.elements(name, func(e xml.StartElement) {
		if e.Name.Local != "Relationship" {
			return
		}
		target := strings.ReplaceAll(attribute(e, "Target"), `\`, "/")
		if rooted, is := strings.CutPrefix(target, "/"); is {
			target = rooted
		} else {
			target = path.Join(folder, target)
		}
		found[attribute(e, "Id")] = relation{attribute(e, "Type"), target}
	})
	return found, err
}

// elements goes through the elements of a part. One that is missing has none.
func (p *xlsxParts) elements(name string, do func(xml.StartElement)) error {
	file := p.names[name]
	if file == nil {
		return nil
	}
	r, err := file.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer func() { _ = r.Close() }()
	for dec := xml.NewDecoder(r); ; {
		token, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if e, is := token.(xml.StartElement); is {
			do(e)
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
