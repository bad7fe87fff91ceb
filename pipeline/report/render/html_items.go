package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"pipe/pipeline"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/summary"
)

const (
	// rowsMost is how many bytes the rows of items may take in the page, and doneMost
	// how many they may have taken for one more to be added that is done: what is beyond
	// is left out, and said so.
	doneMost = 8 << 20
	rowsMost = 11 << 20
	// textsMost is how many reasons are kept once for all items that have them. Such a
	// reason is cut at textMost bytes, one of an item's own at ownMost.
	textsMost = 2_000
	textMost  = 500
	ownMost   = 120
)

// statuses are those of the page's items, tones how they are coloured.
var (
	statuses = []string{"done", "skipped", "failed", "pending", "stale"}
	tones    = []string{"good", "", "bad", "warn", "warn"}
)

// itemData are the rows of the page's table, as JSON.
type itemData struct {
	rows    bytes.Buffer
	n       int
	leftOut int
	texts   dictionary
	steps   dictionary
	classes dictionary
}

// dictionary numbers texts that come again.
type dictionary struct {
	places map[string]int
	all    []string
}

func (d *dictionary) place(text string) int {
	place, known := d.places[text]
	if !known {
		if d.places == nil {
			d.places = map[string]int{}
		}
		place = len(d.all)
		d.places[text], d.all = place, append(d.all, text)
	}
	return place
}

// foldItems makes rows of the report's items, within their limits: first of those that
// are not done, which somebody may want to look after.
func foldItems(r *summary.Report) (*itemData, error) {
	d := &itemData{}
	for _, status := range []pipeline.Status{pipeline.Failed, pipeline.Pending, pipeline.Skipped, pipeline.Done} {
		most := rowsMost
		if status == pipeline.Done {
			most = doneMost
		}
		for item, err := range r.Items(status) {
			if err != nil {
				return nil, err
			}
			if d.rows.Len() >= most {
				break
			}
			if err := d.add(item); err != nil {
				return nil, err
			}
		}
	}
	// A run may be at work: they may be more by now than were counted.
	d.leftOut = max(0, r.Counts.Items-d.n)
	return d, nil
}

func (d *itemData) add(item summary.Item) error {
	status := string(item.Status)
	if item.Stale {
		status = "stale"
	}
	row := []any{
		console.Clean(item.Key), placeOf(statuses, status), d.classes.place(string(item.Class)), d.reason(item),
		d.steps.place(console.Clean(item.Step)), item.Attempts, seconds(item.Finished), item.TookMS, item.Seq,
	}
	if len(item.Files) > 0 {
		row = append(row, item.Files)
	}
	text, err := json.Marshal(row) // with < > & as escapes: it is in the page's markup
	if err != nil {
		return err
	}
	if d.n > 0 {
		d.rows.WriteString(",\n")
	}
	d.n++
	d.rows.Write(text)
	return nil
}

// reason is the number of the reason's text, in which the key is left out, or the
// beginning of one that few share.
func (d *itemData) reason(item summary.Item) any {
	key := console.Clean(item.Key)
	reason := console.Clean(item.Reason)
	general := cut(reason, textMost)
	if key != "" {
		general = strings.ReplaceAll(general, key, "\x01")
	}
	if _, known := d.texts.places[general]; known || len(d.texts.all) < textsMost {
		return d.texts.place(general)
	}
	return cut(reason, ownMost)
}

func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}

func placeOf(all []string, one string) int {
	for i, text := range all {
		if text == one {
			return i
		}
	}
	return len(all) - 1
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// write writes the page's data.
func (d *itemData) write(w io.Writer, o Options) error {
	_, zone := o.Now.Zone()
	var files string
	if o.Files != "" {
		files = o.Root + o.Files
	}
	head, err := json.Marshal(map[string]any{
		"zone": zone, "files": files, "statuses": statuses, "tones": tones,
		"texts": some(d.texts.all), "steps": some(d.steps.all), "classes": some(d.classes.all),
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s,\"items\":[\n%s\n]}", bytes.TrimSuffix(head, []byte("}")), d.rows.Bytes())
	return err
}

// some is a list that is there, though it may be empty.
func some(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}
