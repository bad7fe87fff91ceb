package file

import (
	"fmt"
	"strings"

	"pipe/specs"
)

// Column is one column of a table.
type Column struct {
	// Header is the column's name as the file has it, trimmed. A second column
	// of the same name is "name (2)", one without a name is "column_3".
	Header string
	// Ident is the name in snake case, for expressions: "Stock Number" is
	// item.stock_number. It is empty when it says no more than Header, or when
	// an earlier column has it.
	Ident string
}

// nameColumns makes the names of a header's columns unique.
func nameColumns(header []string) []Column {
	for len(header) > 1 && isBlank(header[len(header)-1]) {
		header = header[:len(header)-1]
	}
	taken := make(map[string]bool, 2*len(header))
	columns := make([]Column, len(header))
	for i, name := range header {
		name = strings.TrimSpace(name)
		if name == "" {
			name = fmt.Sprintf("column_%d", i+1)
		}
		// The header's strings must not keep their whole row alive.
		columns[i].Header = strings.Clone(unique(name, taken))
	}
	// A column that is called so comes before one that would be.
	for i := range columns {
		if ident := specs.SnakeCase(columns[i].Header); ident != "" && !taken[ident] {
			taken[ident] = true
			columns[i].Ident = ident
		}
	}
	return columns
}

// columnsShown is how many columns are named to people.
const columnsShown = 12

// columnNames are the names by which rows have the columns.
func columnNames(columns []Column) []string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Header)
		if c.Ident != "" {
			names = append(names, c.Ident)
		}
	}
	return names
}

// listColumns names the columns of a table.
func listColumns(columns []Column) string {
	names := make([]string, 0, columnsShown)
	for _, c := range columns[:min(len(columns), columnsShown)] {
		names = append(names, fmt.Sprintf("%.40s", c.Header))
	}
	list := strings.Join(names, ", ")
	switch more := len(columns) - columnsShown; {
	case len(columns) == 1:
		return "one column: " + list
	case more > 0:
		return fmt.Sprintf("%d columns: %s and %d more", len(columns), list, more)
	default:
		return fmt.Sprintf("%d columns: %s", len(columns), list)
	}
}

// unique numbers a name that is taken, and takes it.
func unique(name string, taken map[string]bool) string {
	numbered := name
	for n := 2; taken[numbered]; n++ {
		numbered = fmt.Sprintf("%s (%d)", name, n)
	}
	taken[numbered] = true
	return numbered
}

func isBlank(field string) bool { return strings.TrimSpace(field) == "" }
