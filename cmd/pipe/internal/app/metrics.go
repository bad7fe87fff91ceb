package app

import (
	"context"
	"fmt"
	"net"

	"pipe/pipeline/report/metrics"
)

// serveMetrics gives the run's metrics out at the address of --metrics, until the run's
// output is closed.
func (r specRun) serveMetrics(ctx context.Context) error {
	if r.flags.Metrics == "" {
		return nil
	}
	if _, _, err := net.SplitHostPort(r.flags.Metrics); err != nil {
		return Exit(ExitSpec, fmt.Errorf("--metrics: want an address such as :9464 or 0.0.0.0:9464: %w", err))
	}
	m := metrics.New(r.spec.OutName(), Version())
	server, err := m.Serve(ctx, r.flags.Metrics)
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	r.out.closers = append(r.out.closers, func() error { return server.Close(ctx) })
	r.display.also = append(r.display.also, m)
	r.display.say("metrics are at " + server.URL)
	return nil
}
