package expr

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Address is a template of a web address. A value in it is data: it is escaped
// for the place where it stands, so that it changes nothing of the address
// around it. Taken as they are: a value at the beginning, which may be a whole
// address or what addresses begin with, and one that the spec calls raw.
type Address struct{ Template }

// Location is a template of a file's path, or of an address, which is told by
// its beginning. An address is as Address is; a path has its values as they are.
type Location struct{ Template }

// absolute is the beginning of an address that says where it leads.
var absolute = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)

// Text evaluates the address.
func (a Address) Text(values Values) (string, error) {
	return a.text(values, func(before string) bool { return before != "" })
}

// text evaluates the address. escapes tells by what there is of it whether the
// values that follow are escaped.
func (a Address) text(values Values, escapes func(before string) bool) (string, error) {
	var out strings.Builder
	for i, p := range a.parts {
		if p.program == nil {
			out.WriteString(p.text)
			continue
		}
		v, err := run(p, values)
		if err != nil {
			return "", err
		}
		text := PlainText(v)
		if !p.raw && escapes(out.String()) {
			if text, err = escaped(text, placeOf(out.String(), a.after(i))); err != nil {
				return "", &EvalError{Code: p.text, Err: err}
			}
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

// Value evaluates the address: a text.
func (a Address) Value(values Values) (any, error) { return a.Text(values) }

// Text evaluates the location. Its values are escaped from where it turns out to
// be an address, be it by a value.
func (l Location) Text(values Values) (string, error) {
	return Address(l).text(values, absolute.MatchString)
}

// Value evaluates the location: a text.
func (l Location) Value(values Values) (any, error) { return l.Text(values) }

// Origin gives scheme and host that the spec itself writes at the beginning, ""
// where it does not, or not in full.
func (a Address) Origin() string {
	if len(a.parts) == 0 || a.parts[0].expression {
		return ""
	}
	text := a.parts[0].text
	start := absolute.FindString(text)
	end := strings.IndexAny(text[len(start):], "/?#")
	switch {
	case start == "":
		return ""
	case end >= 0:
		return text[:len(start)+end]
	case len(a.parts) == 1:
		return text
	default:
		return "" // a value goes on with the host
	}
}

// after gives the literal text after a part.
func (a Address) after(i int) string {
	var out strings.Builder
	for _, p := range a.parts[i+1:] {
		if p.program == nil {
			out.WriteString(p.text)
		}
	}
	return out.String()
}

// place is where in an address a value stands.
type place int

const (
	inPath place = iota
	inUser
	inHost
	inQuery
	inFragment
)

// placeOf tells the place after what there is of an address, and before more.
func placeOf(before, after string) place {
	start := absolute.FindString(before)
	rest := before[len(start):]
	switch {
	case strings.Contains(rest, "#"):
		return inFragment
	case strings.Contains(rest, "?"):
		return inQuery
	case start == "" || strings.Contains(rest, "/"):
		return inPath
	}
	if end := strings.IndexAny(after, "/?#"); end >= 0 {
		after = after[:end]
	}
	if strings.Contains(after, "@") {
		return inUser
	}
	return inHost
}

// browsers leaves what encodeURIComponent does not escape.
var browsers = strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")

// hostChars are what a host, or its port, may be of.
var hostChars = regexp.MustCompile(`^[\p{L}\p{N}.:\[\]_-]*$`)

func escaped(text string, at place) (string, error) {
	switch at {
	case inHost:
		if !hostChars.MatchString(text) {
			return "", fmt.Errorf("%.80q is no part of a host", text)
		}
		return text, nil
	case inPath:
		// Browsers take these for steps up the path in any form.
		if text == "." || text == ".." {
			return "", fmt.Errorf("%q cannot stand in the path of an address", text)
		}
		return browsers.Replace(url.PathEscape(text)), nil
	default:
		// A space is + in forms alone.
		return browsers.Replace(strings.ReplaceAll(url.QueryEscape(text), "+", "%20")), nil
	}
}
