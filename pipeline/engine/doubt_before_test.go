package engine

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// What a page did before it found the session gone at home is told of, and no more.
func TestDoubtBefore(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := &browseStage{reporter: pipeline.NewReporter(nil, nil, slog.New(slog.NewTextHandler(&out, nil)))}
	at := func(key string, err error) string {
		out.Reset()
		b.doubtBefore(t.Context(), key, err)
		return out.String()
	}
	guest := &pipeline.PlaceError{At: "navigate.home", Err: &pipeline.GuestError{Err: fmt.Errorf("%w: at home", steps.ErrSessionLost)}}
	if told := at("A", guest); told != "" {
		t.Errorf("before the first: %s", told)
	}
	at("A", nil)
	if told := at("B", guest); !strings.Contains(told, "item=A") || !strings.Contains(told, "--again") {
		t.Errorf("after A: %q", told)
	}
	if told := at("B", guest) + at("B", nil) + at("C", steps.ErrSessionLost) + at("D", guest); told != "" {
		t.Errorf("nothing is in doubt: %s", told)
	}
}
