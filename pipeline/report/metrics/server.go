package metrics

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/sourcegraph/conc"
)

// The limits of the server: a scrape is small and soon over.
const (
	headerLimit  = 5 * time.Second
	requestLimit = 10 * time.Second
	answerLimit  = 20 * time.Second
	idleLimit    = time.Minute
	headerMost   = 16 << 10
	scrapesMost  = 8
	// closeLimit bounds the end: scrapes under way may end, and are then cut off.
	closeLimit = 2 * time.Second
)

// Server gives metrics out over HTTP, at /metrics.
type Server struct {
	// URL is where the metrics are.
	URL     string
	server  *http.Server
	serving conc.WaitGroup
	failed  error
}

// Serve gives the metrics out at an address such as :9464. Without a host, it is this
// machine's alone.
func (m *Metrics) Serve(ctx context.Context, address string) (*Server, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("the metrics' address: want one such as :9464 or 0.0.0.0:9464: %w", err)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("serving metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.Gatherer(), promhttp.HandlerOpts{MaxRequestsInFlight: scrapesMost, Timeout: requestLimit}))
	s := &Server{URL: "http://" + listener.Addr().String() + "/metrics", server: &http.Server{
		Handler: mux, ReadHeaderTimeout: headerLimit, ReadTimeout: requestLimit, WriteTimeout: answerLimit, IdleTimeout: idleLimit, MaxHeaderBytes: headerMost,
	}}
	s.serving.Go(func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed = fmt.Errorf("serving metrics: %w", err)
		}
	})
	return s, nil
}

// Close ends the server within 2 s, and gives why it ended before, if it did.
func (s *Server) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancel()
	if s.server.Shutdown(ctx) != nil {
		_ = s.server.Close()
	}
	s.serving.Wait()
	return s.failed
}
