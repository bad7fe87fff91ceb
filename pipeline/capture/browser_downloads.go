package capture

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"pipe/pipeline/browser"
)

// browserDownloads are what the browser downloads: what tabs bring, where the end of the
// answer tells nothing (a download tells whether all of it came), and what pages begin,
// which Playwright gives.
//
// A download that falls back was cut off, and the browser begins it anew by itself, of
// which it tells nothing else: it asks the site a second time, and may call half a file
// complete, or never come to an end. So such a one has failed.
//
// The browser reports a tab's download on whichever page Playwright takes for its
// own, which may be the opener that waits for its next item. So each has a name of
// ours, by which it is known whoever is told of it.
type browserDownloads struct {
	cdp *browser.CDPSession
	// prefix begins the names, dir is where the browser keeps the files.
	prefix, dir string

	mu    sync.Mutex
	named map[string]*tabDownload
	begun map[string]*tabDownload // by the browser's id
	// received is how much there was last of each download that is under way, in bytes,
	// and cut are those of pages that fell back, both by the browser's id.
	received map[string]int
	cut      map[string]bool
	// contexts are those whose downloads we are told of.
	contexts map[string]bool
}

// tabDownload is one of what tabs bring.
type tabDownload struct {
	of   *browserDownloads
	name string
	// ended is told of its end.
	ended func(*tabDownload, error)

	// id is the browser's, "" until the download has begun.
	id string
}

func newBrowserDownloads(cdp *browser.CDPSession, dir string) *browserDownloads {
	return &browserDownloads{
		cdp: cdp, prefix: "pipe-" + rand.Text(), dir: dir,
		named: map[string]*tabDownload{}, begun: map[string]*tabDownload{}, contexts: map[string]bool{},
		received: map[string]int{}, cut: map[string]bool{},
	}
}

// watch has the browser tell of a context's downloads, kept where Playwright has
// them kept.
func (t *browserDownloads) watch(ctx context.Context, contextID string) error {
	t.mu.Lock()
	known := t.contexts[contextID]
	t.contexts[contextID] = true
	t.mu.Unlock()
	if known {
		return nil
	}
	_, err := t.cdp.Command(ctx, "Browser.setDownloadBehavior", map[string]any{
		"behavior": "allowAndName", "browserContextId": contextID, "downloadPath": t.dir, "eventsEnabled": true,
	})
	return err
}

// owns tells whether a download's name is one of ours.
func (t *browserDownloads) owns(name string) bool { return strings.HasPrefix(name, t.prefix) }

// start makes a download of a held answer.
func (t *browserDownloads) start(ctx context.Context, req paused, ended func(*tabDownload, error)) (*tabDownload, error) {
	d := &tabDownload{of: t, name: t.prefix + rand.Text(), ended: ended}
	t.mu.Lock()
	t.named[d.name] = d
	t.mu.Unlock()
	_, err := t.cdp.Command(ctx, "Fetch.continueResponse", map[string]any{
		"requestId": req.id, "responseCode": req.status,
		"responseHeaders": disposedAs(`attachment; filename="`+d.name+`"`, req.headers),
	})
	if err != nil {
		d.discard()
	}
	return d, err
}

// onBegin is told that a download begins. Browsers may give its name an ending.
func (t *browserDownloads) onBegin(event any) {
	e := browser.Fields(event)
	name := browser.Text(e["suggestedFilename"])
	if !t.owns(name) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if d := t.named[name[:min(len(name), len(t.prefix)+len(rand.Text()))]]; d != nil {
		d.id = browser.Text(e["guid"])
		t.begun[d.id] = d
	}
}

var errCutOff = errors.New("it was cut off before its end")

// onProgress is told how far a download is.
func (t *browserDownloads) onProgress(event any) {
	e := browser.Fields(event)
	id, received, state := browser.Text(e["guid"]), browser.Number(e["receivedBytes"]), browser.Text(e["state"])
	t.mu.Lock()
	d, fell := t.begun[id], received < t.received[id]
	if t.received[id] = received; state != "inProgress" {
		delete(t.received, id)
	}
	switch {
	case state == "canceled":
		delete(t.cut, id) // Playwright tells of that
	case fell && d == nil:
		t.cut[id] = true
	}
	t.mu.Unlock()
	switch {
	case d == nil && fell && state == "inProgress":
		t.cancel(id)
	case d == nil:
	case fell || state == "canceled":
		d.ended(d, errCutOff)
	case state == "completed":
		d.ended(d, nil)
	}
}

// takeCut tells whether a download of a page's was cut off, whatever the browser says of
// it, by the file that it has made, and forgets it.
func (t *browserDownloads) takeCut(path string) bool {
	id := filepath.Base(path)
	t.mu.Lock()
	defer t.mu.Unlock()
	defer delete(t.cut, id)
	return t.cut[id]
}

// cancel gives a download up, in whichever context it is.
func (t *browserDownloads) cancel(id string) {
	t.mu.Lock()
	contexts := slices.Collect(maps.Keys(t.contexts))
	t.mu.Unlock()
	for _, c := range contexts {
		t.cdp.Tell("Browser.cancelDownload", map[string]any{"guid": id, "browserContextId": c})
	}
}

// hasBegun tells whether the browser has taken the download on, which then needs
// its tab no longer.
func (d *tabDownload) hasBegun() bool {
	d.of.mu.Lock()
	defer d.of.mu.Unlock()
	return d.id != ""
}

// copy gives what was downloaded.
func (d *tabDownload) copy(w io.Writer) error {
	d.of.mu.Lock()
	path := filepath.Join(d.of.dir, d.id)
	d.of.mu.Unlock()
	file, err := os.Open(path) //nolint:gosec // the browser's own download
	if err != nil {
		return fmt.Errorf("reading what the tab brought: %w", err)
	}
	defer func() { _ = file.Close() }()
	_, err = io.Copy(w, file)
	return err
}

// discard gives a download up and removes what is there of it.
func (d *tabDownload) discard() {
	t := d.of
	t.mu.Lock()
	id := d.id
	delete(t.named, d.name)
	delete(t.begun, id)
	t.mu.Unlock()
	if id != "" {
		// Either it is under way, or it is there.
		t.cancel(id)
		_ = os.Remove(filepath.Join(t.dir, id))
	}
}
