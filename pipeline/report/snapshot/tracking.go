package snapshot

import (
	"context"
	"io"
	"time"

	"pipe/pipeline/orderedjson"
)

// tracked is an item in tracking.json.
type tracked struct {
	Finished time.Time     `json:"finished"`
	Files    []trackedFile `json:"files"`
}

type trackedFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	Pages  int    `json:"pages,omitempty"`
}

// sum is what all files come to.
type sum struct {
	files int
	bytes int64
}

// writeTracking writes which files are there: an object with a member, on a
// line of its own, for each item's key.
func (w *Writer) writeTracking(ctx context.Context) (sum, error) {
	var total sum
	err := w.replace(Tracking, func(out io.Writer) error {
		items := orderedjson.NewObject(out, "\n")
		var (
			key  string
			item tracked
		)
		for row, err := range w.led.Files(ctx) {
			if err != nil {
				return err
			}
			if row.Key != key && len(item.Files) > 0 {
				if err := items.Add(key, item); err != nil {
					return err
				}
				item.Files = nil
			}
			key, item.Finished = row.Key, row.Finished
			item.Files = append(item.Files, trackedFile{
				Name: row.File.Name, Size: row.File.Size, SHA256: row.File.SHA256, Pages: row.File.Pages,
			})
			total.files++
			total.bytes += row.File.Size
		}
		if len(item.Files) > 0 {
			if err := items.Add(key, item); err != nil {
				return err
			}
		}
		return items.End()
	})
	return total, err
}
