package file

import (
	"fmt"
	"strings"

	"pipe/specs"
)

// columnsShown is how many columns are named to people.
const columnsShown = 12

// listColumns names the columns of a table.
func listColumns(columns []specs.TableColumn) string {
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

func isBlank(field string) bool { return strings.TrimSpace(field) == "" }
