package app

import (
	"context"

	"pipe/pipeline/report/traces"
)

// sendTraces sends the run's traces where the environment says, until the run's output
// is closed.
func (r specRun) sendTraces(ctx context.Context) error {
	if !traces.Wanted() {
		return nil
	}
	t, err := traces.Start(ctx, traces.Options{Spec: r.spec.OutName(), Version: Version(), Redact: r.secrets.Redact, Warn: r.told.warn})
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	r.out.closers = append(r.out.closers, func() error {
		t.Close(ctx)
		return nil
	})
	r.display.also = append(r.display.also, t)
	return nil
}
