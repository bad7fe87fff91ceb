package steps

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/playwright-community/playwright-go"
)

// scrollViewJS scrolls what holds the rows, or tells what is to be seen of them.
//
//go:embed pager_scroll.js
var scrollViewJS string

// rowView is what is to be seen of rows at one moment.
type rowView struct {
	// Texts and Links are what each row says, and where it leads.
	Texts, Links []string
	// Numbers are the rows' own, as aria-rowindex has them, and Count how many there are.
	Numbers []int
	Count   int
	// Place is where the box and the first row are.
	Place []int
	// End tells that the box is scrolled to its end, Covered that rows are drawn all over
	// what is in view, Busy that the page says that it loads.
	End, Covered, Busy bool
}

// look scrolls where move says, or sees what is there when it is "".
func (g *pager) look(ctx context.Context, move string) (*rowView, error) {
	loc := g.Page.Locator("body")
	if g.Rows.Given() {
		var err error
		if loc, err = g.locate(g.Rows); err != nil {
			return nil, err
		}
	}
	answer, err := callActionFor(ctx, g.StepContext, "looking at the rows", func() (any, error) { return loc.EvaluateAll(scrollViewJS, move) })
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, fmt.Errorf("looking at the rows: %w", err)
	}
	v := &rowView{}
	return v, json.Unmarshal(text, v)
}

// scrollTo scrolls by a move, and gives what is to be seen once it is drawn.
func (g *pager) scrollTo(ctx context.Context, move string, before *rowView) (*rowView, error) {
	if err := g.nameBox(ctx); err != nil {
		return nil, err
	}
	if _, err := g.look(ctx, move); err != nil {
		return nil, err
	}
	return g.drawn(ctx, before)
}

// nameBox has the page know the element that scrolls.
func (g *pager) nameBox(ctx context.Context) error {
	loc := g.Page.Locator("html")
	if t := g.paging.Scroll.Target; t.Given() {
		if err := g.awaitAttached(ctx, t); err != nil {
			return err
		}
		var err error
		if loc, err = g.firstAlternative(t); err != nil {
			return err
		}
	}
	return callPage(ctx, "looking for what scrolls", func() error {
		_, err := loc.First().Evaluate(`el => { el.ownerDocument[Symbol.for('pipe.box')] = el === el.ownerDocument.documentElement ? el.ownerDocument.scrollingElement || el : el; }`,
			nil, playwright.LocatorEvaluateOptions{Timeout: timeoutMillis(ctx)})
		return err
	})
}

// drawn waits until what is in view is drawn: rows all over it, nothing asked for, and
// none that only stands for another. What still is in doubt when nothing changes for
// patience is as it is.
func (g *pager) drawn(ctx context.Context, before *rowView) (now *rowView, err error) {
	for {
		patient, cancel := context.WithTimeout(ctx, g.paging.Patience.Std())
		err = g.waitUntil(patient, "waiting for the rows in view", func() (bool, error) {
			v, err := g.look(patient, "")
			if err != nil {
				return false, err
			}
			now = v
			return g.requests.idle() && now.Covered && !now.Busy && !now.doubtful(g.plain) && !now.stale(before), nil
		})
		cancel()
		waiting := now == nil || now.Busy || !g.requests.idle()
		if err == nil || !errors.Is(err, ErrTimeout) || ctx.Err() != nil || !waiting {
			break
		}
	}
	if errors.Is(err, ErrTimeout) && ctx.Err() == nil && now != nil {
		for i, text := range now.Texts {
			if text == "" || slices.Contains(now.Texts[:i], text) {
				g.plain[text] = true
			}
		}
		err = nil
	}
	return now, err
}

// doubtful tells whether rows are empty or alike, as those are that stand for others to
// come; but for texts that are known to be what rows say.
func (v *rowView) doubtful(plain map[string]bool) bool {
	for i, text := range v.Texts {
		if (text == "" || slices.Contains(v.Texts[:i], text)) && !plain[text] {
			return true
		}
	}
	return false
}

// stale tells whether rows stand where they stood, though the box has moved: they are
// about to be drawn anew.
func (v *rowView) stale(before *rowView) bool {
	return before != nil && len(v.Place) == 3 && v.Place[0] != before.Place[0] && v.Place[2] == before.Place[2] && slices.Equal(v.Texts, before.Texts)
}

// follows tells whether no row has passed between two views: some row is in both.
func (v *rowView) follows(before *rowView) bool {
	if before == nil || len(before.Texts) == 0 || len(v.Texts) == 0 {
		return true
	}
	for i, text := range v.Texts {
		if slices.Contains(before.Texts, text) || v.Links[i] != "" && slices.Contains(before.Links, v.Links[i]) {
			return true
		}
	}
	for _, number := range v.Numbers {
		if slices.Contains(before.Numbers, number) || slices.Contains(before.Numbers, number-1) {
			return true
		}
	}
	return false
}

// keeps tells whether all rows of an earlier view are still there.
func (v *rowView) keeps(before *rowView) bool {
	for _, text := range before.Texts {
		if !slices.Contains(v.Texts, text) {
			return false
		}
	}
	return true
}
