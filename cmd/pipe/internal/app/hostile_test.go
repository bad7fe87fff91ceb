package app

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pipe/pipeline/preview"
	"pipe/specs/document"
	"pipe/specs/secret"
	"pipe/steps"
)

// hostile is a text that a site may send for a key, a cell or a message: it would clear
// the screen, name the window, turn the line round, and begin a line of its own.
const hostile = "--A'1\"$(reboot)`x`\x1b[2J\x1b]0;mine\a\u009b2J\u202ereversed\r\nforged: 12 of 12 done"

// Whatever a site has for keys and values, no output has a terminal obey it, nor a line
// of the site's own.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	secrets := secret.New(func(string) (string, bool) { return "", false })
	fault := document.Fault{Pos: document.Pos{File: "x.yaml", Line: 1, Col: 1}, Path: "key", Message: hostile}
	for name, print := range map[string]func(*bytes.Buffer){
		"a step": func(to *bytes.Buffer) {
			stepPrinter(to)(preview.StepReport{
				Item: hostile, Step: "navigate.steps[0]", Name: hostile, Note: hostile, Value: hostile, Error: hostile, Warning: hostile,
				Found: []steps.TargetMatch{{Target: hostile, Elements: 1}},
			})
		},
		"a plan": func(to *bytes.Buffer) {
			p := &Forecast{path: hostile}
			p.Known, p.From, p.Short, p.BadRows, p.Changed, p.ChangedKeys = true, hostile, hostile, []string{hostile}, 1, []string{hostile}
			p.Failed, p.FailedKeys = 20, make([]preview.FailedItem, 20)
			for i := range p.FailedKeys {
				p.FailedKeys[i] = preview.FailedItem{Key: hostile, Reason: hostile}
			}
			p.print(to)
		},
		"a source": func(to *bytes.Buffer) {
			printSourceResult(to, preview.SourceResult{
				BadRows: []string{hostile}, Columns: []preview.SourceColumn{{Name: hostile, First: hostile}},
				Samples: []preview.SourceSample{{Key: hostile, Fields: map[string]string{hostile: hostile}}},
			})
		},
		"a dry run": func(to *bytes.Buffer) {
			RunOptions{}.dryReport(nil, preview.DryResult{Faults: document.Faults{fault}, Warnings: document.Faults{fault}, Short: hostile}, secrets, Std{Out: to})
		},
		"a try": func(to *bytes.Buffer) {
			x := &try{TryOptions: TryOptions{Item: hostile}, std: Std{Out: to}}
			x.say(nil, fmt.Sprintf("item %q", hostile))
			_ = x.result(preview.TrialResult{Fault: &fault, Warnings: document.Faults{fault}})
		},
		"an error": func(to *bytes.Buffer) { to.WriteString(Plain(errors.New(strings.ReplaceAll(hostile, "\n", " ")))) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			print(&out)
			odd := func(r rune) bool { return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }
			if out.Len() == 0 || strings.ContainsFunc(out.String(), odd) || strings.Contains(out.String(), "\nforged") {
				t.Errorf("it prints %q", out.String())
			}
		})
	}
}
