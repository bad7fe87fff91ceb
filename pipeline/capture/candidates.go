package capture

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"pipe/pipeline"
	"pipe/steps"
)

// candidate is something that may be one of the wanted files. It is received
// while the listening goes on, and counts once it was looked at.
type candidate struct {
	// what names it to a person.
	what string
	// fits are those of the wanted files that it may be by what is known of it, and
	// urls the addresses by which it came, as far as they are known only then.
	fits []int
	urls func() []string
	// tab is true for what a tab brings that may be shown pages before, background
	// for what the page asks for again and again.
	tab, background bool
	// meant is true where the page showed it to its user: it is told for what it is
	// should no other come, even where its type is another.
	meant bool
	take  func(ctx context.Context) (*spooledFile, error)
	// looked is true while it is being looked at, and fault what kept it from that.
	looked bool
	fault  error
}

// wrongFile is a file that came and is not the one.
type wrongFile struct {
	file *spooledFile
	why  *pipeline.ProofError
}

// notLike is why a file is passed by that the spec's patterns leave out.
const notLike = "is not like `match` has it"

// takeFile takes a file that comes to the page itself. The page is needed until
// its last byte is here.
func (c *captureListener) takeFile(file fileSource) {
	of := &candidate{what: describe(file), fits: c.want.matching("", "", ""), take: func(ctx context.Context) (*spooledFile, error) { return c.page.spool(ctx, file) }}
	switch f := file.(type) {
	case *scriptAnswer:
		of.fits, of.background = c.want.serves(f.req), true
		fresh := c.traffic.answered(f.req, func(fresh bool) { c.noteAsked(of, fresh) })
		c.noteAsked(of, fresh)
		c.mu.Lock()
		c.shown[f.req.url] = true
		c.mu.Unlock()
	case *scriptBlob:
		of.meant = true
		of.fits = c.want.matching(f.url, nameOf(f.url), f.kind)
	case *printed, *printedCopy:
		of.meant = true
	}
	if c.isOver() || len(of.fits) == 0 {
		file.refuse()
		return
	}
	c.look(of)
}

// takeDownload takes a download that the page began, or a tab that it writes. The
// page is free at once where its name says that it is what is wanted.
func (c *captureListener) takeDownload(file *download) {
	url, name := file.d.URL(), file.d.SuggestedFilename()
	file.of(c.answers)
	fits := c.want.matching(url, name, "")
	what := fmt.Sprintf("the download %q of %s", steps.Printable(name), steps.ShortURL(url))
	one := c.want.alone()
	switch {
	case c.isOver():
		file.Discard()
	case len(fits) == 0:
		c.seen.passBy(what, notLike)
		file.Discard()
	case one != nil && promises(one, name) && !c.local(url) && c.offer(file, 0):
		c.seen.add(what)
	default:
		c.look(&candidate{what: what, fits: fits, meant: true, take: func(ctx context.Context) (*spooledFile, error) { return c.page.keep(ctx, file) }})
	}
}

// local tells whether a download is of what the page has already: it was looked at
// there, and may be what was passed by.
func (c *captureListener) local(url string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.HasPrefix(url, "blob:") || strings.HasPrefix(url, "data:") || c.shown[url]
}

// takeTab takes what a tab brings that the page opened, in doubt.
func (c *captureListener) takeTab(d *tabDelivery) {
	all := make([]int, len(c.want))
	for i := range all {
		all[i] = i
	}
	c.look(&candidate{what: "the tab's file", fits: all, urls: d.addresses, tab: true, meant: true, take: func(ctx context.Context) (*spooledFile, error) { return c.page.receiveClosed(ctx, d) }})
}

// look receives a candidate and looks at it, while the listening goes on.
func (c *captureListener) look(of *candidate) {
	c.mu.Lock()
	of.looked = true
	c.looking(1, of)
	c.mu.Unlock()
	c.page.page.Context.Browser.Go(func(context.Context) {
		file, err := of.take(c.ctx)
		if err == nil {
			err = c.judge(file, of)
		}
		if c.ctx.Err() != nil {
			err = nil
		}
		c.mu.Lock()
		c.looking(-1, of)
		of.looked, of.fault = false, err
		background := of.background
		c.mu.Unlock()
		if steps.DiskFault(err) != nil {
			c.fail(err)
			return
		}
		// What a page asks for all the time it may give up as well.
		if err != nil && !background {
			c.suspect(err, of.meant)
		}
	})
}

// noteAsked is told whether a candidate's request was made since the trigger, for
// the first time: that may be known while it is looked at, or later still.
func (c *captureListener) noteAsked(of *candidate, fresh bool) {
	if !fresh {
		return
	}
	c.mu.Lock()
	of.background = false
	if of.looked {
		c.looking(1, of)
	}
	fault := of.fault
	c.mu.Unlock()
	if fault != nil {
		c.suspect(fault, of.meant)
	}
}

// looking counts what is being looked at, with the lock held.
func (c *captureListener) looking(more int, of *candidate) {
	if of.background {
		return
	}
	if c.looks += more; of.tab {
		c.tabs += more
	}
	c.traffic.poke()
}

// judge decides what a file is that has come. The error is none of the file's.
func (c *captureListener) judge(file *spooledFile, of *candidate) error {
	if of.urls != nil {
		of.fits = slices.DeleteFunc(of.fits, func(at int) bool { return !file.matches(c.want[at].Match, of.urls()) })
		if len(of.fits) == 0 {
			c.seen.passBy(of.what, notLike)
			file.Discard()
			return nil
		}
	}
	in, err := os.Open(file.path)
	if err != nil {
		return keepingError(err)
	}
	defer func() { _ = in.Close() }()
	file.got.SHA256, err = sumOf(in)
	known := err == nil && c.knows(file.got.SHA256)
	if err != nil || known {
		file.Discard()
		return err
	}
	var fits []int
	var refused *wrongFile
	for _, at := range of.fits {
		var unfit *pipeline.ProofError
		err := c.accepts(in, file, at)
		switch {
		case err == nil:
			fits = append(fits, at)
		case errors.As(err, &unfit):
			refused = &wrongFile{file, unfit}
		default:
			file.Discard()
			return err
		}
	}
	slices.SortStableFunc(fits, func(a, b int) int { return c.likelihood(b, file) - c.likelihood(a, file) })
	switch {
	case len(fits) == 0:
		c.passBy(refused, of)
	case !c.offer(file, fits...):
		file.Discard()
	}
	return nil
}

// likelihood is 1 where a file's name says that it is what is wanted.
func (c *captureListener) likelihood(at int, file *spooledFile) int {
	if promises(&c.want[at], file.got.Name) || promises(&c.want[at], nameOf(file.got.URL)) {
		return 1
	}
	return 0
}

// accepts tells whether a file is one of the wanted ones.
func (c *captureListener) accepts(in *os.File, file *spooledFile, at int) error {
	if c.want[at].Accepts == nil {
		return nil
	}
	return c.want[at].Accepts(c.ctx, in, file.got)
}

// knows tells whether the same bytes were looked at before: a script that asks
// for a file, and saves it, brings it twice.
func (c *captureListener) knows(sum string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.sums[sum]
	c.sums[sum] = true
	return known
}

func sumOf(in io.Reader) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return "", fmt.Errorf("looking at the file: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// passBy notes that a file is none of those that are wanted. One that is nearly
// so is kept: should no other come, it is what the site delivered.
func (c *captureListener) passBy(w *wrongFile, of *candidate) {
	c.seen.passBy(of.what, w.why.Reason)
	kept := false
	c.mu.Lock()
	for _, at := range of.fits {
		before := c.wrong[at]
		near := w.why.Check != "taken" && (of.meant && before == nil || w.why.Check != "type")
		if c.over || !near || kept {
			continue
		}
		if before != nil {
			before.file.Discard()
		}
		c.wrong[at], kept = w, true
	}
	c.mu.Unlock()
	if !kept {
		w.file.Discard()
	}
}

// describe names to a person a file that shows itself on a page.
func describe(file fileSource) string {
	switch f := file.(type) {
	case *scriptAnswer:
		return fmt.Sprintf("the answer of %s", steps.ShortURL(f.req.url))
	case *scriptBlob:
		if f.url != "" {
			return "the file that the page shows of " + steps.ShortURL(f.url)
		}
		return "a file that a script of the page made"
	case *printed, *printedCopy:
		return "the page, printed"
	default:
		return "a file"
	}
}
