package browser

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pipe/pipeline"
)

// A supervisor may be closed while its browser is still starting: nothing is left then.
func TestCloseWhileStarting(t *testing.T) {
	ctx, opts := installed(t)
	opts.Processes = filepath.Join(t.TempDir(), "processes.json")
	s, err := Start(ctx, opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
	var none *pipeline.StartError
	if _, err := s.Current(ctx); err == nil {
		t.Error("a supervisor that is closed gives a browser")
	} else if s.failed != nil && !errors.As(err, &none) {
		t.Errorf("got %v", err)
	}
	left, err := filepath.Glob(filepath.Join(opts.Downloads, "*"))
	if _, noted := os.Stat(opts.Processes); noted == nil || err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v; processes noted: %v", left, err, noted == nil)
	}
}

// Why the first browser does not start is told to all who wait for it, each in its own
// time.
func TestStartFails(t *testing.T) {
	ctx, opts := installed(t)
	opts.Executable = filepath.Join(t.TempDir(), "none")
	s, err := Start(ctx, opts)
	if err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Started(impatient); err == nil {
		t.Error("nobody knows yet, and it is there")
	}
	var none *pipeline.StartError
	if _, err := s.Current(ctx); !errors.As(err, &none) || errors.As(s.Started(ctx), &none) {
		t.Errorf("got %v and %v", err, s.Started(ctx))
	}
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
}
