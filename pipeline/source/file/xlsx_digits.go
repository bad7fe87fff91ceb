package file

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

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
		case (c.kind == "" || c.kind == "n") && c.column < len(values) && strings.ContainsAny(c.value+values[c.column], "eE"):
			digits, lost := longDigits(c.value)
			if lost {
				return lostDigits(place, c.value)
			}
			if strings.Contains(values[c.column], "E+") {
				values[c.column] = cmp.Or(digits, values[c.column])
			}
		}
	}
	return ""
}

// lostDigits says of a row what is wrong with the number at a place.
func lostDigits(place, raw string) string {
	return fmt.Sprintf("has a number of more than %d digits in %s, of which Excel keeps no more (%s): have the site export it as text", digitsKept, place, raw)
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
