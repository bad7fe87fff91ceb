package console

import (
	"fmt"
	"io"

	"pipe/pipeline"
)

// Uncertain are steps that are done once for an item, and of which nobody knows whether
// they are; Done and Redo are the commands that say so.
type Uncertain struct {
	Rows       []pipeline.UncertainRow
	Done, Redo string
}

// Print tells of them, and what is to be done, each line behind the text before.
func (u Uncertain) Print(w io.Writer, before string) {
	if len(u.Rows) == 0 {
		return
	}
	fmt.Fprintf(w, "%suncertain %d: nobody knows whether the site has taken what was to be done once\n", before, len(u.Rows))
	for i, row := range u.Rows {
		if i == rowsShown {
			fmt.Fprintf(w, "%s  … and %d more: `pipe status` has all of them\n", before, len(u.Rows)-i)
			break
		}
		was := "begun"
		if row.Doubted {
			was = "done for other values of the item,"
		}
		fmt.Fprintf(w, "%s  %s  %q %s %s\n", before, Clean(row.Key), row.Step, was, row.Begun.Local().Format("2006-01-02 15:04:05"))
	}
	fmt.Fprintf(w, "%s  look on the site: %s goes on with what is done there,\n", before, u.Done)
	fmt.Fprintf(w, "%s  and %s does it again\n", before, u.Redo)
}
