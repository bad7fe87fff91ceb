package practice

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"
)

func TestOptionsAreChecked(t *testing.T) {
	_, err := Start(context.Background(), Options{
		Vehicles: -1, PDFLatency: Latency{Min: -1},
		Faults: Faults{Hang: 1.5, Reset: math.NaN()},
	})
	if err == nil {
		t.Fatal("bad options were taken")
	}
	for _, part := range []string{"vehicles: -1", "pdf latency", "fault hang", "fault reset"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("no %q in: %v", part, err)
		}
	}
	if _, err := Start(context.Background(), Options{Addr: "127.0.0.1:no-port"}); err == nil {
		t.Error("a bad address was taken")
	}
}

// hanging is a site with a request that hangs.
func hanging(ctx context.Context, t *testing.T) (s *Site, ended chan error) {
	t.Helper()
	s, err := Start(ctx, Options{Faults: Faults{Hang: 1}})
	if err != nil {
		t.Fatal(err)
	}
	v := enter(t, s)
	// On a connection kept alive the client would ask again, once this one ends.
	v.client.CloseIdleConnections()
	ended = make(chan error, 1)
	go func() {
		_, err := v.tryGet(t.Context(), pdfPath(s.Vehicles()[0]))
		ended <- err
	}()
	eventually(t, func() bool { return s.Counts().Faults["hang"] == 1 })
	return s, ended
}

func TestCloseEndsWhatHangs(t *testing.T) {
	s, ended := hanging(context.Background(), t)
	begun := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > s.opts.Faults.HangFor/2 {
		t.Errorf("closing took %s of the %s for which the site hangs", took, s.opts.Faults.HangFor)
	}
	if err := <-ended; err == nil {
		t.Error("the hanging request was answered")
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if _, err := visit(t, s).tryGet(t.Context(), "/login"); err == nil {
		t.Error("the site still answers")
	}
}

func TestContextClosesTheSite(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s, ended := hanging(ctx, t)
	cancel()
	if err := <-ended; err == nil {
		t.Error("the hanging request was answered")
	}
	eventually(t, func() bool { _, err := visit(t, s).tryGet(t.Context(), "/login"); return err != nil })
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
