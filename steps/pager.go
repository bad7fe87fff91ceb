package steps

import (
	"context"
	"errors"
	"fmt"

	"pipe/specs"
)

// maxPages bounds the pages of a list that has no end.
const maxPages = 10_000

// ErrListMoved is a list that was not the same from its first page to its last: a row
// may have passed from one to another unseen.
var ErrListMoved = errors.New("the list changes while it is read")

// PageList is a list on several pages.
type PageList struct {
	Paging *specs.Paging
	// Rows are what a page shows, where that is known.
	Rows specs.Target
	// First is "process" when each page is for the caller, "page" when all are turned
	// first; "" is what the way of turning wants.
	First string
	// Count gives how many rows the caller has read; nil counts what is seen.
	Count func() int
}

// PagesRead is what has been seen of a list.
type PagesRead struct {
	Pages int
	// Left tells that the most pages were read, and there may be more.
	Left bool
}

// pager turns the pages of a list.
type pager struct {
	*StepContext
	*PageList
	paging   *specs.Paging
	requests *pageRequests
	// hashes holds the number of the page that showed a content.
	hashes map[string]int
	// seen counts the rows by what they say; more than once are those of equal texts.
	seen map[string]int
	rows int
	// plain are texts that several rows, or empty ones, have for good.
	plain map[string]bool
	// total is what the site says, -1 before it has.
	total int
}

// EachPage calls f on each page of a list, or once all are turned when they are to be
// first.
func (s *StepContext) EachPage(ctx context.Context, list *PageList, f func(n int) error) (PagesRead, error) {
	requests, ignore, err := trackRequests(s.Page)
	if err != nil {
		return PagesRead{}, err
	}
	defer ignore()
	g := &pager{StepContext: s, PageList: list, paging: list.Paging, requests: requests, hashes: map[string]int{}, seen: map[string]int{}, plain: map[string]bool{}, total: -1}
	first := list.First
	if first == "" {
		first = "process"
		if g.paging.More.Given() || g.paging.Scroll != nil {
			first = "page"
		}
	}
	if g.paging.Scroll != nil {
		return g.scrollThrough(ctx, first, f)
	}
	return g.turnAll(ctx, first, f)
}

func (g *pager) turnAll(ctx context.Context, first string, f func(n int) error) (read PagesRead, err error) {
	for n := 1; ; n++ {
		read.Pages = n
		if err := g.withStepLimit(ctx, func(ctx context.Context) error { return g.arrive(ctx, n) }); err != nil {
			return read, err
		}
		if first == "process" {
			if err := f(n); err != nil {
				return read, err
			}
		}
		turned := false
		err := g.withStepLimit(ctx, func(ctx context.Context) (err error) {
			if n == g.paging.Most {
				read.Left, err = g.hasNext(ctx, n)
				return err
			}
			turned, err = g.nextPage(ctx, n)
			return err
		})
		switch {
		case err != nil:
			return read, err
		case turned && n == maxPages:
			return read, fmt.Errorf("%w: %d pages; say how many by most", errTooMany, n)
		case !turned:
			if first == "page" {
				err = f(n)
			}
			return read, err
		}
	}
}

// arrive waits until a page is all here, and notes what it shows.
func (g *pager) arrive(ctx context.Context, n int) error {
	// Rows, and what leads on, may come one after the other.
	if err := g.awaitQuiet(ctx); err != nil || !g.Rows.Given() {
		return err
	}
	hash, err := Call(ctx, "looking at the page", g.contentHash)
	if err != nil {
		return err
	}
	if before := g.hashes[hash]; before > 0 && hash != emptyContent {
		return fmt.Errorf("page %d shows the rows of page %d again: the way on leads round, and the list has no end that can be told (end or total may tell it)", n, before)
	}
	g.hashes[hash] = n
	if g.Count != nil {
		return nil
	}
	now, err := g.look(ctx, "")
	if err != nil {
		return err
	}
	if !g.paging.More.Given() {
		g.seen = map[string]int{}
	}
	g.note(now.Texts)
	return nil
}

// note counts the rows of a look, and tells how many of them are new.
func (g *pager) note(texts []string) int {
	here, fresh := map[string]int{}, 0
	for _, text := range texts {
		if here[text]++; here[text] > g.seen[text] {
			g.seen[text]++
			fresh++
		}
	}
	g.rows += fresh
	return fresh
}

// count is how many rows have been read.
func (g *pager) count() int {
	if g.Count != nil {
		return g.Count()
	}
	return g.rows
}

// contentHashJS sums up in a few characters what a page shows: how much there is, and
// a hash of its texts and links.
const contentHashJS = `els => {
	let h = 0, n = 0;
	const add = s => { for (let i = 0; i < s.length; i++) { h = (h * 31 + s.charCodeAt(i)) | 0; n++; } };
	for (const e of els) {
		add(e.innerText || '');
		for (const a of e.querySelectorAll('[href],[src]')) add(a.getAttribute('href') || a.getAttribute('src'));
	}
	return [els.length, n, h].join(' ');
}`

// emptyContent is the contentHash of no element.
const emptyContent = "0 0 0"

func (g *pager) contentHash() (string, error) {
	loc := g.Page.Locator("body")
	if g.Rows.Given() {
		var err error
		if loc, err = g.locate(g.Rows); err != nil {
			return "", err
		}
	}
	v, err := loc.EvaluateAll(contentHashJS)
	text, _ := v.(string)
	return text, err
}
