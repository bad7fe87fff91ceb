// Package spreadsheet makes cells of texts that come from web sites, for files that
// people open in a spreadsheet.
package spreadsheet

import (
	"strconv"
	"strings"
	"unicode"
)

// Cell is a text as a spreadsheet shows it and never takes it for a formula: what begins
// with = + - @ or a blank before them gets an apostrophe in front, unless it is a number.
// Control characters and those that turn the writing direction are left out, but for line
// ends.
func Cell(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		default:
			return r
		}
	}, text)
	first := strings.TrimLeft(text, " \n\u00a0\u3000")
	if first == "" || !strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]) {
		return text
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return text
	}
	return "'" + text
}
