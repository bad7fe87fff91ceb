package formats

import (
	"slices"
	"strconv"
	"strings"
)

// attributesOf are the attributes that getBy… looks at.
var attributesOf = map[string]string{"getByPlaceholder": "placeholder", "getByAltText": "alt", "getByTitle": "title"}

// makesLocator are the names in a chain that lead to an element.
var makesLocator = []string{
	"getByRole", "getByText", "getByLabel", "getByPlaceholder", "getByAltText", "getByTitle", "getByTestId",
	"locator", "frameLocator", "contentFrame", "frame", "filter", "first", "last", "nth", "owner", "mainFrame",
}

// selectorOf gives the driver's selector of what leads to an element, "" for a way that
// cannot be written as one.
func selectorOf(links []link) string {
	var parts []string
	for _, l := range links {
		part, ok := selectorPart(l)
		if !ok {
			return ""
		}
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " >> ")
}

const enterFrame = "internal:control=enter-frame"

func selectorPart(l link) (string, bool) {
	var first value
	if len(l.args) > 0 {
		first = l.args[0]
	}
	needs := first.known && (first.text != "" || first.regexp)
	exact := l.named["exact"].text == "true" || l.named["exact"].text == "True"
	switch l.name {
	case "mainFrame":
		return "", true
	case "contentFrame":
		return enterFrame, true
	case "first":
		return "nth=0", true
	case "last":
		return "nth=-1", true
	case "nth":
		_, err := strconv.Atoi(first.text)
		return "nth=" + first.text, err == nil
	case "locator":
		return strings.TrimSpace(first.text) + optionsPart(l), needs
	case "frameLocator":
		return first.text + " >> " + enterFrame, needs
	case "frame":
		name := l.named["name"].text + first.text
		return ":is(iframe, frame)[name=" + quote(name) + "] >> " + enterFrame, name != ""
	case "getByRole":
		return rolePart(l, first, exact), needs && plainName.MatchString(first.text)
	case "getByText":
		return "internal:text=" + matching(first, exact), needs
	case "getByLabel":
		return "internal:label=" + matching(first, exact), needs
	case "getByTestId":
		return "internal:testid=[data-testid=" + matching(first, true) + "]", needs
	case "getByPlaceholder", "getByAltText", "getByTitle":
		return "internal:attr=[" + attributesOf[l.name] + "=" + matching(first, exact) + "]", needs
	case "filter":
		part := strings.TrimPrefix(optionsPart(l), " >> ")
		return part, part != ""
	}
	return "", false
}

func rolePart(l link, role value, exact bool) string {
	name, has := l.named["name"]
	if !has || !name.known {
		return "internal:role=" + role.text
	}
	if name.regexp {
		return "role=" + role.text + "[name=" + matching(name, exact) + "]"
	}
	return "internal:role=" + role.text + "[name=" + matching(name, exact) + "]"
}

// matching writes a text or a regular expression as selectors have them.
func matching(v value, exact bool) string {
	switch {
	case v.regexp:
		return v.text
	case exact:
		return quote(v.text) + "s"
	}
	return quote(v.text) + "i"
}

// optionsPart writes hasText, has and their kin.
func optionsPart(l link) string {
	var out strings.Builder
	for _, name := range []string{"hasText", "hasNotText"} {
		if v, is := l.named[name]; is && v.known {
			out.WriteString(" >> internal:" + map[string]string{"hasText": "has-text", "hasNotText": "has-not-text"}[name] + "=" + matching(v, false))
		}
	}
	for _, name := range []string{"has", "hasNot"} {
		v, is := l.named[name]
		if !is || v.chain == nil {
			continue
		}
		if inner := selectorOf(v.chain.links); inner != "" {
			out.WriteString(" >> internal:" + map[string]string{"has": "has", "hasNot": "has-not"}[name] + "=" + quote(inner))
		}
	}
	return out.String()
}

// leads splits a chain into what leads to an element, and what is done with it.
func leads(links []link) (to, do []link) {
	at := slices.IndexFunc(links, func(l link) bool { return !slices.Contains(makesLocator, l.name) })
	if at < 0 {
		return links, nil
	}
	return links[:at], links[at:]
}
