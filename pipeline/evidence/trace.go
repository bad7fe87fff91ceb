package evidence

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/specs/secret"
	"pipe/steps"
)

// tracesDir is where a trace is until its secrets are taken out.
const tracesDir = ".trace-*"

// trace is one under way in a browser context.
type trace struct {
	tracing playwright.Tracing
	ended   atomic.Bool
}

// Trace begins to trace what is done in the page's browser context, in which no other page
// is at work; nil where that is not wanted, or there is enough. There are no pictures in
// it: they would show secrets.
func (t *Taker) Trace(ctx context.Context, page playwright.Page) pipeline.AttemptTrace {
	if !t.opts.Trace || !t.opts.Bounds.Pages() || t.run.Load() == 0 || !t.budget.left() {
		return nil
	}
	tracing := page.Context().Tracing()
	err := steps.DoWithin(ctx, copyLimit, "beginning a trace", func() error {
		return tracing.Start(playwright.TracingStartOptions{Snapshots: playwright.Bool(true), Screenshots: playwright.Bool(false)})
	})
	if err != nil {
		t.opts.Log.WarnContext(ctx, "an attempt is not traced", "error", t.opts.Secrets.Redact(err.Error()))
		return nil
	}
	return &trace{tracing: tracing}
}

// BeginStep puts what is done from now on under a step.
func (tr *trace) BeginStep(ctx context.Context, path string) {
	tr.group(ctx, func() error { return tr.tracing.Group(path) })
}

// EndStep ends the step that began last.
func (tr *trace) EndStep(ctx context.Context) { tr.group(ctx, tr.tracing.GroupEnd) }

// group says where a step begins or ends. A trace without that is worth having, too.
func (tr *trace) group(ctx context.Context, call func() error) {
	if !tr.ended.Load() {
		_ = steps.DoWithin(ctx, askLimit, "telling a trace of a step", call)
	}
}

// Drop ends the trace and keeps nothing of it.
func (tr *trace) Drop(ctx context.Context) {
	if !tr.ended.Swap(true) {
		// A page that is gone has ended it.
		_ = steps.DoWithin(context.WithoutCancel(ctx), copyLimit, "ending a trace", func() error { return tr.tracing.Stop() })
	}
}

// saveTrace ends a failure's trace and gives the file that has it, secrets and all; ""
// where there is none.
func (t *Taker) saveTrace(ctx context.Context, f pipeline.Failure, m *Messages) string {
	tr, is := f.Trace.(*trace)
	if !is || tr.ended.Swap(true) {
		return ""
	}
	parent := filepath.Join(t.opts.Dir, Dir)
	err := os.MkdirAll(parent, 0o700)
	var dir string
	if err == nil {
		dir, err = os.MkdirTemp(parent, tracesDir)
	}
	if err == nil {
		err = steps.DoWithin(ctx, traceLimit, "ending a trace", func() error { return tr.tracing.Stop(filepath.Join(dir, pipeline.EvidenceTrace)) })
	}
	if err != nil {
		m.lack("the trace", err)
		_ = os.RemoveAll(dir) // else the next start does
		return ""
	}
	return filepath.Join(dir, pipeline.EvidenceTrace)
}

// traceMost is how big a trace is at most.
const traceMost = 50 << 20

// cleanTrace takes the secrets out of a trace, and removes what had them.
func (t *Taker) cleanTrace(zip string, hide *secret.Redactor, m *Messages) []file {
	data, err := rewriteTrace(zip, hide.Redact)
	if removed := os.RemoveAll(filepath.Dir(zip)); err == nil {
		err = removed
	}
	if err == nil && len(data) > traceMost {
		err = fmt.Errorf("it is too big: %d MB", len(data)>>20)
	}
	if err != nil {
		m.lack("the trace", err)
		return nil
	}
	return []file{{pipeline.EvidenceTrace, data}}
}
