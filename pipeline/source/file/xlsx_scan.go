package file

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

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

// end reads what is left, in which no row behind the last one may have anything
// in it: the library ends without a word where a sheet is damaged.
func (s *sheetScan) end(last int) error {
	for {
		if s.ahead.line > last && slices.ContainsFunc(s.ahead.cells, func(c rawCell) bool { return c.value != "" || c.text != "" || c.hasFormula }) {
			return fmt.Errorf("the sheet is damaged after row %d: is the file whole?", last)
		}
		if s.ended {
			return nil
		}
		if err := s.read(); err != nil {
			return err
		}
	}
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
