package formats

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"pipe/pipeline/codegen"
	"pipe/specs"
)

// command is one of Selenium IDE, or of UI.Vision, whose commands are of the same origin.
type command struct {
	Command, Target, Value string
	Targets                []string
	OpensWindow            bool
	Handle                 string
}

func isSelenium(_ []byte, top map[string]json.RawMessage) bool {
	return top["tests"] != nil && top["url"] != nil
}

// readSelenium reads a project of Selenium IDE: its first test.
func readSelenium(src []byte) (codegen.Recording, error) {
	var file struct {
		URL   string `json:"url"`
		Tests []struct {
			Name     string          `json:"name"`
			Commands json.RawMessage `json:"commands"`
		} `json:"tests"`
	}
	if err := json.Unmarshal(src, &file); err != nil {
		return codegen.Recording{}, err
	}
	if len(file.Tests) == 0 {
		return codegen.Recording{}, fmt.Errorf("it has no tests")
	}
	r := &commandReader{base: file.URL, windows: map[string]int{"root": 0}}
	r.rec.NoFiles = true
	items, lines, err := jsonItems(src, file.Tests[0].Commands)
	if err != nil {
		return r.rec, fmt.Errorf("its commands: %w", err)
	}
	for i, raw := range items {
		var c struct {
			Command     string     `json:"command"`
			Target      string     `json:"target"`
			Value       string     `json:"value"`
			Targets     [][]string `json:"targets"`
			OpensWindow bool       `json:"opensWindow"`
			Handle      string     `json:"windowHandleName"`
		}
		if err := json.Unmarshal(raw, &c); err != nil {
			return r.rec, fmt.Errorf("line %d: %w", lines[i], err)
		}
		all := command{Command: c.Command, Target: c.Target, Value: c.Value, OpensWindow: c.OpensWindow, Handle: c.Handle}
		for _, target := range c.Targets {
			if len(target) > 0 {
				all.Targets = append(all.Targets, target[0])
			}
		}
		r.command(all, lines[i])
	}
	for _, other := range file.Tests[1:] {
		r.note(lineOf(src, int64(strings.Index(string(src), other.Name))), "the test %q is left out: the first one alone is read", shorten(other.Name))
	}
	return r.rec, nil
}

// commandReader goes through commands: which frame and window they are in, and what the next
// click brings.
type commandReader struct {
	recorder
	base    string
	frame   []string
	windows map[string]int
	tab     int
	// file is what the next click brings, as the macro says.
	file *codegen.File
}

// ignored are commands that a spec needs no step for.
var ignored = map[string]bool{
	"": true, "setWindowSize": true, "storeWindowHandle": true, "mouseOut": true, "mouseUp": true, "mouseDown": true, "echo": true,
	"comment": true, "mouseUpAt": true, "mouseDownAt": true, "mouseMoveAt": true, "setSpeed": true, "close": true,
}

func (r *commandReader) command(c command, line int) {
	name := strings.TrimSuffix(c.Command, "AndWait")
	if strings.HasPrefix(name, "//") || ignored[name] {
		return
	}
	switch name {
	case "open":
		r.add(codegen.Action{Verb: "goto", Value: r.join(c.Target), Tab: r.tab})
		return
	case "selectFrame":
		r.selectFrame(c.Target, line)
		return
	case "selectWindow":
		r.selectWindow(c.Target)
		return
	case "onDownload", "ONDOWNLOAD":
		r.file = &codegen.File{Name: c.Target}
		return
	}
	if r.dialog(name) {
		return
	}
	a := codegen.Action{Tab: r.tab, Locators: r.locators(c)}
	if a.Verb, a.Value = commandVerb(name, c); a.Verb == "" {
		r.note(line, "%q is left out: there is no step for it", shorten(c.Command+" "+c.Target))
		return
	}
	if len(a.Locators) == 0 {
		r.note(line, "%q is left out: its target is of a kind that there is no step for", shorten(c.Command+" "+c.Target))
		return
	}
	if keys := sentKey.FindStringSubmatch(a.Value); keys != nil && a.Verb == "fill" {
		if text := sentKey.ReplaceAllString(a.Value, ""); text != "" {
			typed := a
			typed.Value = text
			r.add(typed)
		}
		a.Verb, a.Value = "press", keyNames[keys[1]]
		if a.Value == "" {
			r.note(line, "the key %q is left out", keys[1])
			return
		}
	}
	if c.OpensWindow {
		r.windows[c.Handle] = len(r.windows)
		a.Effect.Tab = r.windows[c.Handle]
	}
	if a.Verb == "click" {
		a.Effect.File, r.file = r.file, nil
	}
	r.add(a)
}

// commandVerb gives the verb and the value of a command; "" for one that there is no step for.
func commandVerb(name string, c command) (verb, value string) {
	switch name {
	case "click", "clickAt":
		return "click", ""
	case "doubleClick", "doubleClickAt":
		return "click", "2"
	case "type", "sendKeys":
		return "fill", c.Value
	case "select", "addSelection":
		kind, option, has := strings.Cut(c.Value, "=")
		if !has || kind == "index" {
			option = c.Value
		}
		return "select", option
	case "check":
		return "check", ""
	case "uncheck":
		return "check", "false"
	case "mouseOver":
		return "hover", ""
	case "waitForElementVisible", "waitForElementPresent", "assertElementPresent", "verifyElementPresent", "waitForVisible":
		return "wait", ""
	case "assertText", "verifyText", "waitForText":
		return "wait", c.Value
	}
	return "", ""
}

// dialog reads how a dialog is answered: of the last action, which has brought it up.
func (r *commandReader) dialog(name string) bool {
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(lower, "assertconfirmation"), strings.HasPrefix(lower, "assertalert"):
		return true
	case strings.Contains(lower, "choosecancel"), strings.Contains(lower, "chooseok"), strings.Contains(lower, "acceptalert"), strings.Contains(lower, "acceptconfirmation"):
		if last := r.last(); last != nil {
			last.Effect.Dialog, last.Effect.Accepted = "a dialog", !strings.Contains(lower, "cancel")
		}
		return true
	}
	return false
}

func (r *commandReader) selectFrame(target string, line int) {
	kind, value, _ := strings.Cut(target, "=")
	switch {
	case kind == "relative" && value == "parent":
		r.frame = r.frame[:max(0, len(r.frame)-1)]
	case kind == "relative" || target == "":
		r.frame = nil
	case kind == "index":
		r.frame = append(r.frame[:len(r.frame):len(r.frame)], ":is(iframe, frame) >> nth="+value)
	default:
		l, ok := seleniumLocator(target)
		if !ok || l.Selector == "" {
			r.note(line, "the frame %q is left out: it is not known how to find it", shorten(target))
			return
		}
		r.frame = append(r.frame[:len(r.frame):len(r.frame)], l.Selector)
	}
}

// selectWindow goes to a window: handle=${root} of Selenium IDE, tab=1 of UI.Vision.
func (r *commandReader) selectWindow(target string) {
	kind, value, _ := strings.Cut(target, "=")
	value = strings.TrimSuffix(strings.TrimPrefix(value, "${"), "}")
	r.frame = nil
	number, known := r.windows[value]
	if !known && kind == "tab" && strings.Trim(value, "0123456789") == "" {
		if _, err := fmt.Sscan(value, &number); err != nil {
			number = 0
		}
		known = true
	}
	if !known {
		number = 0
		if value != "root" && len(r.windows) > 0 {
			r.windows[value] = 0
		}
	}
	if last := r.last(); kind == "tab" && number > r.tab && last != nil && last.Effect.Tab == 0 {
		last.Effect.Tab = number
	}
	r.tab = number
}

// locators gives the alternatives of a command's target, the target itself first among equals.
func (r *commandReader) locators(c command) []specs.LocatorText {
	var all []specs.LocatorText
	for _, target := range append([]string{c.Target}, c.Targets...) {
		l, ok := seleniumLocator(target)
		if !ok {
			continue
		}
		l.Frame = r.frame
		all = append(all, l)
	}
	return inOrder(all)
}

// join makes an address of one that may be relative to the project's.
func (r *commandReader) join(address string) string {
	base, err := url.Parse(r.base)
	if err != nil {
		return address
	}
	u, err := base.Parse(address)
	if err != nil {
		return address
	}
	return u.String()
}
