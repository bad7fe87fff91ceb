package steps_test

import (
	"context"
	"testing"

	"pipe/specs"
)

func TestLog(t *testing.T) {
	t.Parallel()
	s := show(t, "")
	said := ""
	s.OnLog = func(_ context.Context, step *specs.Step, text string) { said = step.Path + ": " + text }
	s.do(`log: "at ${{ item.ref }}"`)
	if said != "navigate.steps[0].log: at A1" {
		t.Errorf("said %q", said)
	}
}
