package pipeline

import (
	"context"
	"log/slog"
	"time"
)

// Reporter is how the rooms say what happens: events to the observer, lines to
// the log, neither with a secret in it.
type Reporter struct {
	observer Observer
	redact   func(string) string
	log      *slog.Logger
}

// NewReporter makes a reporter; observer, redact and log may each be nil.
func NewReporter(observer Observer, redact func(string) string, log *slog.Logger) *Reporter {
	if redact == nil {
		redact = func(text string) string { return text }
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Reporter{observer: observer, redact: redact, log: log}
}

// Report tells the observer of an event, as of now.
func (r *Reporter) Report(e Event) {
	if r.observer == nil {
		return
	}
	e.Time = time.Now()
	e.Reason = r.redact(e.Reason)
	r.observer.Observe(e)
}

// Redact takes the secrets out of a text.
func (r *Reporter) Redact(text string) string { return r.redact(text) }

// Info writes what a log step says.
func (r *Reporter) Info(ctx context.Context, text string, args ...any) {
	r.log.InfoContext(ctx, r.redact(text), args...)
}

// Warn writes what the operator should know of and no item has failed of.
func (r *Reporter) Warn(ctx context.Context, text string, args ...any) {
	for i, arg := range args {
		switch arg := arg.(type) {
		case string:
			args[i] = r.redact(arg)
		case error:
			args[i] = r.redact(arg.Error())
		}
	}
	r.log.WarnContext(ctx, r.redact(text), args...)
}
