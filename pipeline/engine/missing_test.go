package engine

import (
	"errors"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/steps"
)

// An item is done without the files that the site has none of; one that has no
// other file is settled as skipped, and says why.
func TestMissingFiles(t *testing.T) {
	none := steps.MissingFile{Step: &specs.Step{Path: "download[1].capture"}, Reason: "the site answered 404 at /x"}
	if text, err := missing(&steps.StepContext{Captures: make([]steps.CapturedFile, 1)}); text != "" || err != nil {
		t.Errorf("with all its files: %q, %v", text, err)
	}
	if text, err := missing(&steps.StepContext{}); text != "" || err != nil {
		t.Errorf("with no capture at all: %q, %v", text, err)
	}
	text, err := missing(&steps.StepContext{Captures: make([]steps.CapturedFile, 1), Missing: []steps.MissingFile{none}})
	if err != nil || text != "download[1].capture: the site answered 404 at /x" {
		t.Errorf("with one of two: %q, %v", text, err)
	}
	var skip *steps.SkipError
	if _, err := missing(&steps.StepContext{Missing: []steps.MissingFile{none}}); !errors.As(err, &skip) || !strings.Contains(skip.Reason, "answered 404") {
		t.Errorf("with none: %v", err)
	}
}
