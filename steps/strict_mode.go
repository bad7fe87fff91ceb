package steps

import (
	"fmt"
	"regexp"
	"strings"
)

// maxMatches is how many elements are named of those that a selector matches.
const maxMatches = 4

var (
	// matchLine is how the driver names one of several elements, and a locator that
	// finds it alone.
	matchLine = regexp.MustCompile(`^\s*\d+\) (.+?) aka (.+)$`)
	akaCall   = regexp.MustCompile(`^(getBy\w+|locator)\((?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")(?:, \{(.*)\})?\)(?:\.(first)\(\)|\.nth\((\d+)\))?$`)
	akaName   = regexp.MustCompile(`name: '((?:[^'\\]|\\.)*)'`)
)

// akaKeys are the keys of a target by the driver's names for them.
var akaKeys = map[string]string{
	"getByRole": "role", "getByText": "text", "getByLabel": "label", "getByPlaceholder": "placeholder", "getByTestId": "test_id", "locator": "selector",
}

// strictMatches gives the elements that a driver's error tells of where one was
// wanted, each with a target that finds it alone; "" for another error.
func strictMatches(text string) string {
	if !strings.Contains(text, "strict mode violation") {
		return ""
	}
	var all []string
	for line := range strings.Lines(text) {
		m := matchLine.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil || len(all) == maxMatches {
			continue
		}
		one := Printable(m[1])
		if target := targetOfLocator(m[2]); target != "" {
			one += ", which is " + Printable(target)
		}
		all = append(all, one)
	}
	return strings.Join(all, "; ")
}

// targetOfLocator writes a driver's locator as a target of a spec; "" where there is
// none so simple.
func targetOfLocator(locator string) string {
	m := akaCall.FindStringSubmatch(strings.TrimSpace(locator))
	if m == nil || akaKeys[m[1]] == "" {
		return ""
	}
	plain := strings.NewReplacer(`\'`, `'`, `\"`, `"`, `\\`, `\`)
	parts := []string{fmt.Sprintf("%s: %q", akaKeys[m[1]], plain.Replace(m[2]+m[3]))}
	if name := akaName.FindStringSubmatch(m[4]); name != nil {
		parts = append(parts, fmt.Sprintf("name: %q", plain.Replace(name[1])))
	}
	if strings.Contains(m[4], "exact: true") {
		parts = append(parts, "exact: true")
	}
	switch {
	case m[5] != "":
		parts = append(parts, "nth: 0")
	case m[6] != "":
		parts = append(parts, "nth: "+m[6])
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
