package specs

import (
	"fmt"
	"slices"
	"strings"

	"pipe/specs/document"
)

// ExpectRows is what a source must be like. It is about the rows as the source
// has them, before where and limit.
type ExpectRows struct {
	Rows    *Span    `yaml:"rows" doc:"how many rows there are, as 39 or {min: 30, max: 60}; fewer make the exit code 1, after what there is has been done, more are a failure, before any item where the list has no more than 5000 rows; without it a list with no rows makes the exit code 1 too, and {min: 0} takes it"`
	Shrink  *Share   `yaml:"shrink" example:"20%" doc:"how many rows fewer than in the last run that read the whole list there may be, as 20% or 15; more, or an empty list, make the exit code 1, after what there is has been done; 100% takes any; default: 50%"`
	Columns []string `yaml:"columns" example:"reference" doc:"columns that there must be, whether the spec uses them or not; without one of them no item is begun, and none can be seen in a list that is empty and has no header"`
}

// Missing fails when a column that there must be is none of those that there are.
func (e *ExpectRows) Missing(have []string) error {
	var missing []string
	for _, name := range e.Columns {
		if !slices.Contains(have, name) {
			missing = append(missing, fmt.Sprintf("%q%s", name, document.DidYouMean(name, have)))
		}
	}
	switch {
	case len(missing) == 0:
		return nil
	case len(have) == 0:
		return fmt.Errorf("the source has no rows, and nothing else that shows its columns: whether it has %s, which source.expect.columns wants, is not known; "+
			"leave source.expect.columns out where the list may be empty", strings.Join(missing, " and "))
	}
	return fmt.Errorf("the source has no column %s, which source.expect.columns wants; it has %s: has the list changed?",
		strings.Join(missing, " and no "), strings.Join(have[:min(len(have), columnsListed)], ", "))
}
