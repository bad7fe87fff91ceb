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
	"pipe/pipeline/report/console"
	"pipe/specs"
	"pipe/specs/secret"
)

// try is one `pipe try`.
type try struct {
	TryOptions
	path    string
	std     Std
	secrets atomic.Pointer[secret.Store]
	// spec is what is tried, nil where its commands are of no use to who has it tried.
	spec *specs.Spec
}

func (x *try) redact(text string) string {
	if secrets := x.secrets.Load(); secrets != nil {
		return secrets.Redact(text)
	}
	return text
}

// say says something, as a line of JSON or in words.
func (x *try) say(v map[string]any, text string) {
	if !x.AsJSON {
		fmt.Fprintln(x.std.Out, console.CleanLines(text))
		return
	}
	if line, err := json.Marshal(v); err == nil {
		fmt.Fprintf(x.std.Out, "%s\n", line)
	}
}

func (x *try) report() func(preview.StepReport) {
	if x.AsJSON {
		return stepLines(x.std.Out)
	}
	return stepPrinter(x.std.Out)
}

// result tells how the item went; the error is the exit code.
func (x *try) result(r preview.TrialResult) error {
	for _, w := range r.Warnings {
		text := faultText(asWarning(w), x.redact)
		x.say(map[string]any{"warned": text}, text)
	}
	switch {
	case r.Fault != nil:
		x.failed(r)
		if r.Unmatched {
			return Exit(ExitSpec, nil)
		}
		return Exit(ExitFailed, nil)
	case r.Left != "":
		x.say(map[string]any{"ended": "once", "step": r.Left}, "ended before "+r.Left+": it is once, and what a trial does is not on record; --once does it, for real")
	case r.Reached:
		x.say(map[string]any{"ended": "until", "step": x.Until}, "ended at "+x.Until)
	default:
		x.say(map[string]any{"ended": "done", "files": r.Files, "record": r.Record}, fmt.Sprintf("done: %s, %s", Count(len(r.Files), "file"), Count(len(r.Record), "field")))
	}
	return nil
}

// failed tells where the item failed, what on the page is most like what was not found, and
// how to see that page.
func (x *try) failed(r preview.TrialResult) {
	text := faultText(*r.Fault, x.redact)
	said, similar := map[string]any{"failed": text, "unmatched": r.Unmatched}, []string{}
	for i, one := range r.Similar {
		if one = x.redact(one); i == 0 {
			text += "\nnearest on the page:"
		}
		similar = append(similar, one)
		text += "\n  " + console.Clean(one)
	}
	if said["nearest"] = similar; x.spec != nil {
		if words := x.lookWords(x.spec, r.Fault.Path, x.Item); words != "" {
			said["look"] = words
			text += "\nto see that page: " + words
		}
	}
	x.say(said, text)
}

var unsafeName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// pictures keeps pictures of steps in a folder.
type pictures struct {
	dir string
	n   int
}

// keep writes a picture of a step.
func (p *pictures) keep(step string, png []byte) (string, error) {
	if err := os.MkdirAll(p.dir, 0o750); err != nil {
		return "", err
	}
	p.n++
	name := fmt.Sprintf("%02d-%s.png", p.n, strings.Trim(unsafeName.ReplaceAllString(step, "-"), "-"))
	return name, os.WriteFile(filepath.Join(p.dir, name), png, 0o600)
}
