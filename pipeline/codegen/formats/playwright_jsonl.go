package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"pipe/pipeline/codegen"
	"pipe/specs"
)

// codegenLine is an action as the driver's recorder writes it, a line each.
type codegenLine struct {
	Name       string   `json:"name"`
	URL        string   `json:"url"`
	Selector   string   `json:"selector"`
	Text       string   `json:"text"`
	Key        string   `json:"key"`
	Options    []string `json:"options"`
	Files      []string `json:"files"`
	Button     string   `json:"button"`
	ClickCount int      `json:"clickCount"`
	Modifiers  int      `json:"modifiers"`
	PageAlias  string   `json:"pageAlias"`
	FramePath  []string `json:"framePath"`
	Signals    []struct {
		Name       string `json:"name"`
		URL        string `json:"url"`
		PopupAlias string `json:"popupAlias"`
	} `json:"signals"`
}

func isPlaywrightJSONL(src []byte, _ map[string]json.RawMessage) bool {
	first, _, _ := bytes.Cut(bytes.TrimSpace(src), []byte("\n"))
	var line map[string]json.RawMessage
	return json.Unmarshal(first, &line) == nil && (line["browserName"] != nil || line["pageAlias"] != nil || line["launchOptions"] != nil)
}

// readPlaywrightJSONL reads what `playwright codegen --target=jsonl` writes.
func readPlaywrightJSONL(src []byte) (codegen.Recording, error) {
	r := &jsonlReader{tabs: map[string]int{"page": 0, "": 0}}
	for i, line := range bytes.Split(src, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var l codegenLine
		if err := json.Unmarshal(line, &l); err != nil {
			return r.rec, fmt.Errorf("line %d: %w", i+1, err)
		}
		r.line(l, i+1)
	}
	return r.rec, nil
}

type jsonlReader struct {
	recorder
	tabs map[string]int
}

func (r *jsonlReader) tab(alias string) int {
	if _, known := r.tabs[alias]; !known {
		r.tabs[alias] = len(r.tabs) - 1
	}
	return r.tabs[alias]
}

func (r *jsonlReader) line(l codegenLine, line int) {
	a := codegen.Action{Tab: r.tab(l.PageAlias)}
	if l.Selector != "" {
		selector := l.Selector
		for i := len(l.FramePath) - 1; i >= 0; i-- {
			selector = l.FramePath[i] + " >> " + enterFrame + " >> " + selector
		}
		a.Locators = []specs.LocatorText{specs.LocatorOf(selector)}
	}
	switch {
	case l.Name == "" || l.Name == "closePage", l.Name == "openPage" && !strings.Contains(l.URL, "://"):
		return
	case l.Button == "" || l.Button == "left":
		a.Verb, a.Value = jsonlVerb(l)
	}
	if a.Verb == "" {
		r.note(line, "%q is left out: there is no step for it", shorten(l.Name+" "+l.Selector))
		return
	}
	for _, s := range l.Signals {
		switch s.Name {
		case "popup":
			a.Effect.Tab = r.tab(s.PopupAlias)
		case "download":
			a.Effect.File = &codegen.File{}
		case "dialog":
			a.Effect.Dialog = "a dialog"
		case "navigation":
			a.Effect.Address = s.URL
		}
	}
	r.add(a)
}

// jsonlVerb gives the verb and the value of a step that does what a line tells.
func jsonlVerb(l codegenLine) (verb, value string) {
	switch l.Name {
	case "openPage", "navigate":
		return "goto", l.URL
	case "click":
		if l.ClickCount == 2 {
			return "click", "2"
		}
		return "click", ""
	case "fill":
		return "fill", l.Text
	case "press":
		return "press", modifiers(l.Modifiers) + l.Key
	case "check":
		return "check", ""
	case "uncheck":
		return "check", "false"
	case "select":
		return "select", strings.Join(l.Options, ", ")
	case "setInputFiles":
		return "upload", strings.Join(l.Files, ", ")
	case "hover":
		return "hover", ""
	case "assertVisible":
		return "wait", ""
	case "assertText":
		return "wait", l.Text
	}
	return "", ""
}

// modifiers gives the keys that are held, as the driver counts them, before a key.
func modifiers(held int) string {
	var out strings.Builder
	for i, name := range []string{"Alt+", "Control+", "Meta+", "Shift+"} {
		if held&(1<<i) != 0 {
			out.WriteString(name)
		}
	}
	return out.String()
}
