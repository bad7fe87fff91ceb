package traces

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"pipe/pipeline"
)

// attemptOf names an attempt among those under way.
func attemptOf(e pipeline.Event) string { return fmt.Sprintf("attempt %d %s", e.Attempt, e.Key) }

// part is a span of the run's own that is over with an event.
func (t *Traces) part(name, begun string, e pipeline.Event, about ...attribute.KeyValue) {
	began, known := t.begun[begun]
	delete(t.begun, begun)
	if !known {
		began = e.Time
	}
	_, span := t.tracer.Start(t.runCtx, name, trace.WithTimestamp(began), trace.WithAttributes(about...))
	if e.Kind == pipeline.AccountGivenUp {
		span.SetStatus(codes.Error, t.opts.Redact(e.Reason))
	}
	span.End(trace.WithTimestamp(e.Time))
}

// timed is a part of an attempt, and what its span is called.
type timed struct {
	pipeline.StepTime
	name  string
	about attribute.KeyValue
}

// attempt makes the trace of an attempt that has ended.
func (t *Traces) attempt(e pipeline.Event) {
	began, known := t.begun[attemptOf(e)]
	delete(t.begun, attemptOf(e))
	if !known {
		began = e.Time.Add(-e.Took)
	}
	ctx, span := t.tracer.Start(t.runCtx, "item", trace.WithNewRoot(), trace.WithTimestamp(began), trace.WithLinks(trace.LinkFromContext(t.runCtx)),
		trace.WithAttributes(
			attribute.String("pipe.spec", t.opts.Spec), attribute.Int64("pipe.run", t.number), attribute.String("pipe.item.key", t.opts.Redact(e.Key)),
			attribute.Int("pipe.attempt", e.Attempt), attribute.String("pipe.worker", e.Worker), attribute.String("pipe.outcome", string(e.Kind)),
		))
	if e.Class != "" {
		span.SetAttributes(semconv.ErrorTypeKey.String(string(e.Class)), attribute.String("pipe.failed_step", t.opts.Redact(e.Step)))
		span.SetStatus(codes.Error, t.opts.Redact(e.Reason))
	}
	var parts []timed
	for _, stage := range e.Stages {
		parts = append(parts, timed{stage, "stage " + stage.Step, attribute.String("pipe.stage", stage.Step)})
	}
	for _, step := range e.Steps {
		parts = append(parts, timed{step, "step " + step.Step, attribute.String("pipe.step", step.Step)})
	}
	t.nest(ctx, began, parts)
	span.End(trace.WithTimestamp(began.Add(e.Took)))
}

// nest makes the spans of parts, each within the one that it ran in.
func (t *Traces) nest(ctx context.Context, began time.Time, parts []timed) {
	// Of those that begin together the longer one goes first: the other is in it.
	slices.SortStableFunc(parts, func(a, b timed) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(b.Took, a.Took)) })
	type open struct {
		ctx  context.Context
		ends time.Duration
	}
	var within []open
	for _, p := range parts {
		for len(within) > 0 && within[len(within)-1].ends < p.At+p.Took {
			within = within[:len(within)-1]
		}
		parent := ctx
		if len(within) > 0 {
			parent = within[len(within)-1].ctx
		}
		of, span := t.tracer.Start(parent, p.name, trace.WithTimestamp(began.Add(p.At)), trace.WithAttributes(p.about))
		span.End(trace.WithTimestamp(began.Add(p.At + p.Took)))
		within = append(within, open{of, p.At + p.Took})
	}
}
