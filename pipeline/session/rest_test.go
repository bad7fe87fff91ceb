package session

import (
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"pipe/pipeline"
	"pipe/steps"
)

// A rest before the site is asked again ends with the first interrupt, and grows.
func TestRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		p := &Pool{opts: Options{Stop: stop}, log: slog.New(slog.DiscardHandler)}
		s := &session{account: &account{}}
		rest := func() time.Duration {
			began := time.Now()
			var absent *pipeline.UnreachableError
			if err := p.rest(t.Context(), s, &steps.StatusError{Status: 503}, false); !errors.As(err, &absent) {
				t.Errorf("got %v", err)
			}
			return time.Since(began)
		}
		for _, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
			if took := rest(); took != want*time.Second {
				t.Errorf("it took %v, want %ds", took, want)
			}
		}
		close(stop)
		if took := rest(); took != 0 {
			t.Errorf("it took %v after the interrupt", took)
		}
	})
}
