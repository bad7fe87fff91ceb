package file

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
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
		if e.Name.Local == "sheet" {
			name := attribute(e, "name")
			p.order = append(p.order, name)
			p.paths[name] = sheets[attribute(e, "id")].path
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

// scan opens the cells of a sheet as the file has them. What is said of the sheet
// after its rows, which cells are merged, is read first.
func (p *xlsxParts) scan(sheet string) (*sheetScan, error) {
	file := p.names[p.paths[sheet]]
	if file == nil {
		return nil, fmt.Errorf("the sheet %q is not in the file", sheet)
	}
	s := &sheetScan{strings: p.strings, merges: map[int]map[int]int{}}
	err := p.elements(p.paths[sheet], func(e xml.StartElement) {
		if e.Name.Local == "mergeCell" {
			s.noteMerge(attribute(e, "ref"))
		}
	})
	if err != nil {
		return nil, err
	}
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	s.file, s.dec = r, xml.NewDecoder(r)
	return s, nil
}

// sheetScan reads a sheet's cells in step with the library.
type sheetScan struct {
	file    io.Closer
	dec     *xml.Decoder
	strings int
	// merges are the last rows of cells merged downwards, by first row and column.
	merges map[int]map[int]int
	ahead  rawRow
	ended  bool
}

func (s *sheetScan) close() { _ = s.file.Close() }

func (s *sheetScan) noteMerge(ref string) {
	from, to, _ := strings.Cut(ref, ":")
	column, first, err := excelize.CellNameToCoordinates(from)
	if err != nil {
		return
	}
	if _, last, err := excelize.CellNameToCoordinates(to); err == nil && last > first {
		if s.merges[first] == nil {
			s.merges[first] = map[int]int{}
		}
		s.merges[first][column-1] = last
	}
}

// rawRow is a row as the file has it.
type rawRow struct {
	line  int
	cells []rawCell
}

type rawCell struct {
	column                     int
	kind, value, formula, text string
	hasFormula                 bool
}

// row gives the cells of a row; of one that is not in the file, none.
func (s *sheetScan) row(line int) (rawRow, error) {
	for !s.ended && s.ahead.line < line {
		if err := s.read(); err != nil {
			return rawRow{}, err
		}
	}
	if s.ahead.line != line || s.ended {
		return rawRow{line: line}, nil
	}
	return s.ahead, nil
}

// end reads what is left, in which there must be no row.
func (s *sheetScan) end() error {
	for rows := 0; !s.ended; rows++ {
		if err := s.read(); err != nil {
			return err
		}
	}
	return nil
}

// read reads the next row.
func (s *sheetScan) read() error {
	row, cell, in := rawRow{line: s.ahead.line + 1}, rawCell{column: -1}, ""
	for {
		token, err := s.dec.RawToken()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = errors.New("the sheet is cut off: is the file whole?")
			}
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch in = e.Name.Local; in {
			case "row":
				if n, err := strconv.Atoi(attribute(e, "r")); err == nil {
					row.line = n
				}
			case "c":
				cell = rawCell{column: cell.column + 1, kind: attribute(e, "t")}
				if column, _, err := excelize.CellNameToCoordinates(attribute(e, "r")); err == nil {
					cell.column = column - 1
				}
			case "f":
				cell.hasFormula = true
			}
		case xml.CharData:
			switch in {
			case "v":
				cell.value += string(e)
			case "f":
				cell.formula += string(e)
			case "t":
				cell.text += string(e)
			}
		case xml.EndElement:
			switch in = ""; e.Name.Local {
			case "c":
				row.cells = append(row.cells, cell)
			case "row":
				s.ahead = row
				return nil
			case "sheetData":
				s.ended = true
				return nil
			}
			// An empty sheetData closes itself: the decoder gives both.
		}
	}
}

// digitsKept is how many digits of a number a workbook keeps.
const digitsKept = 15

var (
	plainDigits = regexp.MustCompile(`^-?\d+$`)
	exponent    = regexp.MustCompile(`^(-?)(\d)(?:\.(\d+))?[Ee]\+?(\d+)$`)
)

// correct puts right the values that the library gives otherwise than the file has
// them, and says of a row what cannot be read.
func (r rawRow) correct(values []string, shared int) string {
	for _, c := range r.cells {
		place, _ := excelize.CoordinatesToCellName(c.column+1, r.line)
		switch {
		case c.hasFormula && c.value == "" && c.text == "" && c.kind != "str":
			return fmt.Sprintf("has a formula without its value in %s (=%.60s): open the file in Excel and save it, or have the site export values", place, c.formula)
		case c.kind == "s":
			if n, err := strconv.Atoi(strings.TrimSpace(c.value)); c.value != "" && (err != nil || n < 0 || n >= shared) {
				return fmt.Sprintf("has a text in %s that is not in the file: is the workbook damaged?", place)
			}
		case (c.kind == "" || c.kind == "n") && c.column < len(values) && strings.Contains(values[c.column], "E+"):
			digits, lost := longDigits(c.value)
			if lost {
				return fmt.Sprintf("has a number of more than %d digits in %s, of which Excel keeps no more (%s): have the site export it as text", digitsKept, place, c.value)
			}
			if digits != "" {
				values[c.column] = digits
			}
		}
	}
	return ""
}

// longDigits writes a whole number that is shown as 1.23457E+15 with its digits.
// lost is true when the file itself may not have them all.
func longDigits(raw string) (digits string, lost bool) {
	raw = strings.TrimSpace(raw)
	if plainDigits.MatchString(raw) {
		return raw, false
	}
	found := exponent.FindStringSubmatch(raw)
	if found == nil {
		number, err := strconv.ParseFloat(raw, 64)
		if err != nil || number != math.Trunc(number) || math.Abs(number) > 1e15 {
			return "", false
		}
		return strconv.FormatFloat(number, 'f', -1, 64), false
	}
	shift, err := strconv.Atoi(found[4])
	if err != nil || shift > 30 || len(found[3]) > shift {
		return "", false
	}
	if 1+len(found[3]) >= digitsKept && shift >= digitsKept {
		return "", true
	}
	return found[1] + found[2] + found[3] + strings.Repeat("0", shift-len(found[3])), false
}
