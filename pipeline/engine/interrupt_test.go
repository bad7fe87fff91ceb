package engine_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/steps"
)

// closedPages are those of a site that asks for rest at its door.
type closedPages struct{ *pool }

func (closedPages) Open(context.Context, int) (pipeline.Page, error) {
	return nil, &steps.StatusError{Status: 503, URL: "http://site/login", RetryAfter: 5 * time.Hour}
}

// The first interrupt waits for what is in hand, and for no rest before what is
// not: the pace's, a failure's, the site's, or that of a source which is tried
// again or does not answer.
func TestInterruptEndsWaits(t *testing.T) {
	t.Parallel()
	busy := func(context.Context, string, int) (string, error) {
		return "", &steps.StatusError{Status: 429, URL: "http://site/A", RetryAfter: 5 * time.Hour}
	}
	slip := func(context.Context, string, int) (string, error) { return "", steps.ErrTimeout }
	for name, c := range map[string]struct {
		edits  []string
		answer func(context.Context, string, int) (string, error)
		change func(*testRun)
		done   int
	}{
		"the delay after an item": {edits: []string{"source:", "pool: {pace: {delay: 5h}}\nsource:"}, done: 2},
		"a rate":                  {edits: []string{"source:", "pool: {pace: {rate: 1/h}}\nsource:"}, done: 1},
		"an account's rate":       {edits: []string{"source:", "pool: {pace: {account: {rate: 1/h}}}\nsource:"}, done: 1},
		"the back-off of items":   {edits: []string{"initial: 1ms, max: 2ms", "initial: 5h, max: 9h"}, answer: slip},
		"the site's rest":         {answer: busy},
		"the back-off of a source": {
			edits:  []string{"source: {items: [{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]}", `source: {collect: {steps: [{set: {x: "1"}}], rows: "${{ [] }}"}}`},
			change: func(n *testRun) { n.cfg.Pages = closedPages{n.cfg.Pages.(*pool)} },
		},
		"a source that does not answer": {
			edits: []string{"source: {items: [{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]}", "source: {csv: list.csv}"},
			change: func(n *testRun) {
				n.cfg.ReadRows = func(ctx context.Context, _ pipeline.Table) iter.Seq2[pipeline.Row, error] {
					return func(yield func(pipeline.Row, error) bool) {
						if yield(pipeline.Row{Fields: map[string]any{"ref": "A"}}, nil) {
							<-ctx.Done()
							yield(pipeline.Row{}, context.Cause(ctx))
						}
					}
				}
			},
		},
	} {
		inBubble(t, name, func(t *testing.T) {
			answer := c.answer
			if answer == nil {
				answer = good
			}
			n := newTestRun(t, newSite(t, answer), 2, c.edits...)
			if c.change != nil {
				c.change(n)
			}
			stop := make(chan struct{})
			n.cfg.Stop = stop
			began := time.Now()
			interrupt := time.AfterFunc(time.Minute, func() { close(stop) })
			defer interrupt.Stop()
			result, err := engine.Run(t.Context(), n.cfg)
			if err != nil || !result.Interrupted || result.Done != c.done || result.Failed > 0 {
				t.Errorf("got %+v, %v; want %d done, and the run interrupted", result, err, c.done)
			}
			if took := time.Since(began); took > 2*time.Minute {
				t.Errorf("it ended after %v", took)
			}
		})
	}
}
