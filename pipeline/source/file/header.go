package file

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pipe/specs"
)

// headerWithin is how many records a header is looked for in.
const headerWithin = 60

// headerOptions tell where the names of columns are.
type headerOptions struct {
	// at is the header's line; 0 means to find out.
	at int
	// names are the columns' where the file has no header.
	names []string
	// wanted are the columns that there must be: the header is the record that has
	// them.
	wanted []string
	// what is read, and unit is what its records are, for people.
	what, unit string
}

// header is where the names of columns were found.
type header struct {
	names []string
	// line is its first line, and after is the index of the first record below.
	line, after int
	// above are the first fields of the records before it.
	above []string
	// joined is true where two records were made into one.
	joined bool
	// sure is false where the records alone did not tell.
	sure bool
}

// find finds the header among a file's first records.
//
// The record with the wanted columns is the header, wherever it stands. Else it is
// the first record, if those below it fit it; else the first that looks like
// names, is wider than all above it, and fits what is below. When there is none,
// a person must say which: a row of the list taken for the header would be
// missing, and nobody would notice.
func (o headerOptions) find(rows []record) (header, error) {
	if o.at > 0 {
		if rows[0].line != o.at {
			return header{}, &noHeaderError{fmt.Sprintf("the header %s %d is empty, or within another: the next is %d", o.unit, o.at, rows[0].line)}
		}
		found := headerAt(rows, 0, false)
		found.sure = true
		return found, nil
	}
	if len(o.wanted) > 0 {
		if found, is := o.withWanted(rows); is {
			return found, nil
		}
	}
	if joins(rows, 0, true) {
		return headerAt(rows, 0, true), nil
	}
	if wider := widerBelow(rows, 0); wider*2 <= len(rows)-1 && !pairs(rows[0]) {
		found := headerAt(rows, 0, false)
		found.sure = wider == 0 || wider*10 < len(rows)
		return found, nil
	}
	for i := 1; i < len(rows); i++ {
		if looksLikeHeader(rows, i) {
			return headerAt(rows, i, joins(rows, i, true)), nil
		}
	}
	return header{}, &unclearHeaderError{fmt.Sprintf("which %s of %s has the columns' names is not clear: those below it do not fit %s %d (%.60q); give its number, as header: 6",
		o.unit, o.what, o.unit, rows[0].line, strings.Join(rows[0].fields, " "))}
}

// noHeaderError says that there is no header in a file, or not where it is to be.
type noHeaderError struct{ reason string }

func (e *noHeaderError) Error() string { return e.reason }

// unclearHeaderError says that a file's records do not tell which is the header.
type unclearHeaderError struct{ reason string }

func (e *unclearHeaderError) Error() string { return e.reason }

// withWanted finds the header by the columns that it must have.
func (o headerOptions) withWanted(rows []record) (found header, is bool) {
	for i := range rows {
		for _, joined := range []bool{true, false} {
			if joined && !joins(rows, i, false) {
				continue
			}
			h := headerAt(rows, i, joined)
			if !hasColumns(h.names, o.wanted) {
				continue
			}
			if fits := widerBelow(rows, i)*2 <= len(rows)-1-i; fits || !is {
				found, is = h, true
				if found.sure = true; fits {
					return found, true
				}
			}
		}
	}
	return found, is
}

// hasColumns tells whether a header names all the columns.
func hasColumns(names, wanted []string) bool {
	if len(names) < 1 {
		return false
	}
	there := map[string]bool{}
	for _, c := range specs.TableColumns(names) {
		there[c.Header], there[c.Ident] = true, true
	}
	return !slices.ContainsFunc(wanted, func(name string) bool { return !there[name] })
}

func headerAt(rows []record, i int, joined bool) header {
	h := header{names: rows[i].fields, line: rows[i].line, after: i + 1, joined: joined}
	if joined {
		h.names, h.after = joinedNames(rows[i].fields, rows[i+1].fields), i+2
	}
	for _, rec := range rows[:i] {
		for _, field := range rec.fields {
			if !isBlank(field) {
				h.above = append(h.above, strings.TrimSpace(field))
				break
			}
		}
	}
	return h
}

// widerBelow counts the records below one that have more fields than it.
func widerBelow(rows []record, i int) int {
	wider, width := 0, rows[i].width()
	for _, rec := range rows[i+1:] {
		if rec.width() > width {
			wider++
		}
	}
	return wider
}

// value is what is no name: a number, an amount, a date.
var value = regexp.MustCompile(`^[\s\p{Sc}+(\-]*\d[\d.,:/\s%)'’\-]*(?:\s?(?:\p{Sc}|[A-Z]{3}))?$`)

// pairs tells whether a record is a name and its value, as stands above tables.
func pairs(rec record) bool {
	return rec.width() == 2 && strings.HasSuffix(strings.TrimSpace(rec.fields[0]), ":")
}

// looksLikeHeader tells whether a record that is not the first must be the header.
func looksLikeHeader(rows []record, i int) bool {
	width := rows[i].width()
	if width < 2 || pairs(rows[i]) {
		return false
	}
	seen := map[string]bool{}
	for _, field := range rows[i].fields[:width] {
		field = strings.TrimSpace(field)
		if field == "" || seen[field] || value.MatchString(field) {
			return false
		}
		seen[field] = true
	}
	for _, rec := range rows[:i] {
		if rec.width() >= width {
			return false
		}
	}
	full := slices.ContainsFunc(rows[i+1:], func(rec record) bool { return rec.width() == width })
	return full && widerBelow(rows, i)*4 <= len(rows)-1-i
}

// joins tells whether a record and the next are a header over two lines: groups
// of columns above, and their names below where the first is empty. strict asks
// for columns that have no group too, which no row of a list looks like.
func joins(rows []record, i int, strict bool) bool {
	if i+1 >= len(rows) {
		return false
	}
	upper, lower := rows[i].fields, rows[i+1].fields
	width := max(rows[i].width(), rows[i+1].width())
	gaps, single := 0, 0
	for c := range width {
		above, below := at(upper, c), at(lower, c)
		switch {
		case above == "" && (below == "" || c == 0), value.MatchString(below):
			return false
		case above == "":
			gaps++
		case below == "" || below == above:
			single++
		}
	}
	return gaps > 0 && (single > 0 || !strict)
}

// joinedNames names each column by its group and its own name.
func joinedNames(upper, lower []string) []string {
	names := make([]string, max(len(upper), len(lower)))
	group := ""
	for c := range names {
		above, below := at(upper, c), at(lower, c)
		if above != "" {
			group = above
		}
		switch {
		case below == "" || below == above:
			names[c], group = above, ""
		case group == "":
			names[c] = below
		default:
			names[c] = group + " " + below
		}
	}
	return names
}

// at is a field without the white space around it, "" for one that is not there.
func at(fields []string, i int) string {
	if i >= len(fields) {
		return ""
	}
	return strings.TrimSpace(fields[i])
}

// describe tells where the header is and what was left out, for people.
func (h header) describe(unit string) string {
	var b strings.Builder
	if h.joined {
		fmt.Fprintf(&b, ", with a header of two %ss, joined", unit)
	}
	if len(h.above) > 0 {
		fmt.Fprintf(&b, "; its header is %s %d, what is above it is left out (%.60q", unit, h.line, h.above[0])
		if more := len(h.above) - 1; more > 0 {
			fmt.Fprintf(&b, " and %d more", more)
		}
		b.WriteByte(')')
	}
	return b.String()
}
