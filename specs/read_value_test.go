package specs_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/specs/internal/spectest"
)

// TestMake reads values as people write them.
func TestMake(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		how  string
		in   any
		want any
		err  string
	}{
		{how: "", in: " a ", want: " a "},
		{how: "", in: nil, want: nil},
		{how: "type: text", in: " 007 ", want: "007"},
		{how: "type: text", in: "", want: nil},
		{how: "required: true", in: " \n", err: "is empty, and required"},
		{how: "required: true", in: nil, err: "is empty, and required"},
		{how: "required: true", in: 0, want: 0},
		{how: "match: '([0-9,]+) mi', type: int", in: "Odometer: 41,250 mi", want: int64(41250)},
		{how: "match: '[A-Z]+[0-9]'", in: "a VIN7 b", want: "VIN7"},
		{how: "match: '^x(y)?', required: true", in: "abc", err: `is "abc", which does not match ^x(y)?`},
		{how: "match: 'a(b)?(.)', type: int", in: "ac", want: nil},
		{how: "match: 'a(b)?(.)', required: true", in: "ac", err: "is empty, and required"},
		{how: "type: int", in: 12, want: int64(12)},
		{how: "type: int", in: "1 234 567", want: int64(1234567)},
		{how: "type: int", in: "−3", want: int64(-3)},
		{how: "type: int", in: "3.0", want: int64(3)},
		{how: "type: int", in: "3.5", err: `is "3.5", no whole number`},
		{how: "type: int", in: "99999999999999999", err: `is "99999999999999999", no whole number`},
		{how: "type: int", in: "12 miles", err: `is "12 miles", no whole number`},
		{how: "type: number", in: "1'234.5", want: 1234.5},
		{how: "type: number", in: "0.125", want: 0.125},
		{how: "type: number", in: "52.520", want: 52.52},
		{how: "type: number", in: "1.052,520", want: 1052.52},
		{how: "type: number", in: "1,234,567", want: 1234567.0},
		{how: "type: number, decimal: comma", in: "1,234,567", err: `is "1,234,567", no number`},
		{how: "type: number", in: "52,520", want: 52520.0},
		{how: "type: number, decimal: comma", in: "52,520", want: 52.52},
		{how: "type: number, decimal: comma", in: "1.052,520", want: 1052.52},
		{how: "type: number, decimal: comma", in: "52.52", err: `is "52.52", no number`},
		{how: "type: money, decimal: .", in: "$1.500", want: 1.5},
		{how: "type: money", in: "1.500", want: 1500.0},
		{how: "type: int", in: "007", want: int64(7)},
		{how: "type: bool", in: " Yes", want: true},
		{how: "type: bool", in: "off", want: false},
		{how: "type: bool", in: true, want: true},
		{how: "type: bool", in: 0, want: false},
		{how: "type: bool", in: "", want: nil},
		{how: "type: bool, match: 'sold: (.*)'", in: "sold: n", want: false},
		{how: "type: bool", in: "maybe", err: `is "maybe", neither yes nor no`},
		{how: "required: true", in: []any{}, err: "is an empty list, and required"},
		{how: "type: number", in: "1.234.567", want: 1234567.0},
		{how: "type: number", in: "1.23.45", err: `is "1.23.45", no number`},
		{how: "type: number", in: "1,234,56", err: `is "1,234,56", no number`},
		{how: "type: number", in: "1.234,567.8", err: `is "1.234,567.8", no number`},
		{how: "type: number", in: "$5", err: `is "$5", no number`},
		{how: "type: money", in: "$19,990.00", want: 19990.0},
		{how: "type: money", in: "US$ 19,990", want: 19990.0},
		{how: "type: money", in: "19.990,50 €", want: 19990.5},
		{how: "type: money", in: "19\u202f990,50\u00a0€", want: 19990.5},
		{how: "type: money", in: "CHF 1'250.05", want: 1250.05},
		{how: "type: money", in: "250,- EUR", want: 250.0},
		{how: "type: money", in: "-$5.10", want: -5.1},
		{how: "type: money", in: "($1,200.10)", want: -1200.1},
		{how: "type: money", in: "call us", err: `is "call us", no amount of money`},
		{how: "type: money", in: "$", err: `is "$", no amount of money`},
		{how: "type: date", in: "2026-11-25", want: "2026-11-25"},
		{how: "type: date, format: DD.MM.YYYY", in: "25.11.2026", want: "2026-11-25"},
		{how: "type: date, format: 'MMMM D, YYYY'", in: "November  5, 2026", want: "2026-11-05"},
		{how: "type: date, format: M/D/YY h:mm A", in: "1/2/26 3:04 PM", want: "2026-01-02T15:04:00"},
		{how: "type: date, format: YYYY-MM-DDTHH:mm:ss", in: "2026-11-25T12:30:00", want: "2026-11-25T12:30:00"},
		{how: "type: date, locale: de-DE", in: "3. März 2024", want: "2024-03-03"},
		{how: "type: date, format: D. MMMM YYYY HH:mm, locale: de", in: "3. März 2024 14:30", want: "2024-03-03T14:30:00"},
		{how: "type: date, locale: fr", in: "3. März 2024", err: `is "3. März 2024", no date such as 2026-12-31: give its format, or the locale of its words`},
		{how: "type: date", in: "03/04/2024", err: `is "03/04/2024", no date such as 2026-12-31: give its format, or the locale of its words`},
		{how: "type: number, locale: de-DE", in: "1.234", want: 1234.0},
		{how: "type: number, locale: de-DE", in: "1,234", want: 1.234},
		{how: "type: number, locale: de-CH", in: "1.234", want: 1.234},
		{how: "type: money, locale: en-US", in: "$1,234", want: 1234.0},
		{how: "type: number, locale: de-DE", in: "1,234.5", want: 1234.5},
		{how: "type: date, format: DD.MM.YYYY", in: "31.02.2026", err: `is "31.02.2026", no date of its format`},
	} {
		src := "name: x\nkey: ${{ item.a }}\nsource: {items: [{a: b}]}\nrecord: {fields: {f: {value: v, " + c.how + "}}}\n"
		spec, err := specs.Parse("x.yaml", []byte(src), spectest.Options())
		if err != nil {
			t.Errorf("%s: %v", c.how, err)
			continue
		}
		got, err := spec.Record.Fields[0].Read.Make(c.in)
		said := ""
		var wrong *expr.ValueError
		if errors.As(err, &wrong) {
			said = wrong.Reason
		}
		if got != c.want || said != c.err || fmt.Sprintf("%T", got) != fmt.Sprintf("%T", c.want) {
			t.Errorf("{%s} of %q: got %v (%T), %q, want %v (%T), %q", c.how, c.in, got, got, said, c.want, c.want, c.err)
		}
	}
}

// The values of rows are made as any are, with the place of the one that is wrong.
func TestMakeRows(t *testing.T) {
	t.Parallel()
	spec, err := specs.Parse("x.yaml", []byte(`name: x
key: ${{ item.a }}
browser: {context: {locale: de-DE}}
source: {items: [{a: b}]}
record:
  fields:
    lines:
      rows_of:
        rows: li
        fields:
          amount: {text_of: b, type: money, required: true}
          day: {text_of: i, type: date}
          no: {text_of: u, match: "No ([0-9]+)"}
`), spectest.Options())
	if err != nil {
		t.Fatal(err)
	}
	read := spec.Record.Fields[0].Read
	got, err := read.Make([]any{map[string]any{"amount": "1.234,50 €", "day": "3. März 2024", "no": "No 7"}})
	want := []any{map[string]any{"amount": 1234.5, "day": "2024-03-03", "no": "7"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, c := range []struct{ row, err string }{
		{"soon", `has in row 2: amount is "soon", no amount of money (x.yaml:11:11)`},
		{"", `has in row 2: amount is empty, and required (x.yaml:11:11)`},
	} {
		_, err := read.Make([]any{map[string]any{"amount": "1"}, map[string]any{"amount": c.row}})
		var wrong *expr.ValueError
		if !errors.As(err, &wrong) || err.Error() != c.err {
			t.Errorf("%q: got %v", c.row, err)
		}
	}
}

// A number that can be read in two ways is told, once for each field, unless the
// spec says which it is.
func TestDoubtfulNumbers(t *testing.T) {
	t.Parallel()
	spec, err := specs.Parse("x.yaml", []byte(`name: x
key: ${{ item.a }}
source: {items: [{a: b}]}
record:
  fields:
    open: {value: v, type: number}
    known: {value: v, type: number, decimal: .}
    local: {value: v, type: number, locale: en}
`), spectest.Options())
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	spec.OnDoubt(func(place, doubt string) { told = append(told, place+": "+doubt) })
	for _, f := range spec.Record.Fields {
		for _, text := range []string{"12.50", "1.234", "5,678"} {
			_, _ = f.Read.Make(text)
		}
	}
	want := []string{`record.fields.open (x.yaml:6:5): "1.234" can be thousands, or have three decimals: say which by decimal, or by locale`}
	if !reflect.DeepEqual(told, want) {
		t.Errorf("told %q", told)
	}
}
