// Package traces folds the events of a run into OpenTelemetry traces, and sends them
// where the standard environment variables say (OTEL_EXPORTER_OTLP_ENDPOINT and its kin).
//
// [Traces] is a [pipeline.Observer]. Each attempt at an item is a trace of its own, with
// a span for each stage and each step, linked to the run's, which has the logins and the
// reading of the list. Spans are made once what they tell of is over, from the times that
// the events have; nothing waits for them. It imports package pipeline.
package traces

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"pipe/pipeline"
)

// closeLimit bounds the sending of what is left at the end of a run.
const closeLimit = 10 * time.Second

// Options are what traces are made with.
type Options struct {
	// Spec is the spec's name, Version the program's.
	Spec, Version string
	// Redact takes the secrets out of a text.
	Redact func(string) string
	// Warn is told, once, that traces could not be sent.
	Warn func(text string)
}

// Traces are those of one run. It is safe for concurrent use.
type Traces struct {
	opts     Options
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	run      trace.Span
	runCtx   context.Context // the run's span, for its parts: events come without one

	mu sync.Mutex
	// number is the run's, begun when attempts, logins and the source began.
	number int64
	begun  map[string]time.Time
}

// Wanted tells whether the environment says where traces go.
func Wanted() bool {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") || os.Getenv("OTEL_TRACES_EXPORTER") == "none" {
		return false
	}
	return os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
}

// Start begins the traces of a run. The error is that of the environment's variables; a
// receiver that is not there is told later, by Warn.
func Start(ctx context.Context, opts Options) (*Traces, error) {
	exporter, err := newExporter(ctx)
	if err != nil {
		return nil, fmt.Errorf("preparing traces: %w", err)
	}
	about, err := resource.New(ctx,
		resource.WithAttributes(semconv.ServiceName("pipe"), semconv.ServiceVersion(opts.Version)), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil && !errors.Is(err, resource.ErrPartialResource) {
		return nil, fmt.Errorf("preparing traces: %w", err)
	}
	var once sync.Once
	// The library has one for all of a process; there is one run in it.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		once.Do(func() { opts.Warn("traces could not be sent: " + opts.Redact(err.Error())) })
	}))
	t := &Traces{opts: opts, begun: map[string]time.Time{}, provider: sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about))}
	t.tracer = t.provider.Tracer("pipe", trace.WithInstrumentationVersion(opts.Version), trace.WithSchemaURL(semconv.SchemaURL))
	t.runCtx, t.run = t.tracer.Start(context.WithoutCancel(ctx), "run", trace.WithNewRoot(), trace.WithAttributes(attribute.String("pipe.spec", opts.Spec)))
	return t, nil
}

// newExporter sends by the protocol that the environment names.
func newExporter(ctx context.Context) (sdk.SpanExporter, error) {
	protocol := os.Getenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
	if protocol == "" {
		protocol = os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL")
	}
	switch protocol {
	case "", "http/protobuf":
		return otlptracehttp.New(ctx)
	case "grpc":
		return otlptracegrpc.New(ctx)
	default:
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL is %q: http/protobuf and grpc are known", protocol)
	}
}

// Close ends the run's span and sends what is left, within 10 s.
func (t *Traces) Close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancel()
	t.run.End()
	if err := t.provider.Shutdown(ctx); err != nil {
		otel.Handle(err)
	}
}

// Observe makes spans of what is over.
func (t *Traces) Observe(e pipeline.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e.Kind {
	case pipeline.RunStarted:
		t.number = e.Run
		t.run.SetAttributes(attribute.Int64("pipe.run", e.Run))
		t.begun["source"] = e.Time
	case pipeline.SourceRead:
		t.part("source", "source", e)
	case pipeline.LoggingIn:
		t.begun["login "+e.Worker] = e.Time
	case pipeline.LoggedIn, pipeline.LoginKept, pipeline.AccountGivenUp:
		t.part("login", "login "+e.Worker, e, attribute.String("pipe.session", e.Worker), attribute.String("pipe.account", t.opts.Redact(e.AccountName)))
	case pipeline.AttemptStarted:
		t.begun[attemptOf(e)] = e.Time
	case pipeline.ItemDone, pipeline.ItemSkipped, pipeline.ItemFailed, pipeline.RefreshFailed, pipeline.AttemptFailed, pipeline.SecondLook:
		t.attempt(e)
	case pipeline.RunEnded:
		t.run.SetAttributes(attribute.String("pipe.outcome", t.opts.Redact(e.Reason)))
		if e.Totals != nil {
			t.run.SetAttributes(attribute.Int("pipe.items.done", e.Totals.Done), attribute.Int("pipe.items.failed", e.Totals.Failed), attribute.Int("pipe.items.pending", e.Totals.Left()))
		}
	}
}
