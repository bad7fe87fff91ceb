package render

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"pipe/pipeline/report/spreadsheet"
	"pipe/pipeline/report/summary"
)

// CSV writes the report's items, a line each, for a spreadsheet.
func CSV(w io.Writer, r *summary.Report, _ Options) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"key", "seq", "status", "class", "reason", "step", "attempts", "finished", "seconds", "files"}); err != nil {
		return err
	}
	for item, err := range r.Items("") {
		if err != nil {
			return err
		}
		finished := ""
		if !item.Finished.IsZero() {
			finished = item.Finished.Format(time.RFC3339)
		}
		status := string(item.Status)
		if item.Stale {
			status = "stale"
		}
		cells := []string{
			item.Key, strconv.Itoa(item.Seq), status, string(item.Class), item.Reason, item.Step, strconv.Itoa(item.Attempts), finished,
			strconv.FormatFloat(float64(item.TookMS)/1000, 'f', -1, 64), strings.Join(item.Files, "; "),
		}
		for i := range cells {
			cells[i] = spreadsheet.Cell(cells[i])
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
