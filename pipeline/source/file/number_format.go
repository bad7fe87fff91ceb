package file

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// numberFormats show numbers as Excel does, by a cell of a workbook that is used
// for nothing else.
type numberFormats struct {
	book   *excelize.File
	styles map[numberFormat]int
}

// numberFormat is a format of a workbook: its code, or the number of a built-in
// one.
type numberFormat struct {
	code     string
	builtin  int
	from1904 bool
}

const scratchSheet, scratchCell = "Sheet1", "A1"

// show gives a number as it is shown.
func (f *numberFormats) show(number float64, format numberFormat) (string, error) {
	if format == (numberFormat{}) && isWhole(number) {
		return strconv.FormatFloat(number, 'f', 0, 64), nil
	}
	if f.book == nil {
		f.book, f.styles = excelize.NewFile(), map[numberFormat]int{}
	}
	style, known := f.styles[format]
	if !known {
		s := &excelize.Style{NumFmt: format.builtin}
		if format.code != "" {
			s.CustomNumFmt = &format.code
		}
		var err error
		if style, err = f.book.NewStyle(s); err != nil {
			return "", fmt.Errorf("the number format %.40q: %w", format.code, err)
		}
		f.styles[format] = style
	}
	if err := f.book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &format.from1904}); err != nil {
		return "", err
	}
	if err := f.book.SetCellStyle(scratchSheet, scratchCell, scratchCell, style); err != nil {
		return "", err
	}
	if err := f.book.SetCellFloat(scratchSheet, scratchCell, number, -1, 64); err != nil {
		return "", err
	}
	text, err := f.book.GetCellValue(scratchSheet, scratchCell)
	if err == nil && isWhole(number) && strings.Contains(text, "E+") {
		return strconv.FormatFloat(number, 'f', 0, 64), nil
	}
	return text, err
}

// isWhole tells whether a number is whole and has all its digits.
func isWhole(number float64) bool { return number == math.Trunc(number) && math.Abs(number) < 1<<53 }
