package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// scroller scrolls through a list, be it one that grows at its end or one that keeps
// only the rows in view.
type scroller struct {
	*pager
	view *rowView
	// recycles tells that rows have gone that were there.
	recycles bool
	// numbers are the rows' own that have been seen, and rowCount how many there are.
	numbers  map[int]bool
	rowCount int
}

// scrollThrough calls f for what a view shows that none before has, or once at the end.
func (g *pager) scrollThrough(ctx context.Context, first string, f func(n int) error) (PagesRead, error) {
	s := &scroller{pager: g, numbers: map[int]bool{}, rowCount: -1}
	read, views := PagesRead{}, func() error { return nil }
	call := func() error {
		read.Pages++
		return f(read.Pages)
	}
	if first == "process" {
		views = call
	}
	err := s.toEnd(ctx, &read, views)
	if err == nil && first == "process" && read.Pages == 0 {
		// No row has been seen: f may wait for them, and what it sees is but the first view.
		if err = call(); err == nil {
			err = s.toEnd(ctx, &read, views)
		}
	}
	switch {
	case err != nil || first == "process":
		return read, err
	case s.recycles:
		return read, errors.New("the list keeps only the rows in view: what is to be done with them must be done on the way (first: process)")
	default:
		return read, call()
	}
}

// toEnd scrolls from the first row to the last, and calls f for each view with new rows.
func (s *scroller) toEnd(ctx context.Context, read *PagesRead, f func() error) error {
	fresh, err := s.begin(ctx)
	for loads := 1; err == nil; {
		if fresh > 0 {
			if err := f(); err != nil {
				return err
			}
		}
		if loads == s.paging.Most {
			read.Left = true
			return nil
		}
		if !s.view.End {
			fresh, err = s.turnView(ctx)
			continue
		}
		var more bool
		if more, fresh, err = s.loadMore(ctx); err == nil && !more {
			return s.checkAllSeen(ctx)
		}
		if loads++; loads > maxPages {
			return fmt.Errorf("%w: it has grown %d times; say how often by most", errTooMany, maxPages)
		}
	}
	return err
}

// begin goes to the list's first row.
func (s *scroller) begin(ctx context.Context) (fresh int, err error) {
	err = s.withStepLimit(ctx, func(ctx context.Context) error {
		if err := s.awaitQuiet(ctx); err != nil {
			return err
		}
		v, err := s.scrollTo(ctx, "top", nil)
		if err == nil {
			fresh, err = s.take(v)
		}
		return err
	})
	return fresh, err
}

// turnView scrolls by less than a view.
func (s *scroller) turnView(ctx context.Context) (fresh int, err error) {
	move := "view"
	if !s.Rows.Given() {
		move = "end"
	}
	err = s.withStepLimit(ctx, func(ctx context.Context) error {
		before := s.view
		v, err := s.scrollTo(ctx, move, before)
		if err != nil {
			return err
		}
		if !v.End && v.Place[0] <= before.Place[0] && v.Place[1] <= before.Place[1] && slices.Equal(v.Texts, before.Texts) {
			return fmt.Errorf("the list cannot be scrolled on: it stays at %d of %d pixels", v.Place[0], v.Place[1])
		}
		fresh, err = s.take(v)
		return err
	})
	return fresh, err
}

// take notes what a view shows.
func (s *scroller) take(v *rowView) (fresh int, err error) {
	before := s.view
	if s.Rows.Given() && !v.follows(before) {
		return 0, fmt.Errorf("after the list was scrolled by less than a view none of the %d rows from before is there: rows between may have passed unseen", len(before.Texts))
	}
	if before != nil && s.Rows.Given() && !v.keeps(before) {
		s.recycles = true
	}
	for _, number := range v.Numbers {
		s.numbers[number] = true
	}
	if v.Count > 0 {
		s.rowCount = v.Count
	}
	s.view = v
	return s.note(v.Texts), nil
}

// loadMore waits at the end for what is loaded there, until nothing comes any more.
func (s *scroller) loadMore(ctx context.Context) (more bool, fresh int, err error) {
	err = s.withStepLimit(ctx, func(ctx context.Context) error {
		for try := 1; ; try++ {
			over, err := s.atEnd(ctx)
			if err != nil || over {
				return err
			}
			v, grown, err := s.awaitGrowth(ctx)
			switch failure := s.requests.failure(); {
			case err != nil:
				return err
			case grown:
				s.requests.forget()
				more = true
				fresh, err = s.take(v)
				return err
			case failure == "":
				return s.endUnproven()
			case try == turnTries:
				return fmt.Errorf("no more rows come after %d tries: %s", try, failure)
			}
			// What loads when the end comes into view has to see it come again.
			s.requests.forget()
			if err := Pause(ctx, turnPause); err != nil {
				return err
			}
			for _, move := range []string{"back", "end"} {
				if _, err := s.look(ctx, move); err != nil {
					return err
				}
			}
		}
	})
	return more, fresh, err
}

// atEnd tells whether the page says that there is no more.
func (s *scroller) atEnd(ctx context.Context) (bool, error) {
	if all, err := s.allRead(ctx, 0); err != nil || all {
		return all, err
	}
	return Call(ctx, "looking for the end", s.endShown)
}

// endUnproven is what is wrong when nothing more comes.
func (s *scroller) endUnproven() error {
	if s.paging.End.Given() {
		return fmt.Errorf("nothing more comes for %v, and %s, which is to be seen at the end, is not", s.paging.Patience.Std(), s.paging.End)
	}
	return nil
}

// awaitGrowth waits until rows come at the end, or nothing has for patience.
func (s *scroller) awaitGrowth(ctx context.Context) (v *rowView, grown bool, err error) {
	before := s.view
	for {
		patient, cancel := context.WithTimeout(ctx, s.paging.Patience.Std())
		err = s.waitUntil(patient, "waiting for more", func() (bool, error) {
			now, err := s.look(patient, "")
			if err != nil {
				return false, err
			}
			v = now
			grown = !now.End && now.Place[1] > before.Place[1] || len(now.Texts) > 0 && !slices.Equal(now.Texts, before.Texts)
			if grown {
				return true, nil
			}
			if !s.paging.End.Given() {
				return false, nil
			}
			return s.endShown()
		})
		cancel()
		switch {
		case err == nil && grown:
			v, err = s.drawn(ctx, nil)
			return v, true, err
		case err == nil:
			return v, false, nil
		case !errors.Is(err, ErrTimeout) || ctx.Err() != nil:
			return v, false, err
		case s.requests.idle() && (v == nil || !v.Busy):
			return v, false, nil
		}
	}
}

// checkAllSeen holds what was seen against what the grid and the page tell.
func (s *scroller) checkAllSeen(ctx context.Context) error {
	if len(s.numbers) > 0 {
		low, high := maxPages*maxPages, 0
		for number := range s.numbers {
			low, high = min(low, number), max(high, number)
		}
		if missing := high - low + 1 - len(s.numbers); missing > 0 {
			return fmt.Errorf("of the grid's rows %d to %d, %d have passed unseen", low, high, missing)
		}
		if s.rowCount > high {
			return fmt.Errorf("the grid says that it has %d rows (aria-rowcount), and the last one seen is %d", s.rowCount, high)
		}
	}
	return s.withStepLimit(ctx, func(ctx context.Context) error { return s.checkTotal(ctx, 0) })
}
