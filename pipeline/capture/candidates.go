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
	// meant is true where the page showed it to its user: it is told for what it is
	// should no other come, even where its type is another.
	meant bool
	take  func(ctx context.Context) (*spooledFile, error)
}

// wrongFile is a file that came and is not the one.
type wrongFile struct {
	file *spooledFile
	why  *pipeline.ProofError
}

// takeFile takes a file that comes to the page itself. The page is needed until
// its last byte is here.
func (c *captureListener) takeFile(file fileSource) {
	of := candidate{what: describe(file), fits: c.want.matching("", "", ""), take: func(ctx context.Context) (*spooledFile, error) { return c.page.spool(ctx, file) }}
	switch f := file.(type) {
	case *scriptAnswer:
		of.fits = c.want.serves(f.req)
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

// takeDownload takes a download that the page began. The page is free at once
// where its name says that it is what is wanted.
func (c *captureListener) takeDownload(file *download) {
	url, name := file.d.URL(), file.d.SuggestedFilename()
	fits := c.want.matching(url, name, "")
	what := fmt.Sprintf("the download %q of %s", steps.Printable(name), steps.ShortURL(url))
	one := c.want.alone()
	switch {
	case c.isOver():
		file.Discard()
	case len(fits) == 0:
		c.seen.passBy(what, "does not match")
		file.Discard()
	case one != nil && promises(one, name) && c.offer(file, 0):
		c.seen.add(what)
	default:
		c.look(candidate{what: what, fits: fits, meant: true, take: func(ctx context.Context) (*spooledFile, error) { return c.page.keep(ctx, file) }})
	}
}

// takeTab takes what a tab brings that the page opened, in doubt.
func (c *captureListener) takeTab(d *tabDelivery) {
	all := make([]int, len(c.want))
	for i := range all {
		all[i] = i
	}
	c.look(candidate{what: "the tab's file", fits: all, urls: d.addresses, meant: true, take: func(ctx context.Context) (*spooledFile, error) { return c.page.receiveClosed(ctx, d) }})
}

// look receives a candidate and looks at it, while the listening goes on.
func (c *captureListener) look(of candidate) {
	c.looking(1)
	c.page.page.Context.Browser.Go(func(context.Context) {
		defer c.looking(-1)
		file, err := of.take(c.ctx)
		if err == nil {
			err = c.judge(file, of)
		}
		if err != nil && c.ctx.Err() == nil {
			c.suspect(err, of.meant)
		}
	})
}

func (c *captureListener) looking(more int) {
	c.mu.Lock()
	c.looks += more
	c.mu.Unlock()
	c.traffic.poke()
}

// judge decides what a file is that has come. The error is none of the file's.
func (c *captureListener) judge(file *spooledFile, of candidate) error {
	in, err := os.Open(file.path)
	if err != nil {
		return fmt.Errorf("looking at the file: %w", err)
	}
	defer func() { _ = in.Close() }()
	known, err := c.knows(in)
	if err != nil || known {
		file.Discard()
		return err
	}
	var fits []int
	var refused *wrongFile
	for _, at := range of.fits {
		var unfit *pipeline.ProofError
		err := c.accepts(in, file, of, at)
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
func (c *captureListener) accepts(in *os.File, file *spooledFile, of candidate, at int) error {
	want := c.want[at]
	if of.urls != nil && !slices.ContainsFunc(of.urls(), func(url string) bool {
		return want.Match.Holds(url, file.nameAt(url), file.got.ContentType)
	}) {
		return &pipeline.ProofError{Check: "match", Reason: "does not match"}
	}
	if want.Accepts == nil {
		return nil
	}
	return want.Accepts(c.ctx, in, file.got)
}

// knows tells whether the same bytes were looked at before: a script that asks
// for a file, and saves it, brings it twice.
func (c *captureListener) knows(in io.Reader) (bool, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return false, fmt.Errorf("looking at the file: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := hex.EncodeToString(sum.Sum(nil))
	known := c.sums[key]
	c.sums[key] = true
	return known, nil
}

// passBy notes that a file is none of those that are wanted. One that is nearly
// so is kept: should no other come, it is what the site delivered.
func (c *captureListener) passBy(w *wrongFile, of candidate) {
	c.seen.passBy(of.what, w.why.Reason)
	kept := false
	c.mu.Lock()
	for _, at := range of.fits {
		before := c.wrong[at]
		near := of.meant && before == nil || w.why.Check != "type" && w.why.Check != "match"
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
