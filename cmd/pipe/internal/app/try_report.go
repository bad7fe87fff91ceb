package app

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"

	"pipe/pipeline/preview"
	"pipe/specs/secret"
)

// Try is one `pipe try`.
type Try struct {
	TryOptions
	Path    string
	Std     Std
	Secrets atomic.Pointer[secret.Store]
	shot    int
}

func (x *Try) redact(text string) string {
	if secrets := x.Secrets.Load(); secrets != nil {
		return secrets.Redact(text)
	}
	return text
}

// tell says something, as a line of JSON or in words.
func (x *Try) tell(v map[string]any, text string) {
	if !x.AsJSON {
		fmt.Fprintln(x.Std.Out, text)
		return
	}
	if line, err := json.Marshal(v); err == nil {
		fmt.Fprintf(x.Std.Out, "%s\n", line)
	}
}

func (x *Try) report() func(preview.StepReport) {
	if x.AsJSON {
		return stepLines(x.Std.Out)
	}
	return stepPrinter(x.Std.Out)
}

// result tells how the item went; the error is the exit code.
func (x *Try) result(r preview.TrialResult) error {
	switch {
	case r.Fault != nil:
		text := x.redact(r.Fault.Render())
		x.tell(map[string]any{"failed": text, "unmatched": r.Unmatched}, text)
		if r.Unmatched {
			return Exit(ExitSpec, nil)
		}
		return Exit(ExitFailed, nil)
	case r.Reached:
		x.tell(map[string]any{"ended": "until", "step": x.Until}, "ended at "+x.Until)
	default:
		x.tell(map[string]any{"ended": "done", "files": r.Files, "record": r.Record}, fmt.Sprintf("done: %s, %s", Count(len(r.Files), "file"), Count(len(r.Record), "field")))
	}
	return nil
}

var unsafeName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// keepPicture writes a picture of a step.
func (x *Try) keepPicture(step string, png []byte) (string, error) {
	if err := os.MkdirAll(x.Shots, 0o750); err != nil {
		return "", err
	}
	x.shot++
	name := fmt.Sprintf("%02d-%s.png", x.shot, strings.Trim(unsafeName.ReplaceAllString(step, "-"), "-"))
	return name, os.WriteFile(filepath.Join(x.Shots, name), png, 0o600)
}
