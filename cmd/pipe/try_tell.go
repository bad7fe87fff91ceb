package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"

	"pipe/pipeline/preview"
	"pipe/specs"
)

// trying is one `pipe try`.
type trying struct {
	tryFlags
	path    string
	io      streams
	secrets atomic.Pointer[specs.Secrets]
	shot    int
}

func (x *trying) redact(text string) string {
	if secrets := x.secrets.Load(); secrets != nil {
		return secrets.Redact(text)
	}
	return text
}

// tell says something, as a line of JSON or in words.
func (x *trying) tell(v map[string]any, text string) {
	if !x.asJSON {
		fmt.Fprintln(x.io.out, text)
		return
	}
	if line, err := json.Marshal(v); err == nil {
		fmt.Fprintf(x.io.out, "%s\n", line)
	}
}

func (x *trying) report() func(preview.StepReport) {
	if x.asJSON {
		return stepLines(x.io.out)
	}
	return stepPrinter(x.io.out)
}

// result tells how the item went; the error is the exit code.
func (x *trying) result(r preview.TrialResult) error {
	switch {
	case r.Fault != nil:
		text := x.redact(r.Fault.Render())
		x.tell(map[string]any{"failed": text, "unmatched": r.Unmatched}, text)
		if r.Unmatched {
			return exit(ExitSpec, nil)
		}
		return exit(ExitFailed, nil)
	case r.Reached:
		x.tell(map[string]any{"ended": "until", "step": x.until}, "ended at "+x.until)
	default:
		x.tell(map[string]any{"ended": "done", "files": r.Files, "record": r.Record}, fmt.Sprintf("done: %s, %s", count(len(r.Files), "file"), count(len(r.Record), "field")))
	}
	return nil
}

var unsafeName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// keepPicture writes a picture of a step.
func (x *trying) keepPicture(step string, png []byte) (string, error) {
	if err := os.MkdirAll(x.shots, 0o750); err != nil {
		return "", err
	}
	x.shot++
	name := fmt.Sprintf("%02d-%s.png", x.shot, strings.Trim(unsafeName.ReplaceAllString(step, "-"), "-"))
	return name, os.WriteFile(filepath.Join(x.shots, name), png, 0o600)
}
