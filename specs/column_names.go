package specs

import (
	"slices"
	"strings"
	"unicode"
)

// SnakeCase turns "Stock Number", "stock-number" and "StockNumber" into
// stock_number, an identifier of expressions. It is empty when the name has
// neither letters nor digits.
func SnakeCase(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if i > 0 && startsWord(runes, i) && b.Len() > 0 {
			b.WriteByte('_')
		}
		if b.Len() == 0 && unicode.IsDigit(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// startsWord is true after anything that is no letter or digit, at the "N" of
// "StockNumber" and at the second "N" of "VINNumber".
func startsWord(runes []rune, i int) bool {
	before := runes[i-1]
	switch {
	case !unicode.IsLetter(before) && !unicode.IsDigit(before):
		return true
	case !unicode.IsUpper(runes[i]):
		return false
	case unicode.IsLower(before):
		return true
	default:
		return unicode.IsUpper(before) && i+1 < len(runes) && unicode.IsLower(runes[i+1])
	}
}

// named gives the names that a header's columns have in expressions: their own,
// and those that are made of them.
func named(header []string) []string {
	names := slices.Clone(header)
	for _, name := range header {
		if made := SnakeCase(name); made != "" && !slices.Contains(names, made) {
			names = append(names, made)
		}
	}
	return names
}
