package client

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// As many connections to a host as were in use at once serve what comes next.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	const atOnce, rounds = 8, 4
	var opened atomic.Int64
	var here sync.WaitGroup
	site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		here.Done()
		here.Wait() // all of a round are under way
		_, _ = io.WriteString(w, "a file")
	}))
	site.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	site.Start()
	defer site.Close()
	transport, err := NewTransport(ContextOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer transport.plain.CloseIdleConnections()
	for range rounds {
		here.Add(atOnce)
		var round sync.WaitGroup
		for range atOnce {
			round.Go(func() {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL, http.NoBody)
				if err != nil {
					t.Error(err)
					return
				}
				answer, err := transport.RoundTrip(req)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
			})
		}
		round.Wait()
	}
	if n := opened.Load(); n != atOnce {
		t.Errorf("%d connections for %d requests at once, %d times", n, atOnce, rounds)
	}
}
