package specs

import (
	"fmt"
	"maps"
	"reflect"
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

// TableColumn is one column of a table.
type TableColumn struct {
	// Header is the column's name as the table has it, trimmed. A second column
	// of the same name is "name (2)", one without a name is "column_3".
	Header string
	// Ident is the name in snake case, for expressions: "Stock Number" is
	// item.stock_number. It is empty when it says no more than Header, or when
	// an earlier column has it.
	Ident string
}

// TableColumns makes the names of a header's columns unique.
func TableColumns(header []string) []TableColumn {
	for len(header) > 1 && strings.TrimSpace(header[len(header)-1]) == "" {
		header = header[:len(header)-1]
	}
	taken := make(map[string]bool, 2*len(header))
	columns := make([]TableColumn, len(header))
	for i, name := range header {
		name = strings.TrimSpace(name)
		if name == "" {
			name = fmt.Sprintf("column_%d", i+1)
		}
		// The header's strings must not keep their whole row alive.
		columns[i].Header = strings.Clone(UniqueName(name, taken))
	}
	// A column that is called so comes before one that would be.
	for i := range columns {
		if ident := SnakeCase(columns[i].Header); ident != "" && !taken[ident] {
			taken[ident] = true
			columns[i].Ident = ident
		}
	}
	return columns
}

// ColumnNames are the names by which rows have the columns.
func ColumnNames(columns []TableColumn) []string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Header)
		if c.Ident != "" {
			names = append(names, c.Ident)
		}
	}
	return names
}

// UniqueName numbers a name that is taken, and takes it.
func UniqueName(name string, taken map[string]bool) string {
	numbered := name
	for n := 2; taken[numbered]; n++ {
		numbered = fmt.Sprintf("%s (%d)", name, n)
	}
	taken[numbered] = true
	return numbered
}

// EachColumnOnce leaves out of a row's names those whose values are there by another name
// too, the one that expressions have for it.
func EachColumnOnce(row map[string]any) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(row)), func(name string) bool {
		ident := SnakeCase(name)
		value, is := row[ident]
		return ident != name && is && reflect.DeepEqual(value, row[name])
	})
}
