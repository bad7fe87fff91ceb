package formats

import (
	"strings"

	"pipe/pipeline/codegen"
	"pipe/specs"
)

// verbsOf are the steps that do what the driver's calls do.
var verbsOf = map[string]string{
	"goto": "goto", "click": "click", "dblclick": "click", "fill": "fill", "type": "type", "pressSequentially": "type", "press": "press",
	"check": "check", "uncheck": "check", "setChecked": "check", "selectOption": "select", "hover": "hover", "setInputFiles": "upload", "waitForSelector": "wait",
	"tap": "click", "clear": "fill", "waitFor": "wait",
}

// actionOf reads what is done with an element, or by its selector, as in page.fill('#a', 'x').
func actionOf(to []link, l link) (codegen.Action, bool) {
	a := codegen.Action{Verb: verbsOf[l.name]}
	args := l.args
	if a.Verb == "" {
		return a, false
	}
	if a.Verb == "goto" {
		if len(args) == 0 || !args[0].known {
			return a, false
		}
		a.Value = args[0].text
		return a, true
	}
	selector := selectorOf(to)
	atEnd := len(to) == 0 || strings.HasSuffix(selector, enterFrame)
	if atEnd {
		if len(args) == 0 || !args[0].known || args[0].text == "" {
			return a, false
		}
		selector = strings.TrimPrefix(selector+" >> "+args[0].text, " >> ")
		args = args[1:]
	}
	if selector == "" {
		return a, false
	}
	a.Locators = []specs.LocatorText{specs.LocatorOf(selector)}
	switch l.name {
	case "dblclick":
		a.Value = "2"
	case "uncheck":
		a.Value = "false"
	case "click":
		if button := l.named["button"].text; button != "" && button != "left" {
			return a, false
		}
	case "fill", "type", "pressSequentially", "press", "selectOption", "setInputFiles":
		v := value{}
		if len(args) > 0 {
			v = args[0]
		}
		for _, name := range []string{"value", "label"} { // selectOption({label: 'Main'})
			if named, is := l.named[name]; is && len(args) == 0 {
				v = named
			}
		}
		if len(v.list) == 1 {
			v = v.list[0]
		}
		if !v.known || v.regexp || v.chain != nil || len(v.list) > 0 {
			return a, false
		}
		a.Value = v.text
	}
	return a, true
}
