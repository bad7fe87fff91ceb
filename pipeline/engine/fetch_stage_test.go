package engine

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// lacking is a file that came without a part of it.
type lacking struct{}

func (lacking) Receive(_ context.Context, w io.Writer) (steps.Receipt, error) {
	_, err := io.WriteString(w, "a file")
	return steps.Receipt{Via: "print", Without: "the picture at /p"}, err
}

func (lacking) Discard() {}

// What a file came without is logged, and stands in the item's reason.
func TestFileWithoutAPart(t *testing.T) {
	store, err := artifact.Open(t.Context(), t.TempDir(), artifact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var log bytes.Buffer
	a := NewAttempt(pipeline.Item{Key: "A1"}, pipeline.Worker{}, expr.Values{})
	defer a.Discard()
	a.Files = []CapturedFile{{Captured: steps.CapturedFile{Step: &specs.Step{Path: "download[0].capture"}, Delivery: lacking{}, Left: time.Minute}}}
	fetch := &FetchStage{Store: store, Reporter: pipeline.NewReporter(nil, nil, slog.New(slog.NewTextHandler(&log, nil)))}
	if err := fetch.Run(t.Context(), a); err != nil || a.Err != nil {
		t.Fatal(err, a.Err)
	}
	if a.missing != "download[0].capture: the picture at /p" || !strings.Contains(log.String(), "the picture at /p") {
		t.Errorf("missing %q, logged %q", a.missing, log.String())
	}
}
