package render_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/render"
	"pipe/pipeline/report/summary"
)

// hostile are texts as a site may send them, to be shown as text everywhere.
var hostile = []string{
	`<img src=x onerror="window.hacked=1">`, `</script><script>window.hacked=2</script>`, `<!--<script>`, "=cmd|' /C calc'!A0",
	"\x1b[2J\x1b[31mred\x07", "abc\u202etxt.exe", "`code` **bold** [link](javascript:alert(1)) | cell", `"' onmouseover="window.hacked=3`, "line\nbreak\tand tab", "\u2028\u2029", "C1 \u009b31m",
}

var began = time.Date(2026, 11, 29, 22, 0, 3, 0, time.UTC)

// sample is a report as a night leaves it, with n items: of each ten one has failed, and
// the hostile texts are the first keys and reasons.
func sample(n int) *summary.Report {
	items := func(status pipeline.Status) iter.Seq2[summary.Item, error] {
		return func(yield func(summary.Item, error) bool) {
			for i := range n {
				if item := sampleItem(i); status != "" && item.Status != status {
					continue
				} else if !yield(item, nil) {
					return
				}
			}
		}
	}
	failed := n / 10
	r := &summary.Report{
		Spec: "inventory", Newest: true, Outcome: fmt.Sprintf("%d of %d done, %d failed", n-failed, n, failed),
		Run:    summary.Run{Number: 12, State: pipeline.StateFinished, Reason: "finished", Started: began, Ended: began.Add(7 * time.Hour), Attempts: n + failed, Done: n - failed, Failed: failed, PerMinute: float64(n) / 420},
		Counts: summary.Counts{Items: n, Done: n - failed, Failed: failed, Duplicates: 3},
		Next:   summary.Command{Line: "pipe run specs/inventory.yaml --retry-failed", Why: "tries all that failed once more; each cause below has its own command"},
		Items:  items,
	}
	for i, text := range hostile {
		r.Causes = append(r.Causes, summary.Cause{
			Class: pipeline.NotFound, Step: fmt.Sprintf("navigate.steps[%d].wait", i), Place: fmt.Sprintf("specs/inventory.yaml:%d:7", 40+i), Line: `- wait: "#grid tbody tr:only-child td.stock"`,
			Items: failed / (i + 1), Keys: []string{text, "25R4305"}, Sample: text, Reason: "the site says: " + text, Reasons: 2,
			Next: summary.Command{Line: "pipe try specs/inventory.yaml --item=25R4305", Why: "walks one of them and tells each step"},
		})
	}
	r.Causes[0].Evidence = &summary.Evidence{
		Of: pipeline.EvidenceOfItem, Key: hostile[0], Attempt: 1, Class: pipeline.NotFound, Step: "navigate.steps[0].wait", Reason: "the site says", URL: "https://site.example/" + hostile[1], Taken: began.Add(time.Hour),
		Folder: "evidence/run-12/1 of <x>", Files: []pipeline.EvidenceFile{{Name: pipeline.EvidenceScreenshot, Size: 20_000}, {Name: pipeline.EvidenceMessages, Size: 300}, {Name: pipeline.EvidencePage, Size: 1 << 21}},
	}
	r.Skipped = []summary.Cause{{Items: 2, Keys: []string{"A", "B"}, Sample: "A", Reason: "sold " + hostile[0], Reasons: 1}}
	r.BadRows = []pipeline.RejectedRow{{Number: 7, File: "rows.csv", Row: "line 8", Reason: "has 1 field " + hostile[0]}}
	r.Uncertain = []pipeline.UncertainRow{{Key: hostile[0], Step: "order", Begun: began}}
	r.Counts.Bad = 1
	charts(r, n)
	return r
}

func sampleItem(i int) summary.Item {
	item := summary.Item{
		Key: fmt.Sprintf("25R%05d", (i*7919)%100_000), Seq: i + 1, Status: pipeline.Done, Attempts: 1, Finished: began.Add(time.Duration(i) * 500 * time.Millisecond),
		TookMS: int64(1500 + i%3000), Files: []string{fmt.Sprintf("reports/25R%05d.pdf", (i*7919)%100_000)},
	}
	if i%10 == 3 {
		item.Status, item.Class, item.Files, item.Attempts = pipeline.Failed, pipeline.NotFound, nil, 3
		item.Reason = fmt.Sprintf("the inventory has no vehicle %s (seen twice), and the page says that reference %d is unknown", item.Key, i)
		item.Step = "navigate.steps[1].wait (specs/inventory.yaml:41:7)"
	}
	if i < len(hostile) {
		item.Key, item.Reason = hostile[i], "the site says: "+hostile[i]
		if item.Files != nil {
			item.Files = []string{"a folder/" + hostile[i]}
		}
	}
	return item
}

// charts adds what is drawn.
func charts(r *summary.Report, n int) {
	r.Throughput.SpanSeconds = 300
	for i := range 84 {
		s := summary.Span{Start: began.Add(time.Duration(i) * 5 * time.Minute), Done: n / 84 * (60 + i%17*2) / 80, Failed: n / 840}
		if i > 40 && i < 46 {
			s.Done, s.Failed = 0, n/300
		}
		r.Throughput.Spans = append(r.Throughput.Spans, s)
	}
	for i, name := range []string{"open", "navigate", "download", "fetch", "prove", "place"} {
		s := summary.Stage{Name: name, Attempts: n, MedianMS: int64(40 << i), P90MS: int64(90 << i), MaxMS: int64(400 << i)}
		for b := range 9 {
			from := float64(int(10)<<i) * float64(int(1)<<b) / 2
			s.Buckets = append(s.Buckets, summary.Bucket{FromMS: from, ToMS: from * 2, Attempts: 1 + 100/(1+(b-3)*(b-3))})
		}
		r.Stages = append(r.Stages, s)
	}
	for w := range 6 {
		worker := summary.Worker{Name: fmt.Sprintf("c%dp%d", 1+w/3, 1+w%3), Attempts: n / 6, Done: n / 7, Failed: 4}
		for i := range 160 {
			busy, failed := 0.95, 0
			if i > 78 && i < 88 || i%(23+w) == 0 {
				busy = 0.2
			}
			if i%(31+w*3) == 7 {
				failed = 1
			}
			worker.Busy, worker.FailedIn = append(worker.Busy, busy), append(worker.FailedIn, failed)
		}
		r.Workers = append(r.Workers, worker)
	}
}

// written writes the report's page into a folder, with the evidence that it shows.
func written(t *testing.T, r *summary.Report, zone *time.Location) (path string) {
	t.Helper()
	dir := t.TempDir()
	folder := filepath.Join(dir, "evidence", "run-12", "1 of <x>")
	check(t, os.MkdirAll(folder, 0o755))
	check(t, os.WriteFile(filepath.Join(folder, pipeline.EvidenceScreenshot), picture(t), 0o600))
	path = filepath.Join(dir, "report.html")
	var page bytes.Buffer
	check(t, render.Write(&page, r, "html", render.Options{Dir: dir, Files: "files/", Words: "specs/inventory.yaml", Now: began.Add(8 * time.Hour).In(zone)}))
	check(t, os.WriteFile(path, page.Bytes(), 0o600))
	return path
}

func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 640, 360))
	for x := range 640 {
		for y := range 360 {
			img.Set(x, y, color.RGBA{uint8(200 + y/8), uint8(210 + x/16), 235, 255})
		}
	}
	var text bytes.Buffer
	check(t, png.Encode(&text, img))
	return text.Bytes()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
