package formats

import (
	"encoding/json"
	"regexp"
	"strings"

	"pipe/specs"
)

// css, xpath and so on are locators of one kind.
func css(selector string) specs.LocatorText { return specs.LocatorText{Selector: selector} }

func xpath(path string) specs.LocatorText {
	if !strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "..") {
		path = "xpath=" + path
	}
	return specs.LocatorText{Selector: path}
}

// attribute finds an element by an attribute.
func attribute(tag, name, value string) specs.LocatorText {
	return css(tag + "[" + name + "=" + quote(value) + "]")
}

// byID finds an element by its id, which may have signs that mean something in CSS.
func byID(id string) specs.LocatorText {
	if plainName.MatchString(id) {
		return css("#" + id)
	}
	return attribute("", "id", id)
}

var plainName = regexp.MustCompile(`^[A-Za-z_][\w-]*$`)

// quote writes a text in quotes for a selector.
func quote(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(out))
}

// linkText finds a link by its text.
func linkText(text string) specs.LocatorText {
	return specs.LocatorText{Role: "link", Name: strings.TrimPrefix(text, "exact:"), Exact: true}
}

// seleniumLocator reads a target of Selenium IDE and its kin; false for one that is none.
func seleniumLocator(target string) (specs.LocatorText, bool) {
	kind, value, has := strings.Cut(target, "=")
	switch {
	case strings.HasPrefix(target, "/") || strings.HasPrefix(target, "(/"):
		return xpath(target), true
	case !has || strings.TrimSpace(value) == "":
		return specs.LocatorText{}, false
	}
	switch strings.ToLower(kind) {
	case "id":
		return byID(value), true
	case "name":
		return attribute("", "name", value), true
	case "css":
		return css(value), true
	case "xpath":
		return xpath(value), true
	case "link", "linktext":
		return linkText(value), true
	case "partiallinktext":
		return specs.LocatorText{Role: "link", Name: value}, true
	case "class", "classname":
		return css("." + value), true
	}
	return specs.LocatorText{}, false
}

// isPosition tells whether a locator goes by places alone, so that others go before.
func isPosition(l specs.LocatorText) bool { return places.MatchString(l.Selector) }

var places = regexp.MustCompile(`\[\d+\]|:nth-|^xpath=/html|^//(div|table|form|body)\b`)

// inOrder puts locators that go by places behind the others.
func inOrder(all []specs.LocatorText) []specs.LocatorText {
	var steady, poor []specs.LocatorText
	for _, l := range all {
		if isPosition(l) {
			poor = append(poor, l)
		} else {
			steady = append(steady, l)
		}
	}
	return append(steady, poor...)
}
