package capture

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"syscall"
	"testing"

	"pipe/pipeline/browser"
	"pipe/pipeline/session"
	"pipe/steps"
)

// smallDisk is a disk of its own with room for so many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting a small disk needs root")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Skipf("mounting a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// A disk that has no room for what a page gives is no fault of the site's,
// whichever way the file comes.
func TestSmallDisk(t *testing.T) {
	t.Parallel()
	const room = 1 << 20
	disk := smallDisk(t, room)
	file := make([]byte, 4*room)
	_, _ = rand.Read(file)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/attached":
			w.Header().Set("Content-Disposition", "attachment; filename=x.bin")
			fallthrough
		case "/file":
			w.Header().Set("Content-Type", "application/octet-stream")
			_, _ = w.Write(file)
		default:
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<button id=blob onclick="fetch('/file').then(r => r.blob()).then(b => { const a = document.createElement('a'); a.download = 'x.bin'; a.href = window.URL.createObjectURL(b); a.click() })">b</button>
				<button id=answer onclick="fetch('/file').then(r => r.blob())">b</button><a id=link href=/attached>l</a>`)
		}
	}))
	t.Cleanup(site.Close)
	ctx := limited(t)
	pool := launch(t, "shell", session.Options{Browser: browser.Options{Downloads: disk}})
	for _, id := range []string{"blob", "answer", "link"} {
		t.Run(id, func(t *testing.T) {
			pg := open(ctx, t, pool, 0)
			defer pg.Discard()
			if _, err := pg.Playwright().Goto(site.URL); err != nil {
				t.Fatal(err)
			}
			pending, err := pg.Files().Listen(ctx, pg.Playwright(), steps.CaptureOptions{Kind: "bin"})
			if err != nil {
				t.Fatal(err)
			}
			defer pending.Close()
			if err := pg.Playwright().Locator("#" + id).Click(); err != nil {
				t.Fatal(err)
			}
			d, err := pending.Wait(ctx)
			if err == nil {
				_, err = d.Receive(ctx, io.Discard)
			}
			if steps.DiskFault(err) == nil || !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("got %v", err)
			}
		})
	}
}
