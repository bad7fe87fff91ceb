package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/playwright-community/playwright-go"
	"github.com/shirou/gopsutil/v4/disk"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// untilDone is for calls whose limit is in the caller's context.
const untilDone = 24 * time.Hour

// download is a file that the browser itself downloads.
type download struct {
	d    playwright.Download
	in   *browser.Browser
	all  *browserDownloads
	drop sync.Once
	// answer is that of which the browser made the download, as far as it was seen;
	// openEnd is true where nothing tells its end.
	answer  paused
	openEnd bool
	// cut is what is known to be wrong with it. The browser may never end such a
	// download, whose answer was read on its way.
	cut error
	// made are the answers that the page's scripts had, where one of them made it.
	made *answers
}

func (p *Page) download(d playwright.Download) *download {
	return &download{d: d, in: p.page.Context.Browser, all: p.interceptor.downloads}
}

// of takes over what is known of the download's answer, by those of its listening.
func (f *download) of(all *answers) {
	url := f.d.URL()
	f.answer, f.cut = all.of(url)
	f.openEnd = f.answer.answered && openEnded(f.answer)
	if strings.HasPrefix(url, "blob:") {
		f.made, f.openEnd = all, all.isOpen()
	}
}

// Receive waits until the browser has the whole file and copies it.
func (f *download) Receive(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	defer f.Discard()
	got := steps.Receipt{Via: "download", URL: steps.ShortURL(f.d.URL()), Name: f.d.SuggestedFilename(), OpenEnd: f.openEnd}
	if f.cut != nil {
		return got, f.cut
	}
	err := steps.DoWithin(ctx, untilDone, "downloading", func() error { return f.d.Failure() })
	switch {
	case ctx.Err() != nil:
		return got, steps.ContextError(ctx, "waiting for the download's end")
	case f.answer.answered && (refuses(f.answer) || f.answer.status == 204 || f.answer.status == 205):
		return got, refusal(f.answer)
	case partial(f.answer):
		return got, partError(f.answer)
	case err != nil && f.noRoom():
		return got, keepingError(fmt.Errorf("the browser broke the download of %s off: %w", got.URL, syscall.ENOSPC))
	case err != nil:
		return got, fmt.Errorf("the download of %s did not come whole: the site broke it off, or refused it (the browser says: %s)", got.URL, oneLine(err))
	}
	path, err := steps.CallWithin(ctx, browser.CallLimit, "finding the download", f.d.Path)
	if err != nil {
		return got, err
	}
	if f.all.takeCut(path) {
		return got, fmt.Errorf("the download of %s did not come whole: %w", got.URL, errCutOff)
	}
	file, err := os.Open(path) //nolint:gosec // the browser's own download
	if err != nil {
		return got, fmt.Errorf("reading the download: %w", err)
	}
	defer func() { _ = file.Close() }()
	size, err := io.Copy(w, file)
	if f.made != nil {
		err = errors.Join(err, f.made.fault(size))
	}
	return got, errors.Join(err, whole(f.answer, size))
}

// leastRoom is what a disk has at least, in bytes, on which the browser still
// writes: it says of no download that it was the disk which ended it.
const leastRoom = 4 << 20

// noRoom tells whether the disk that downloads come to is full. What the browser
// had of one that it broke off is still there.
func (f *download) noRoom() bool {
	room, err := disk.Usage(f.in.Downloads())
	return err == nil && room.Free < leastRoom
}

// Discard cancels the download and removes what the browser has of it.
func (f *download) Discard() {
	f.drop.Do(func() {
		f.in.Go(func(ctx context.Context) {
			_ = steps.DoWithin(ctx, f.in.CloseLimit(), "removing a download", func() error {
				return errors.Join(f.d.Cancel(), f.d.Delete())
			})
		})
	})
}

// downloading is a download as a fileSource.
type downloading struct{ *download }

func (c *downloading) take(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	return c.Receive(ctx, w)
}

func (c *downloading) refuse() { c.Discard() }

func oneLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
