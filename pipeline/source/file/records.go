package file

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"pipe/specs"
)

// record is one line of a file, or one row of a sheet, that is not empty.
type record struct {
	line   int
	fields []string
	// bad says why the record cannot be read; "" when it can.
	bad string
	// doubt says why the record may be no item, although it can be read.
	doubt string
	// comma stands between the fields of a text; 0 in a sheet.
	comma rune
	// cut is true for the last line of a text that has no line end.
	cut bool
}

// width is how many fields there are, but for the empty ones at the end.
func (r record) width() int {
	n := len(r.fields)
	for n > 0 && isBlank(r.fields[n-1]) {
		n--
	}
	return n
}

// records gives a file's records one after the other, then io.EOF. Their fields
// stay as they are. Any error ends them.
type records interface {
	next() (record, error)
}

// table is a file's records under a header.
type table struct {
	records records
	options headerOptions
	// ahead are records that were read to find the header.
	ahead   []record
	header  header
	columns []specs.TableColumn
	// exact is true where rows have no more fields than the header, as a rule.
	exact bool
}

// newTable reads the header.
func newTable(from records, options headerOptions) (*table, error) {
	t := &table{records: from, options: options}
	if err := t.readAhead(); err != nil {
		return nil, err
	}
	var err error
	switch {
	case options.names != nil:
		t.header = header{names: options.names, sure: true}
	case len(t.ahead) == 0 && options.at > 0:
		return nil, &noHeaderError{fmt.Sprintf("%s has no %s %d, which is to be its header", options.what, options.unit, options.at)}
	case len(t.ahead) == 0:
		return nil, &noHeaderError{options.what + " is empty: it has no header row"}
	default:
		t.header, err = options.find(t.ahead)
	}
	if err != nil {
		return nil, err
	}
	t.columns = specs.TableColumns(t.header.names)
	t.ahead = t.ahead[t.header.after:]
	fits := 0
	for _, rec := range t.ahead {
		if len(rec.fields) <= len(t.columns) {
			fits++
		}
	}
	t.exact = fits*2 > len(t.ahead)
	return t, nil
}

// readAhead reads as much as the header is looked for in. A header that is said
// to be further down is come to without keeping what is before it.
func (t *table) readAhead() error {
	for len(t.ahead) < headerWithin {
		rec, err := t.records.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if rec.line >= t.options.at {
			t.ahead = append(t.ahead, rec)
		}
	}
	return nil
}

// each yields the rows. A row that does not fit the header gives a *[RowError].
func (t *table) each(ctx context.Context, yield func(Row, error) bool) {
	for {
		if err := context.Cause(ctx); err != nil {
			yield(Row{}, fmt.Errorf("reading %s: %w", t.options.what, err))
			return
		}
		rec, err := t.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(Row{}, err)
			return
		}
		if t.repeats(rec) {
			continue
		}
		if !yield(t.row(rec)) {
			return
		}
	}
}

func (t *table) next() (record, error) {
	if len(t.ahead) == 0 {
		return t.records.next()
	}
	rec := t.ahead[0]
	t.ahead = t.ahead[1:]
	return rec, nil
}

// repeats is true for the header once more, as in files put together.
func (t *table) repeats(rec record) bool {
	return t.options.names == nil && len(t.columns) > 1 && slices.Equal(rec.fields, t.header.names)
}

// row names a record's fields.
func (t *table) row(rec record) (Row, error) {
	want := len(t.columns)
	got := max(rec.width(), min(want, len(rec.fields)))
	fields := rec.fields[:got]
	total := totalIn(fields, want)
	if reason := t.fault(rec, got, total != ""); reason != "" {
		return Row{}, &RowError{Line: rec.line, Reason: reason}
	}
	row := Row{Line: rec.line, Fields: make(map[string]any, 2*want), Doubt: cmp.Or(rec.doubt, total)}
	for i, column := range t.columns {
		value := ""
		if i < got {
			value = fields[i]
		}
		row.Fields[column.Header] = value
		if column.Ident != "" {
			row.Fields[column.Ident] = value
		}
	}
	return row, nil
}

// fault is why a record is no row, "" when it is one. got are its fields without
// the empty ones at its end.
func (t *table) fault(rec record, got int, total bool) string {
	want := len(t.columns)
	switch {
	case rec.bad != "":
		return rec.bad
	case got > want:
		return raggedReason(rec, want)
	case rec.comma == 0:
		return "" // the empty cells at a row's end are not in the file
	case got < want && !total:
		return raggedReason(rec, want)
	case t.exact && len(rec.fields) > want:
		return raggedReason(rec, want) + ", and the last is empty: has a text with a delimiter in it no quotation marks?"
	case swallowed(rec, want):
		return "has whole rows within a text: is a quotation mark left open?"
	}
	return ""
}

func raggedReason(rec record, want int) string {
	fields := rec.fields
	reason := fmt.Sprintf("has %d fields, the header has %d", len(fields), want)
	if len(fields) == 1 {
		reason = fmt.Sprintf("has 1 field, the header has %d", want)
	}
	lines := 0
	for _, field := range fields {
		lines += strings.Count(field, "\n")
	}
	if lines > 0 {
		reason += fmt.Sprintf(" (it goes on for %d more lines: is a quotation mark left open?)", lines)
	}
	if rec.cut && len(fields) < want {
		reason += ", and the file ends within it: is it whole?"
	}
	return reason
}

// swallowed tells whether a text with line ends looks as if it were rows: a
// quotation mark that is left open reads on until the next one, and the fields
// may be as many as there should be by chance.
func swallowed(rec record, want int) bool {
	if want < 2 {
		return false
	}
	for _, field := range rec.fields {
		lines := strings.Split(field, "\n")
		if len(lines) < 3 {
			continue
		}
		for _, line := range lines[1 : len(lines)-1] {
			parts := strings.Split(line, string(rec.comma))
			if len(parts) == want && !slices.ContainsFunc(parts, isBlank) {
				return true
			}
		}
	}
	return false
}
