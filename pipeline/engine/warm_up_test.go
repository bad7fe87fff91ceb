package engine_test

import (
	"context"
	"errors"
	"iter"
	"sync"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/engine"
)

// preparedPages notes which workers' pages are made ready, and by which was opened.
type preparedPages struct {
	*pool
	mu       sync.Mutex
	prepared map[int]bool
	unready  int
	// ready is told of each; it may be nil.
	ready chan int
}

func (p *preparedPages) Prepare(ctx context.Context, worker int) {
	p.mu.Lock()
	p.prepared[worker] = true
	p.mu.Unlock()
	if p.ready == nil {
		return
	}
	select {
	case p.ready <- worker:
	case <-ctx.Done():
	}
}

func (p *preparedPages) Open(ctx context.Context, worker int) (pipeline.Page, error) {
	p.mu.Lock()
	if !p.prepared[worker] {
		p.unready++
	}
	p.mu.Unlock()
	return p.pool.Open(ctx, worker)
}

func prepares(n *testRun) *preparedPages {
	pages := &preparedPages{pool: n.cfg.Pages.(*pool), prepared: map[int]bool{}}
	n.cfg.Pages = pages
	return pages
}

// heldRows gives one row, and the other once go on says so.
func heldRows(goOn <-chan int) pipeline.RowReader {
	return func(ctx context.Context, _ pipeline.Table) iter.Seq2[pipeline.Row, error] {
		return func(yield func(pipeline.Row, error) bool) {
			if !yield(pipeline.Row{Fields: map[string]any{"ref": "A"}}, nil) {
				return
			}
			select {
			case <-goOn:
				yield(pipeline.Row{Fields: map[string]any{"ref": "B"}}, nil)
			case <-ctx.Done():
				yield(pipeline.Row{}, context.Cause(ctx))
			}
		}
	}
}

// Pages are made ready while the source is still read.
func TestPreparedBeforeTheSourceIsRead(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 2, "source: {"+inlineRows+"}", "source: {csv: list.csv}")
	pages := prepares(n)
	pages.ready = make(chan int)
	rows := make(chan int)
	n.cfg.ReadRows = heldRows(rows)
	var first int
	var passing sync.WaitGroup
	passing.Go(func() {
		first = <-pages.ready
		rows <- first
		<-pages.ready
	})
	n.want(n.run(), pipeline.Totals{In: 2, Done: 2})
	passing.Wait()
	if first != 0 || pages.unready > 0 {
		t.Errorf("worker %d was ready first, %d pages were opened unready", first, pages.unready)
	}
}

// As many pages are made ready as there are items for them: none where nothing is to do.
func TestPreparedPages(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 4)
	pages := prepares(n)
	n.cfg.Limit = 1
	n.run()
	if len(pages.prepared) != 1 || !pages.prepared[0] {
		t.Errorf("for one item these were made ready: %v", pages.prepared)
	}
	n.cfg.Limit = 0
	n.run()
	if len(pages.prepared) != 4 || pages.unready > 0 {
		t.Errorf("for five items these were made ready: %v; %d were opened unready", pages.prepared, pages.unready)
	}
	clear(pages.prepared)
	n.run()
	if len(pages.prepared) > 0 {
		t.Errorf("for nothing these were made ready: %v", pages.prepared)
	}
}

// Without a browser there is no run, even one that finds nothing to do; a stop does
// not wait for it.
func TestNeverStarted(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 2)
	n.run()
	none := errors.New("no browser")
	n.cfg.Started = func(context.Context) error { return none }
	if _, err := engine.Run(t.Context(), n.cfg); !errors.Is(err, none) {
		t.Errorf("got %v", err)
	}
	stop := make(chan struct{})
	n.cfg.Stop = stop
	n.cfg.Started = func(ctx context.Context) error {
		close(stop)
		<-ctx.Done()
		return ctx.Err()
	}
	if result, err := engine.Run(t.Context(), n.cfg); err != nil || !result.Interrupted {
		t.Errorf("stopped: %+v, %v", result, err)
	}
}

// The workers of an account that is given up leave their items to others, that had
// nothing to do before.
func TestAnotherIsPrepared(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 3, "source:", "login: {accounts: [{u: a}, {u: b}], steps: [{goto: /in}], success: {visible: p}}\nsource:")
	n.cfg.Limit = 1
	pages := &refusedPages{preparedPages: prepares(n)}
	n.cfg.Pages = pages
	n.want(n.run(), pipeline.Totals{In: 6, Done: 1, Pending: 5})
	if len(pages.prepared) != 2 {
		t.Errorf("these were made ready: %v", pages.prepared)
	}
}

// refusedPages are those of two accounts, of which the first worker's is given up.
type refusedPages struct{ *preparedPages }

func (p *refusedPages) Workers() []pipeline.Worker {
	workers := p.pool.Workers()
	for i := range workers[1:] {
		workers[i+1].Account = 1
	}
	return workers
}

func (p *refusedPages) Open(ctx context.Context, worker int) (pipeline.Page, error) {
	if worker == 0 {
		return nil, &pipeline.LoginError{Err: errors.New("refused")}
	}
	return p.preparedPages.Open(ctx, worker)
}
