package recorder

import (
	"fmt"
	"slices"
	"strings"

	"pipe/pipeline/codegen"
)

// verb fills in what a step of a spec says of the driver's action.
func (d driverAction) verb(a *codegen.Action) {
	switch d.Name {
	case "goto":
		a.Verb, a.Value = "goto", d.URL
	case "click":
		a.Verb = "click"
		switch {
		case d.Button != "" && d.Button != "left":
			a.Verb, a.Note = "", fmt.Sprintf("a click of the %s mouse button is not recorded", d.Button)
		case d.ClickCount > 1:
			a.Value = "2"
		}
	case "fill":
		if a.Verb, a.Value = "fill", d.Text; a.Secret {
			// The writer tells what was typed by its text, and this was left in the page.
			a.Value = fmt.Sprintf("secret-of-%s", d.Selector)
		}
	case "press":
		if key := d.shortcut(); !slices.Contains(moving, key) {
			a.Verb, a.Value = "press", key
		}
	case "check":
		a.Verb = "check"
	case "uncheck":
		a.Verb, a.Value = "check", "false"
	case "select":
		a.Verb = "select"
		if a.Value = strings.Join(d.Options, ", "); len(d.Labels) > 0 {
			a.Value = d.Labels[0]
		}
		if len(d.Options) > 1 {
			a.Note = "several options were chosen: the first is recorded"
		}
	case "setInputFiles":
		a.Note = "a file was chosen: " + strings.Join(d.Files, ", ")
	default:
		a.Note = "not recorded: " + d.Name
	}
}

// moving are keys that lead from a field to the next, which steps need not.
var moving = []string{"Tab", "Shift+Tab", "Escape"}

// shortcut is a key with those held down beside it, as a step has it.
func (d driverAction) shortcut() string {
	var all []string
	for i, name := range []string{"Alt", "Control", "Meta", "Shift"} {
		if d.Modifiers&(1<<i) != 0 {
			all = append(all, name)
		}
	}
	return strings.Join(append(all, d.Key), "+")
}
