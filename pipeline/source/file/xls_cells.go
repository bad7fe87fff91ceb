package file

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// maxXLSColumns is how many columns a sheet of Excel 97 to 2003 has.
const maxXLSColumns = 256

// xlsRows are the cells of a sheet on their way.
type xlsRows struct {
	book *xlsBook
	rows []record
	// merged counts the cells that have another's value.
	merged int
	// formula is the cell whose value comes in the next record.
	formula *[2]int
}

// rows reads a sheet that begins there.
func (b *xlsBook) rows(begin int) ([]record, error) {
	records := &biffReader{stream: b.stream, at: begin}
	x := &xlsRows{book: b}
	for depth := 0; ; {
		kind, data, err := records.next()
		if err != nil {
			return nil, err
		}
		switch {
		case kind == biffBOF:
			depth++ // a chart's is within the sheet
		case depth == 0:
			return nil, errors.New("the sheet is not where the workbook says")
		case kind == biffEOF:
			if depth--; depth == 0 {
				return x.rows, nil
			}
		case depth == 1:
			x.read(kind, data)
		}
	}
}

func (x *xlsRows) read(kind int, data biffData) {
	row, column, format := data.u16(0), data.u16(2), data.u16(4)
	switch kind {
	case biffLabelSST:
		if n := data.u32(6); n < len(x.book.strings) {
			x.set(row, column, x.book.strings[n])
		} else {
			x.bad(row, fmt.Sprintf("has a text in %s that is not in the file: is the workbook damaged?", cellName(row, column)))
		}
	case biffLabel, biffRString:
		text, ok := data.from(6).text(2)
		if !ok {
			x.bad(row, "has a text that cannot be read in "+cellName(row, column))
		}
		x.set(row, column, text)
	case biffNumber:
		x.number(row, column, format, math.Float64frombits(data.u64(6)))
	case biffRK:
		x.number(row, column, format, rkNumber(data.u32(6)))
	case biffMulRK:
		for i := 4; i+6 <= len(data)-2; i += 6 {
			x.number(row, column+(i-4)/6, data.u16(i), rkNumber(data.u32(i+2)))
		}
	case biffBoolErr:
		x.set(row, column, boolOrError(data.from(6)))
	case biffFormula:
		x.formulaValue(row, column, format, data)
	case biffString:
		if text, ok := data.text(2); ok && x.formula != nil {
			x.set(x.formula[0], x.formula[1], text)
		}
		x.formula = nil
	case biffMergedCells:
		for i := 2; i+8 <= len(data) && i < 2+8*data.u16(0); i += 8 {
			x.merge(data.u16(i), data.u16(i+2), data.u16(i+4))
		}
	}
}

// formulaValue takes the value that a formula had when the workbook was saved.
func (x *xlsRows) formulaValue(row, column, format int, data biffData) {
	if len(data) < 16 {
		x.bad(row, "has a formula that cannot be read in "+cellName(row, column))
		return
	}
	if data.u16(12) == 0xffff {
		switch result := data.from(6); result[0] {
		case 0:
			x.formula = &[2]int{row, column}
		case 1, 2:
			x.set(row, column, boolOrError(biffData{result[2], result[0] - 1}))
		}
		return
	}
	number := math.Float64frombits(data.u64(6))
	if number == 0 && data.u16(14)&3 != 0 {
		// Programs that cannot calculate leave it to Excel.
		x.bad(row, fmt.Sprintf("has a formula without its value in %s: open the file in Excel and save it, or have the site export values", cellName(row, column)))
		return
	}
	x.number(row, column, format, number)
}

func (x *xlsRows) number(row, column, format int, number float64) {
	if number == math.Trunc(number) && math.Abs(number) >= 1<<53 {
		x.bad(row, lostDigits(cellName(row, column), strconv.FormatFloat(number, 'g', -1, 64)))
		return
	}
	f := numberFormat{}
	if format < len(x.book.formats) {
		if n := x.book.formats[format]; x.book.codes[n] != "" {
			f.code = x.book.codes[n]
		} else {
			f.builtin = n
		}
	}
	if f.code == "General" {
		f.code = ""
	}
	if f != (numberFormat{}) {
		f.from1904 = x.book.from1904
	}
	text, err := x.book.show.show(number, f)
	if err != nil {
		text = strconv.FormatFloat(number, 'f', -1, 64)
	}
	x.set(row, column, text)
}

func (x *xlsRows) set(row, column int, text string) {
	if column >= maxXLSColumns {
		x.bad(row, "has more columns than a workbook has: is it damaged?")
		return
	}
	x.grow(row)
	rec := &x.rows[row]
	for len(rec.fields) <= column {
		rec.fields = append(rec.fields, "")
	}
	rec.fields[column] = text
}

func (x *xlsRows) bad(row int, reason string) {
	x.grow(row)
	x.rows[row].bad = reason
}

func (x *xlsRows) grow(row int) {
	for len(x.rows) <= row {
		x.rows = append(x.rows, record{line: len(x.rows) + 1})
	}
}

// merge gives the cells below one that are merged with it its value.
func (x *xlsRows) merge(first, last, column int) {
	if first >= len(x.rows) || column >= len(x.rows[first].fields) {
		return
	}
	for row := first + 1; row <= last && row < len(x.rows) && x.merged < maxGridCells; row++ {
		x.merged++
		x.set(row, column, x.rows[first].fields[column])
	}
}

func cellName(row, column int) string {
	name, _ := excelize.CoordinatesToCellName(column+1, row+1)
	return name
}

// rkNumber is a number in 30 bits.
func rkNumber(rk int) float64 {
	number := float64(int32(uint32(rk)) >> 2) //nolint:gosec // the bits are what is meant
	if rk&2 == 0 {
		number = math.Float64frombits(uint64(uint32(rk)&^3) << 32) //nolint:gosec // as above
	}
	if rk&1 != 0 {
		number /= 100
	}
	return number
}

// boolOrError is a cell's byte, and whether it is an error.
func boolOrError(data biffData) string {
	if len(data) < 2 {
		return ""
	}
	if data[1] == 0 {
		return map[bool]string{true: "TRUE", false: "FALSE"}[data[0] != 0]
	}
	names := map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A"}
	if name := names[data[0]]; name != "" {
		return name
	}
	return "#ERROR"
}
