package capture

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/session"
	"pipe/steps"
)

// proves accepts a file that begins and holds what it should.
func proves(begins string, holds ...string) func(context.Context, *os.File, steps.Receipt) error {
	return func(_ context.Context, file *os.File, _ steps.Receipt) error {
		text, err := io.ReadAll(io.NewSectionReader(file, 0, 1<<20))
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(text, []byte(begins)) {
			return &pipeline.ProofError{Check: "type", Reason: "is of another type"}
		}
		for _, one := range holds {
			if !bytes.Contains(text, []byte(one)) {
				return &pipeline.ProofError{Check: "contains", Reason: "is without " + one}
			}
		}
		return nil
	}
}

// press opens a page of the site, presses its button and takes all that is wanted.
// The right file waits until passed was passed by, unless that is "".
func press(ctx context.Context, t *testing.T, pg pipeline.Page, site *decoys, page, passed string, wants ...steps.CaptureOptions) ([]string, []error, []string) {
	t.Helper()
	if _, err := pg.Playwright().Goto(site.URL + "/at/" + page); err != nil {
		t.Fatal(err)
	}
	pending, err := pg.Files().Listen(ctx, pg.Playwright(), wants...)
	if err != nil {
		t.Fatal(err)
	}
	defer pending.Close()
	site.expect(pending, passed)
	if err := pg.Playwright().Locator("#go").Click(); err != nil {
		t.Fatal(err)
	}
	got, errs := make([]string, len(wants)), make([]error, len(wants))
	for i := range wants {
		var d steps.Delivery
		if d, errs[i] = pending.Wait(ctx); errs[i] != nil {
			continue
		}
		var to bytes.Buffer
		_, errs[i] = d.Receive(ctx, &to)
		got[i] = to.String()
	}
	if err := pg.CloseStrays(ctx); err != nil {
		t.Error(err)
	}
	return got, errs, pending.PassedBy()
}

// What comes beside the file is passed by, and told.
func TestRightOne(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newDecoys(t)
	pg := open(ctx, t, launch(t, "shell", session.Options{}), 0)
	mine := steps.CaptureOptions{Kind: "pdf", Name: "K1.pdf", Texts: []string{"K1"}, Accepts: proves("%PDF", "mine")}
	matching := func(m steps.FileMatch) steps.CaptureOptions {
		one := mine
		one.Match = m
		return one
	}
	xml := steps.CaptureOptions{Name: "i.xml", Accepts: proves("<", "mine")}
	any := steps.CaptureOptions{Name: "i.xml", Accepts: proves("", "mine")}
	for _, c := range []struct {
		page   string
		wants  []steps.CaptureOptions
		files  []string
		passed string
	}{
		{page: "heartbeat", passed: "/beat is of another type"},
		{page: "prefetch", passed: "/pdf/other is without mine"},
		{page: "thumbnail", passed: "/octets/thumb is of another type"},
		{page: "octets", passed: "/octets/state is of another type"},
		{page: "blobs", passed: "is without mine"},
		{page: "sameblob"},
		{page: "frames", passed: "/pdf/other is without mine"},
		{page: "downloads", passed: `"report.dat"`},
		{page: "tabkinds"},
		{page: "recovers"},
		{page: "background"},
		{page: "analytics"},
		{page: "several", wants: []steps.CaptureOptions{matching(steps.FileMatch{URL: "**/data/**"})}, files: []string{"%PDF-1.4 data b/mine"}},
		{page: "several", wants: []steps.CaptureOptions{matching(steps.FileMatch{URL: "**/c/*"})}, files: []string{"%PDF-1.4 c/mine"}},
		{page: "several", wants: []steps.CaptureOptions{matching(steps.FileMatch{Type: "application/x-*"})}, files: []string{"%PDF-1.4 data b/mine"}},
		{page: "named", wants: []steps.CaptureOptions{matching(steps.FileMatch{Name: "Inv*.pdf"})}, files: []string{"%PDF-1.4 mine/2"}, passed: "is not like"},
		{page: "tabs", wants: []steps.CaptureOptions{matching(steps.FileMatch{URL: "**/second/*"})}, files: []string{"%PDF-1.4 second/mine"}},
		{page: "both", wants: []steps.CaptureOptions{mine, xml}, files: []string{"%PDF-1.4 mine", "<x>mine</x>"}},
		{page: "bothturned", wants: []steps.CaptureOptions{mine, xml}, files: []string{"%PDF-1.4 mine", "<x>mine</x>"}},
		{page: "both", wants: []steps.CaptureOptions{any, mine}, files: []string{"<x>mine</x>", "%PDF-1.4 mine"}},
		{page: "bothby", wants: []steps.CaptureOptions{mine, xml}, files: []string{"%PDF-1.4 mine", "<x>mine</x>"}},
		{page: "bothtabs", wants: []steps.CaptureOptions{mine, xml}, files: []string{"%PDF-1.4 mine", "<x>mine</x>"}},
		{page: "ranges", files: []string{"%PDF-1.4 all of mine, which is a little longer"}},
		{page: "rangeswhole", files: []string{"%PDF-1.4 all of mine, which is a little longer"}},
	} {
		t.Run(c.page, func(t *testing.T) {
			if c.wants == nil {
				c.wants = []steps.CaptureOptions{mine}
			}
			if c.files == nil {
				c.files = []string{"%PDF-1.4 mine"}
			}
			one, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			got, errs, passed := press(one, t, pg, site, c.page, c.passed, c.wants...)
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
			if strings.Join(got, "|") != strings.Join(c.files, "|") {
				t.Errorf("got %q, want %q", got, c.files)
			}
			if all := strings.Join(passed, "; "); !strings.Contains(all, c.passed) {
				t.Errorf("passed by %q, want %q", all, c.passed)
			}
		})
	}
	if n := site.times("GET "); n != 2 {
		t.Errorf("the whole of a file was asked for %d times, want twice: once by a page", n)
	}
}

// A refusal ends the wait long before its limit, as what it is.
func TestRefusedAnswer(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newDecoys(t)
	pg := open(ctx, t, launch(t, "shell", session.Options{}), 0)
	mine := steps.CaptureOptions{Kind: "pdf", Name: "mine.pdf", Texts: []string{"mine"}, Accepts: proves("%PDF", "mine")}
	for page, status := range map[string]int{"refused": 403, "nothing": 204, "framerefused": 404, "weak": 500, "rangedpost": 0} {
		t.Run(page, func(t *testing.T) {
			_, errs, _ := press(ctx, t, pg, site, page, "", mine)
			var told *steps.StatusError
			var none *steps.NoFileError
			switch {
			case errors.Is(errs[0], steps.ErrTimeout), !errors.As(errs[0], &none):
				t.Errorf("got %v", errs[0])
			case status == 0:
				if !strings.Contains(errs[0].Error(), "in parts only") {
					t.Errorf("got %v", errs[0])
				}
			case !errors.As(errs[0], &told) || told.Status != status || !strings.Contains(told.URL, "/no/"):
				t.Errorf("got %v", errs[0])
			case none.None != (status == 204 || status == 404):
				t.Errorf("whether there is none: %t", none.None)
			}
		})
	}
}

// When no file came, or the wrong one, the error says what did.
func TestWhatWasSeen(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newDecoys(t)
	pg := open(ctx, t, launch(t, "shell", session.Options{}), 0)
	mine := steps.CaptureOptions{Kind: "pdf", Name: "K1.pdf", Texts: []string{"K1"}, Accepts: proves("%PDF", "mine")}
	other := mine
	other.Match.URL = "**/data/**"
	wait := func(page string, wants ...steps.CaptureOptions) ([]string, error) {
		one, cancel := context.WithTimeout(ctx, 4*time.Second)
		defer cancel()
		got, errs, _ := press(one, t, pg, site, page, "", wants...)
		return got, errs[len(errs)-1]
	}
	_, err := wait("never", other)
	if !errors.Is(err, steps.ErrTimeout) {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{
		"no file came", "POST " + site.URL + "/start answered 200, application/json, 2 bytes", "a tab asked for " + site.URL + "/page",
		`console: "the key is sesame"`, "no report module", `the page says "The archive[31m is closed on Saturdays"`, "`match`", "`print`", "`if_none: skip`",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in: %v", want, err)
		}
	}
	if got, err := wait("wrong", mine); err != nil || got[0] != "%PDF-1.4 other" {
		t.Errorf("the wrong file, of which the proof tells: %q, %v", got, err)
	}
	if got, err := wait("onlyone", mine, steps.CaptureOptions{Name: "i.xml", Accepts: proves("<", "mine")}); err == nil || got[0] != "%PDF-1.4 mine" {
		t.Errorf("one of two files: %q, %v", got, err)
	}
}
