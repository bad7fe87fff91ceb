package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pipe/pipeline/codegen"
)

// MaxSize is how many bytes a file may have: archives of requests hold whole files.
const MaxSize = 256 << 20

// format is one that can be read.
type format struct {
	// name is what a person calls it, title what it is.
	name, title string
	// is tells by a file's content whether it is of this format.
	is func(src []byte, top map[string]json.RawMessage) bool
	// read reads a file of it.
	read func(src []byte) (codegen.Recording, error)
}

var formats = []format{
	{"chrome", "Chrome DevTools Recorder", isChrome, readChrome},
	{"selenium", "Selenium IDE", isSelenium, readSelenium},
	{"uivision", "UI.Vision", isUIVision, readUIVision},
	{"har", "archive of requests", isHAR, readHAR},
	{"playwright-jsonl", "Playwright codegen, JSON lines", isPlaywrightJSONL, readPlaywrightJSONL},
	{"playwright-python", "Playwright in Python", isPlaywrightPython, readPlaywrightPython},
	{"playwright-js", "Playwright in JavaScript or TypeScript", isPlaywrightJS, readPlaywrightJS},
	{"imacros", "iMacros", isIMacros, readIMacros},
}

// Names are those of the formats that can be read, in order.
func Names() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// Read reads a recording of a format, "" for the one that its content shows. It gives the
// format's title too.
func Read(src []byte, name string) (rec codegen.Recording, title string, err error) {
	if len(src) > MaxSize {
		return rec, "", fmt.Errorf("it has more than %d MB", MaxSize>>20)
	}
	src = bytes.ToValidUTF8(bytes.TrimPrefix(src, []byte("\ufeff")), []byte("\ufffd"))
	if len(bytes.TrimSpace(src)) == 0 {
		return rec, "", fmt.Errorf("it is empty")
	}
	at := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	if name == "" {
		var top map[string]json.RawMessage
		if json.Unmarshal(src, &top) != nil {
			top = nil
		}
		at = slices.IndexFunc(formats, func(f format) bool { return f.is(src, top) })
	}
	if at < 0 {
		return rec, "", fmt.Errorf("it is of no format that can be read (%s)", strings.Join(Names(), ", "))
	}
	f := formats[at]
	if rec, err = f.read(src); err != nil {
		return rec, f.title, fmt.Errorf("reading it as a file of %s: %w", f.title, err)
	}
	if len(rec.Actions) == 0 {
		return rec, f.title, fmt.Errorf("reading it as a file of %s: nothing is done in it", f.title)
	}
	rec, err = validText(rec)
	return rec, f.title, err
}

// validText gives a recording whose texts are valid UTF-8, as JSON's are: escapes of a file may
// have made others.
func validText(rec codegen.Recording) (valid codegen.Recording, err error) {
	text, err := json.Marshal(rec)
	if err != nil {
		return rec, err
	}
	return valid, json.Unmarshal(text, &valid)
}

// recorder puts actions together. It knows the page's address as long as nothing was done that
// may have led elsewhere.
type recorder struct {
	rec codegen.Recording
	// address is the page's, by tab.
	address map[int]string
}

// add adds an action.
func (r *recorder) add(a codegen.Action) {
	if r.address == nil {
		r.address = map[int]string{}
	}
	if a.Verb == "" && a.Note == "" {
		return
	}
	if a.Address == "" {
		a.Address = r.address[a.Tab]
	}
	r.rec.Actions = append(r.rec.Actions, a)
	switch a.Verb {
	case "goto":
		r.address[a.Tab] = a.Value
		if r.rec.Start == "" {
			r.rec.Start = a.Value
		}
	case "click", "press":
		r.address[a.Tab] = a.Effect.Address
	}
}

// last is the last action that was translated, nil for none.
func (r *recorder) last() *codegen.Action {
	for i := len(r.rec.Actions) - 1; i >= 0; i-- {
		if r.rec.Actions[i].Verb != "" {
			return &r.rec.Actions[i]
		}
	}
	return nil
}

// note stands in the place of what cannot be translated.
func (r *recorder) note(line int, format string, args ...any) {
	r.add(codegen.Action{Note: fmt.Sprintf("line %d: ", line) + fmt.Sprintf(format, args...)})
}

// goes notes where an action has led.
func (r *recorder) goes(address string) {
	if last := r.last(); last != nil && address != "" {
		last.Effect.Address = address
		r.address[last.Tab] = address
	}
}

// lineOf is the number of the line at an offset, from 1.
func lineOf(src []byte, offset int64) int {
	return 1 + bytes.Count(src[:min(int64(len(src)), max(0, offset))], []byte("\n"))
}

// shorten cuts a text for a note.
func shorten(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 80 {
		return string(runes[:80]) + "…"
	}
	return text
}

// jsonItems gives the members of a list of JSON, each with its line in the file, which starts
// at base in it.
func jsonItems(src []byte, list json.RawMessage) ([]json.RawMessage, []int, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(list, &items); err != nil {
		return nil, nil, err
	}
	lines := make([]int, len(items))
	at := max(0, bytes.Index(src, list))
	for i, item := range items {
		if next := bytes.Index(src[at:], item); next >= 0 {
			at += next
			lines[i] = lineOf(src, int64(at))
			at += len(item)
		}
	}
	return items, lines, nil
}

// keyName gives a key as the driver calls it.
var keyNames = map[string]string{
	"ENTER": "Enter", "RETURN": "Enter", "TAB": "Tab", "ESC": "Escape", "ESCAPE": "Escape", "DOWN": "ArrowDown", "UP": "ArrowUp",
	"LEFT": "ArrowLeft", "RIGHT": "ArrowRight", "SPACE": "Space", "BACKSPACE": "Backspace", "DELETE": "Delete", "HOME": "Home", "END": "End",
}

var sentKey = regexp.MustCompile(`\$\{KEY_([A-Z0-9_]+)\}`)
