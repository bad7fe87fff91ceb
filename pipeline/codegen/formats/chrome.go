package formats

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"pipe/pipeline/codegen"
	"pipe/specs"
)

// chromeStep is a step of the recorder of Chrome's DevTools.
type chromeStep struct {
	Type           string            `json:"type"`
	URL            string            `json:"url"`
	Target         string            `json:"target"`
	Selectors      []json.RawMessage `json:"selectors"`
	Value          string            `json:"value"`
	Key            string            `json:"key"`
	Frame          []int             `json:"frame"`
	Button         string            `json:"button"`
	Visible        *bool             `json:"visible"`
	Expression     string            `json:"expression"`
	AssertedEvents []struct {
		Type string `json:"type"`
		URL  string `json:"url"`
	} `json:"assertedEvents"`
}

func isChrome(_ []byte, top map[string]json.RawMessage) bool {
	return top["steps"] != nil && top["title"] != nil
}

// readChrome reads a recording of Chrome's DevTools, exported as JSON.
func readChrome(src []byte) (codegen.Recording, error) {
	var file struct {
		Steps json.RawMessage `json:"steps"`
	}
	if err := json.Unmarshal(src, &file); err != nil {
		return codegen.Recording{}, err
	}
	steps, lines, err := jsonItems(src, file.Steps)
	if err != nil {
		return codegen.Recording{}, fmt.Errorf("its steps: %w", err)
	}
	r := &chromeReader{tabs: map[string]int{}}
	r.rec.NoFiles = true
	for i, raw := range steps {
		var s chromeStep
		if err := json.Unmarshal(raw, &s); err != nil {
			return r.rec, fmt.Errorf("line %d: %w", lines[i], err)
		}
		r.step(s, lines[i])
	}
	return r.rec, nil
}

// chromeReader knows the tabs by their addresses.
type chromeReader struct {
	recorder
	tabs map[string]int
}

func (r *chromeReader) step(s chromeStep, line int) {
	a := codegen.Action{Tab: r.tab(s.Target), Locators: chromeLocators(s)}
	switch s.Type {
	case "navigate":
		a.Verb, a.Value, a.Locators = "goto", s.URL, nil
	case "click":
		a.Verb = "click"
		if s.Button != "" && s.Button != "primary" {
			r.note(line, "a click with the %s button is left out", s.Button)
			return
		}
	case "doubleClick":
		a.Verb, a.Value = "click", "2"
	case "hover":
		a.Verb = "hover"
	case "change":
		a.Verb, a.Value = "fill", s.Value
		if isSelect(s.Selectors) {
			a.Verb = "select"
		}
	case "keyDown":
		if len(s.Key) < 2 || s.Key == "Shift" || s.Key == "Control" || s.Key == "Alt" || s.Key == "Meta" {
			return // what it types is in the change that follows
		}
		a.Verb, a.Value = "press", s.Key
		if last := r.last(); last != nil && (last.Verb == "fill" || last.Verb == "select") {
			a.Locators = last.Locators
		}
	case "waitForElement":
		if s.Visible != nil && !*s.Visible {
			r.note(line, "waiting until %s is hidden is left out", shorten(string(s.Selectors[0])))
			return
		}
		a.Verb = "wait"
	case "keyUp", "setViewport", "close", "scroll", "emulateNetworkConditions":
		return
	default:
		r.note(line, "%q is left out: there is no step for it", shorten(s.Type+" "+s.Expression))
		return
	}
	if a.Verb != "goto" && a.Verb != "press" && len(a.Locators) == 0 {
		r.note(line, "%q is left out: it says not of which element", shorten(s.Type))
		return
	}
	r.add(a)
	for _, e := range s.AssertedEvents {
		if e.Type == "navigation" && a.Verb != "goto" {
			r.goes(e.URL)
		}
	}
}

// tab numbers the tab of a target: main, or a further tab by its address.
func (r *chromeReader) tab(target string) int {
	if target == "" || target == "main" {
		return 0
	}
	if _, known := r.tabs[target]; !known {
		r.tabs[target] = len(r.tabs) + 1
		if last := r.last(); last != nil && last.Effect.Tab == 0 {
			last.Effect.Tab = r.tabs[target]
		}
	}
	return r.tabs[target]
}

var (
	chromeRole = regexp.MustCompile(`^(.*)\[role="([a-z]+)"\]$`)
	selectWord = regexp.MustCompile(`(^|[\s>/"])select([\s.#\[:"]|$)|combobox|listbox`)
)

// isSelect tells whether selectors are of a field with options.
func isSelect(all []json.RawMessage) bool {
	for _, raw := range all {
		if selectWord.Match(raw) {
			return true
		}
	}
	return false
}

// chromeLocators reads alternatives, each a selector, or a list of those through shadow roots.
func chromeLocators(s chromeStep) []specs.LocatorText {
	var all []specs.LocatorText
	for _, raw := range s.Selectors {
		var parts []string
		if json.Unmarshal(raw, &parts) != nil {
			var one string
			if json.Unmarshal(raw, &one) != nil {
				continue
			}
			parts = []string{one}
		}
		l, ok := chromeLocator(parts, s.Type == "change")
		if !ok {
			continue
		}
		for _, n := range s.Frame {
			l.Frame = append(l.Frame, fmt.Sprintf(":is(iframe, frame) >> nth=%d", n))
		}
		all = append(all, l)
	}
	return inOrder(all)
}

// chromeLocator reads one selector. Those through shadow roots go through them by themselves
// here, so that the last part with the hosts before it is enough.
func chromeLocator(parts []string, field bool) (specs.LocatorText, bool) {
	if len(parts) == 0 {
		return specs.LocatorText{}, false
	}
	kind, value, has := strings.Cut(parts[len(parts)-1], "/")
	if !has {
		return css(strings.Join(parts, " ")), len(parts) > 0
	}
	switch kind {
	case "aria":
		if m := chromeRole.FindStringSubmatch(value); m != nil {
			return specs.LocatorText{Role: m[2], Name: m[1], Exact: m[1] != ""}, true
		}
		if field {
			return specs.LocatorText{Label: value, Exact: true}, value != ""
		}
		return specs.LocatorText{Text: value, Exact: true}, value != ""
	case "text":
		return specs.LocatorText{Text: value, Exact: true}, value != ""
	case "xpath":
		return xpath(value), true
	case "pierce":
		return css(value), true
	}
	return css(strings.Join(parts, " ")), true
}
