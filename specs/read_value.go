package specs

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Pattern is a regular expression.
type Pattern struct{ re *regexp.Regexp }

func (p *Pattern) decodeNode(d *decoder, n *yaml.Node, _ cursor) {
	re, err := regexp.Compile(n.Value)
	if n.Kind != yaml.ScalarNode || n.Value == "" || err != nil {
		reason := document.Describe(n)
		if err != nil {
			reason = strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		}
		d.Fault(n, `want a regular expression such as "([0-9]+) miles": %s`, reason)
		return
	}
	p.re = re
}

// DateFormat is how a date is written: DD.MM.YYYY.
type DateFormat struct {
	layout string
	// timed tells whether there is a time of day in it.
	timed bool
}

func (f *DateFormat) decodeNode(d *decoder, n *yaml.Node, _ cursor) {
	if n.Kind != yaml.ScalarNode {
		d.Fault(n, "want the format of a date such as DD.MM.YYYY or MMM D, YYYY, not %s", document.Describe(n))
		return
	}
	layout, err := expr.Layout(n.Value)
	if err != nil {
		d.Fault(n, "%v", err)
		return
	}
	some := time.Date(2003, time.November, 25, 22, 45, 57, 0, time.UTC)
	read, err := time.Parse(layout, some.Format(layout))
	if err != nil || read.Format(time.DateOnly) != some.Format(time.DateOnly) {
		d.Fault(n, "want the format of a date such as DD.MM.YYYY or MMM D, YYYY, not %s", document.Describe(n))
		return
	}
	f.layout, f.timed = layout, read.Hour() != 0
}

// point is the mark before decimals of a number, "" when it is to be found.
func (r Read) point(text string) string {
	switch {
	case r.Decimal == "comma":
		return ","
	case r.Decimal != "" || !expr.Ambiguous(text, r.Type):
		return r.Decimal
	}
	point := expr.PointOf(r.locale())
	if point == "" {
		r.context.doubt(r.place, fmt.Sprintf("%q can be thousands, or have three decimals: say which by decimal, or by locale", text))
	}
	return point
}

// makeRows makes the values of a list's rows.
func (r Read) makeRows(v any) (any, error) {
	rows, are := v.([]any)
	if r.RowsOf == nil || !are {
		return v, nil
	}
	out := make([]any, len(rows))
	for i, row := range rows {
		fields, is := row.(map[string]any)
		if !is {
			return v, nil
		}
		made, err := r.RowsOf.Fields.Make(fields)
		if err != nil {
			return nil, fmt.Errorf("has in row %d: %w", i+1, err)
		}
		out[i] = made
	}
	return out, nil
}

// Make makes of the values of a row what the spec wants of each.
func (fs Fields) Make(row map[string]any) (map[string]any, error) {
	out := maps.Clone(row)
	for _, f := range fs {
		v, err := f.Read.Make(row[f.Name])
		if err != nil {
			return nil, fmt.Errorf("%s %w (%s)", f.Name, err, f.Pos)
		}
		out[f.Name] = v
	}
	return out, nil
}

// Make makes of what was read what the spec wants: the part that match finds,
// as the type. What is empty stays so, unless it is required; what does not fit
// is a *ValueError.
func (r Read) Make(v any) (any, error) {
	if list := reflect.ValueOf(v); list.Kind() == reflect.Slice {
		if r.Required && list.Len() == 0 {
			return nil, &expr.ValueError{Reason: "is an empty list, and required", Missing: true}
		}
		return r.makeRows(v)
	}
	text := strings.TrimSpace(expr.PlainText(v))
	if text != "" && r.Match.re != nil {
		found := r.Match.re.FindStringSubmatch(text)
		if found == nil {
			return nil, &expr.ValueError{Reason: fmt.Sprintf("is %.80q, which does not match %s", text, r.Match.re)}
		}
		text = strings.TrimSpace(found[min(1, len(found)-1)])
		v = text
	}
	switch {
	case text == "" && r.Required:
		return nil, &expr.ValueError{Reason: "is empty, and required", Missing: true}
	case text == "" && r.Type != "":
		return nil, nil
	}
	switch r.Type {
	case "int":
		return whole(text, r.point(text))
	case "number", "money":
		return expr.Decimal(text, r.Type, r.point(text))
	case "date":
		return date(text, r.Format, r.locale())
	case "bool":
		return truth(text)
	case "text":
		return text, nil
	default:
		return v, nil
	}
}

func whole(text, point string) (any, error) {
	v, err := expr.Decimal(text, "int", point)
	if err != nil {
		return nil, err
	}
	f, _ := v.(float64)
	if f != float64(int64(f)) || f >= 1<<53 || f <= -1<<53 {
		return nil, &expr.ValueError{Reason: fmt.Sprintf("is %.80q, no whole number", text)}
	}
	return int64(f), nil
}

// truths are the words for true and false.
var truths = map[string]bool{
	"true": true, "yes": true, "on": true, "y": true, "t": true, "1": true,
	"false": false, "no": false, "off": false, "n": false, "f": false, "0": false,
}

func truth(text string) (any, error) {
	holds, known := truths[strings.ToLower(text)]
	if !known {
		return nil, &expr.ValueError{Reason: fmt.Sprintf("is %.80q, neither yes nor no", text)}
	}
	return holds, nil
}

// Kind is the sort of values that the field has: int, number, money, date, time
// (a date with a time of day), bool, text, or "" when nobody can tell.
func (r Read) Kind() string {
	switch {
	case r.Type == "date" && r.Format.timed:
		return "time"
	case r.Type != "":
		return r.Type
	case r.Match.re != nil || r.TextOf.Given() || r.ValueOf.Given() || r.AttrOf != nil:
		return "text"
	case r.CountOf.Given():
		return "int"
	default:
		return r.Value.Kind()
	}
}

// date gives a date as 2006-01-02, with a time of day as 2006-01-02T15:04:05.
func date(text string, f DateFormat, locale string) (any, error) {
	as := time.DateOnly
	if f.timed {
		as = "2006-01-02T15:04:05"
	}
	at, ok := expr.ParseDate(text, f.layout, locale)
	switch {
	case ok:
	case f.layout == "":
		return nil, &expr.ValueError{Reason: fmt.Sprintf("is %.80q, no date such as 2026-12-31: give its format, or the locale of its words", text)}
	default:
		return nil, &expr.ValueError{Reason: fmt.Sprintf("is %.80q, no date of its format", text)}
	}
	return at.Format(as), nil
}
