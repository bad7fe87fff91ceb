package expr

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// layoutParts are the parts of a date and Go's names for them, the longest of
// each letter first.
var layoutParts = []struct{ part, layout string }{
	{"YYYY", "2006"},
	{"YY", "06"},
	{"MMMM", "January"},
	{"MMM", "Jan"},
	{"MM", "01"},
	{"M", "1"},
	{"DDDD", "Monday"},
	{"DDD", "Mon"},
	{"DD", "02"},
	{"D", "2"},
	{"HH", "15"},
	{"hh", "03"},
	{"h", "3"},
	{"mm", "04"},
	{"ss", "05"},
	{"A", "PM"},
	{"Z", "Z07:00"},
}

// Layout makes Go's layout of one such as DD/MM/YYYY. Go's own, which has
// figures, stays as it is.
func Layout(text string) (string, error) {
	if text == "" {
		return "", errors.New("the layout is empty: write one such as DD/MM/YYYY")
	}
	if strings.ContainsAny(text, "0123456789") {
		return text, nil
	}
	var layout strings.Builder
	hours := strings.ContainsAny(text, "Hh")
	for rest := text; rest != ""; {
		size := 1
		for _, p := range layoutParts {
			if strings.HasPrefix(rest, p.part) {
				size = len(p.part)
				layout.WriteString(p.layout)
				rest = rest[size:]
				size = 0
				break
			}
		}
		if size == 0 {
			continue
		}
		if r := rune(rest[0]); unicode.IsLetter(r) && r != 'T' {
			return "", fmt.Errorf("%q is no part of a layout: use YYYY, YY, MMMM, MMM, MM, M, DDDD, DDD, DD, D, HH, hh, h, mm, ss, A and Z, as DD/MM/YYYY, or a layout of Go", rest[:1])
		}
		layout.WriteByte(rest[0])
		rest = rest[1:]
	}
	if strings.Contains(text, "mm") && !hours {
		return "", errors.New("mm are minutes, and there are no hours: months are MM")
	}
	return layout.String(), nil
}

// zoneOf gives a time zone; none is the machine's.
func zoneOf(name string) (*time.Location, error) {
	if name == "" {
		return time.Local, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("%q is no time zone: want one such as Europe/Berlin, or UTC", name)
	}
	return zone, nil
}

// plainDates are how computers write dates.
var plainDates = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly,
	time.RFC1123, time.RFC1123Z,
}

// dateOf reads a date, in its own zone or the one given, with the names of a
// locale's language if there is one.
func dateOf(text, layout, zone, locale string) (time.Time, error) {
	in, err := zoneOf(zone)
	if err != nil {
		return time.Time{}, err
	}
	layouts := plainDates
	if layout != "" {
		one, err := Layout(layout)
		if err != nil {
			return time.Time{}, err
		}
		layouts = []string{one}
	}
	text = strings.Join(strings.Fields(text), " ")
	for _, one := range layouts {
		if at, err := time.ParseInLocation(one, text, in); err == nil {
			return at, nil
		}
	}
	if locale != "" {
		one := ""
		if layout != "" {
			one = layouts[0]
		}
		if at, ok := ParseDate(text, one, locale); ok {
			return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, in), nil
		}
	}
	if layout == "" {
		return time.Time{}, fmt.Errorf("%.80q is no date such as 2026-12-31 or 2026-12-31 18:30: give its layout, as \"DD/MM/YYYY\"", text)
	}
	return time.Time{}, fmt.Errorf("%.80q is no date in the layout %s", text, layout)
}
