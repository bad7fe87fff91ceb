package htmlpage

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mostOf is how many characters a field takes, -1 for any number.
func mostOf(n *html.Node) int {
	if most, err := strconv.Atoi(attr(n, "maxlength")); err == nil && most >= 0 {
		return most
	}
	return -1
}

// invalid says why a browser would not send a form, "" where it would.
func (d *document) invalid(form *html.Node) string {
	for _, f := range d.controls(form) {
		if isDisabled(f) || buttonKind(f) != "" || has(f, "readonly") || f.DataAtom == atom.Input && kindOf(f) == "hidden" {
			continue
		}
		value, name := d.valueOf(f), attr(f, "name")
		if has(f, "required") && (isBox(f) && !d.isTickedInGroup(f) || !isBox(f) && value == "") {
			return fmt.Sprintf("the field %q is required, and empty", name)
		}
		if f.DataAtom != atom.Input || value == "" {
			continue
		}
		if p, given := lookup(f, "pattern"); given && textKinds[kindOf(f)] {
			if re, err := regexp.Compile("^(?:" + p + ")$"); err != nil || !re.MatchString(value) {
				return fmt.Sprintf("the field %q is to match %q", name, p)
			}
		}
		if fault := outOfRange(f, value); fault != "" {
			return fmt.Sprintf("the field %q %s", name, fault)
		}
	}
	return ""
}

func (d *document) isTickedInGroup(f *html.Node) bool {
	if kindOf(f) != "radio" {
		return d.isTicked(f)
	}
	for _, one := range d.group(f) {
		if d.isTicked(one) {
			return true
		}
	}
	return false
}

// outOfRange says what is wrong with a field of a kind that has a form of its own.
func outOfRange(f *html.Node, value string) string {
	switch kindOf(f) {
	case "email":
		if at := strings.IndexByte(value, '@'); at < 1 || at == len(value)-1 || strings.ContainsAny(value, " \t") {
			return "is no mail address"
		}
	case "url":
		if u, err := url.Parse(value); err != nil || u.Scheme == "" {
			return "is no address"
		}
	case "number", "range":
		v, err := strconv.ParseFloat(value, 64)
		least, noLeast := strconv.ParseFloat(attr(f, "min"), 64)
		most, noMost := strconv.ParseFloat(attr(f, "max"), 64)
		if err != nil || noLeast == nil && v < least || noMost == nil && v > most {
			return "is out of its range"
		}
	case "date", "month", "week", "time", "datetime-local":
		if least, most := attr(f, "min"), attr(f, "max"); least != "" && value < least || most != "" && value > most {
			return "is out of its range"
		}
	}
	return ""
}
