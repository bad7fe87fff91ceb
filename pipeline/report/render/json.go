package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"pipe/pipeline/orderedjson"
	"pipe/pipeline/report/summary"
)

// JSON writes the report as one object; its items come last, each on a line.
func JSON(w io.Writer, r *summary.Report, _ Options) error {
	out := bufio.NewWriter(w)
	head, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	head = bytes.TrimSuffix(head, []byte("\n}"))
	fmt.Fprintf(out, "%s,\n  \"items\": [", orderedjson.Quiet(head))
	sep := "\n    "
	for item, err := range r.Items("") {
		if err != nil {
			return err
		}
		line, err := json.Marshal(item)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s%s", sep, orderedjson.Quiet(line))
		sep = ",\n    "
	}
	fmt.Fprint(out, "\n  ]\n}\n")
	return out.Flush()
}
