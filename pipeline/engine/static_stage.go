package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// What the way without a page is held against.
const (
	// agreeFirst is how many items of a run must come out the same both ways before the
	// others go without a page; one in compareEvery is compared later, too.
	agreeFirst   = 3
	compareEvery = 250
	// needsMost is how many items in a row may need a page before all go by one.
	needsMost = 5
)

// staticStage is the way without a page, of all workers together. Nothing that a page
// would have shown otherwise is to be recorded: the first items of a run go both ways, and
// where these differ, or most items need a page anyhow, all go by a page.
type staticStage struct {
	reporter *pipeline.Reporter

	mu sync.Mutex
	// wanted is true while items go without a page.
	wanted bool
	// agreed is how many items came out the same, begun how many went without since, and
	// needed how many in a row needed a page.
	agreed, begun, needed int
}

func newStaticStage(spec *specs.Spec, reporter *pipeline.Reporter) *staticStage {
	return &staticStage{reporter: reporter, wanted: spec.Navigate.Via.HTTP()}
}

// how is how an item goes.
type how int

const (
	byPage how = iota
	bothWays
	withoutPage
)

// of tells how a job goes. What has failed before, and what is to be seen for the second
// time, goes by a page: it shows more.
func (s *staticStage) of(j *job) how {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.wanted, len(j.seen) > 0:
		return byPage
	case slices.ContainsFunc(failedByItself, func(c pipeline.Class) bool { return j.failures[c] > 0 }):
		return byPage
	case s.agreed < agreeFirst:
		return bothWays
	}
	if s.begun++; s.begun%compareEvery == 0 {
		return bothWays
	}
	return withoutPage
}

// failedByItself are the failures that say something of the way an item went.
var failedByItself = []pipeline.Class{
	pipeline.NotFound, pipeline.Rejected, pipeline.Transient, pipeline.ProofFailed, pipeline.Crashed, pipeline.Spec,
}

// spares tells whether the items to come need no page as a rule.
func (s *staticStage) spares() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wanted && s.agreed >= agreeFirst
}

// fallBack is told that an item needed a page, and why.
func (s *staticStage) fallBack(ctx context.Context, key string, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.needed++
	s.reporter.Info(ctx, "goes on by a page: "+why.Error(), "item", s.reporter.Redact(key), "step", pipeline.PlaceOf(why))
	if s.needed >= needsMost && s.wanted {
		s.wanted = false
		s.reporter.Warn(ctx, fmt.Sprintf("%d items in a row needed a page: all go by one from here on", s.needed), "reason", why, "step", pipeline.PlaceOf(why))
	}
}

// came is told that an item came through without a page.
func (s *staticStage) came() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.needed = 0
}

// agree is told what an item came to both ways, "" for the same.
func (s *staticStage) agree(ctx context.Context, key, differs string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if differs == "" {
		s.agreed++
		s.needed = 0
		return
	}
	if s.wanted {
		s.wanted = false
		s.reporter.Warn(ctx, "without a page an item comes out otherwise: all go by one from here on", "item", s.reporter.Redact(key), "difference", differs)
	}
}

// withoutPage does an item as far as it needs no page. It gives the page without a browser
// where that has done it, one way or another, and nil where the item goes by a page.
func (b *browseStage) withoutPage(ctx context.Context, a *Attempt, index int) (page pipeline.Page, abandoned bool, err error) {
	way := b.static.of(a.job)
	if way == byPage {
		return nil, false, nil
	}
	if page, err = b.pages.OpenStatic(ctx, index); err != nil {
		return nil, false, err
	}
	if way == bothWays {
		a.other = b.lookWithoutPage(ctx, page, a)
		page.Done()
		return nil, false, ctx.Err()
	}
	if abandoned = b.browse(ctx, page, a); abandoned {
		page.Discard() // a request is still under way on it
	}
	if a.from != nil && a.Err == nil && a.needsPage == nil && a.skipped == nil && ctx.Err() == nil {
		page.Done()
		b.static.came()
		return nil, false, nil // the files are a page's to take
	}
	if a.needsPage == nil || ctx.Err() != nil {
		if a.Err == nil {
			b.static.came()
		}
		return page, abandoned, nil
	}
	page.Done()
	b.static.fallBack(ctx, a.job.item.Key, a.needsPage)
	a.anew(pipeline.AccountValues(b.spec, a.Worker.Account))
	return nil, false, nil
}

// lookWithoutPage does an item without a page and without asking for what may change
// something, and takes none of its files.
func (b *browseStage) lookWithoutPage(ctx context.Context, page pipeline.Page, like *Attempt) *outcome {
	a := newAttempt(like.job, like.Worker, pipeline.AccountValues(b.spec, like.Worker.Account))
	o, abandoned := look(ctx, b.spec, b.reporter, page, a, b.spec.Download.Via.HTTP())
	if abandoned {
		page.Discard()
	}
	return o
}

// compare holds what an item came to by a page against what it came to without one.
func (b *browseStage) compare(ctx context.Context, a *Attempt, failed error, on *steps.StepContext) {
	o := a.other
	if a.other = nil; o == nil || failed != nil || ctx.Err() != nil {
		return
	}
	var needs *steps.NeedsPageError
	switch {
	case errors.As(o.err, &needs) && needs != steps.ErrOnlyLooks:
		b.static.fallBack(ctx, a.job.item.Key, o.err)
		return
	case o.err != nil && needs == nil:
		return // of the moment, or of the session
	}
	b.static.agree(ctx, a.job.item.Key, o.differs(a, on, o.err == nil && b.spec.Download.Via.HTTP()))
}
