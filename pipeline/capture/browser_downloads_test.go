package capture

import (
	"errors"
	"testing"
)

// What the browser tells of a tab's download, and what is told of its end. One that falls
// back was cut off: the browser begins it anew, and may call that complete.
func TestTabDownload(t *testing.T) {
	progress := func(state string, received int) map[string]any {
		return map[string]any{"guid": "g", "state": state, "receivedBytes": float64(received), "totalBytes": 0.0}
	}
	for name, c := range map[string]struct {
		events []map[string]any
		cut    bool
		ends   int
	}{
		"whole":                 {events: []map[string]any{progress("inProgress", 0), progress("inProgress", 7), progress("inProgress", 7), progress("completed", 9)}, ends: 1},
		"canceled":              {events: []map[string]any{progress("inProgress", 7), progress("canceled", 7)}, cut: true, ends: 1},
		"under way":             {events: []map[string]any{progress("inProgress", 7)}},
		"begun anew":            {events: []map[string]any{progress("inProgress", 7), progress("inProgress", 0)}, cut: true, ends: 1},
		"begun anew, and whole": {events: []map[string]any{progress("inProgress", 7), progress("inProgress", 0), progress("inProgress", 7)}, cut: true, ends: 1},
	} {
		t.Run(name, func(t *testing.T) {
			downloads := newBrowserDownloads(nil, t.TempDir())
			var ends []error
			d := &tabDownload{of: downloads, name: downloads.prefix + "ABCDEFGHIJKLMNOPQRSTUVWXYZ", ended: func(_ *tabDownload, err error) { ends = append(ends, err) }}
			downloads.named[d.name] = d
			downloads.onBegin(map[string]any{"guid": "g", "suggestedFilename": d.name + ".pdf"})
			for _, e := range c.events {
				downloads.onProgress(e)
			}
			if len(ends) != c.ends || c.ends > 0 && errors.Is(ends[0], errCutOff) != c.cut {
				t.Errorf("told %v, want %d of them, cut off: %v", ends, c.ends, c.cut)
			}
		})
	}
}

// The same of a download that a page has begun, which the browser may call complete.
func TestPageDownloadBegunAnew(t *testing.T) {
	for name, c := range map[string]struct {
		received []int
		cut      bool
	}{
		"whole":       {[]int{0, 7, 7}, false},
		"begun anew":  {[]int{7, 0, 7}, true},
		"at its end":  {[]int{12}, true},
		"told of nil": {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			downloads := newBrowserDownloads(nil, t.TempDir())
			tell := func(state string, n int) {
				downloads.onProgress(map[string]any{"guid": "g", "state": state, "receivedBytes": float64(n)})
			}
			for _, n := range c.received {
				tell("inProgress", n)
			}
			tell("completed", 9)
			if cut := downloads.takeCut("/kept/g"); cut != c.cut {
				t.Errorf("cut off: %v, want %v", cut, c.cut)
			}
			if downloads.takeCut("/kept/g") || len(downloads.received) > 0 {
				t.Error("it is not forgotten")
			}
			tell("inProgress", 7)
			tell("inProgress", 0)
			if tell("canceled", 0); len(downloads.cut) > 0 || len(downloads.received) > 0 {
				t.Error("a canceled one is not forgotten")
			}
		})
	}
}
