package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pipe/specs"
)

type fields = map[string]any

// read collects rows and errors, each error as its text.
func read(t testing.TB, text string, opts CSVOptions) (rows []Row, errs []string) {
	t.Helper()
	for row, err := range CSV(t.Context(), strings.NewReader(text), opts) {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		rows = append(rows, row)
	}
	return rows, errs
}

func TestCSV(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		opts CSVOptions
		want []Row
		errs []string
	}{
		"comma":     {text: "a,b\n1,2\n3,4\n", want: []Row{{Line: 2, Fields: fields{"a": "1", "b": "2"}}, {Line: 3, Fields: fields{"a": "3", "b": "4"}}}},
		"semicolon": {text: "a;b\n1,5;2,5\n", want: []Row{{Line: 2, Fields: fields{"a": "1,5", "b": "2,5"}}}},
		"tab":       {text: "a\tb\n1,5\t2;5\n", want: []Row{{Line: 2, Fields: fields{"a": "1,5", "b": "2;5"}}}},
		"pipe":      {text: "a|b\r\n1|2\r\n", want: []Row{{Line: 2, Fields: fields{"a": "1", "b": "2"}}}},
		"a comma in a header of semicolons": {
			text: "n;price, net\n1;2\n3;4\n",
			want: []Row{{Line: 2, Fields: fields{"n": "1", "price, net": "2", "price_net": "2"}}, {Line: 3, Fields: fields{"n": "3", "price, net": "4", "price_net": "4"}}},
		},
		"given delimiter": {text: "a,b:c\n1,2:3\n", opts: CSVOptions{Delimiter: ':'}, want: []Row{{Line: 2, Fields: fields{"a,b": "1,2", "a_b": "1,2", "c": "3"}}}},
		"one column":      {text: "reference\n24K0173\n", want: []Row{{Line: 2, Fields: fields{"reference": "24K0173"}}}},
		"given header":    {text: "1,2\n", opts: CSVOptions{Header: []string{"a", "b"}}, want: []Row{{Line: 1, Fields: fields{"a": "1", "b": "2"}}}},
		"empty lines":     {text: "\n,,\n a ,b\n\n1,2\n , \n3,4", want: []Row{{Line: 5, Fields: fields{"a": "1", "b": "2"}}, {Line: 7, Fields: fields{"a": "3", "b": "4"}}}},
		"aliases": {
			text: "Stock Number,stock_number,Stock-Number,Stock Number\n1,2,3,4\n",
			want: []Row{{Line: 2, Fields: fields{"Stock Number": "1", "stock_number": "2", "Stock-Number": "3", "Stock Number (2)": "4", "stock_number_2": "4"}}},
		},
		"unnamed columns":    {text: "a,,c,\n1,2,3,\n", want: []Row{{Line: 2, Fields: fields{"a": "1", "column_2": "2", "c": "3"}}}},
		"UTF-8 with a mark":  {text: "\ufeffé,b\n1,2\n", want: []Row{{Line: 2, Fields: fields{"é": "1", "b": "2"}}}},
		"UTF-16":             {text: "\xff\xfea\x00;\x00\xe9\x00\n\x001\x00;\x002\x00", want: []Row{{Line: 2, Fields: fields{"a": "1", "é": "2"}}}},
		"UTF-16 big-endian":  {text: "\xfe\xff\x00a\x00\n\x001", want: []Row{{Line: 2, Fields: fields{"a": "1"}}}},
		"Windows-1252":       {text: "caf\xe9;\x80\n\xc4;2\n", want: []Row{{Line: 2, Fields: fields{"café": "Ä", "€": "2"}}}},
		"quoted line ends":   {text: "a,b\n\"1\nx\",2\n3,4\n", want: []Row{{Line: 2, Fields: fields{"a": "1\nx", "b": "2"}}, {Line: 4, Fields: fields{"a": "3", "b": "4"}}}},
		"stray quotes":       {text: "a,b\n5\" pipe,x \"y\" z\n", want: []Row{{Line: 2, Fields: fields{"a": `5" pipe`, "b": `x "y" z`}}}},
		"delimiters at ends": {text: "a,b\n1,2,\n3,4,,\n", want: []Row{{Line: 2, Fields: fields{"a": "1", "b": "2"}}, {Line: 3, Fields: fields{"a": "3", "b": "4"}}}},
		"ragged rows": {
			text: "a,b,c\n1,2\n3,4,5\n6,7,8,9\n1,2,3",
			want: []Row{{Line: 3, Fields: fields{"a": "3", "b": "4", "c": "5"}}, {Line: 5, Fields: fields{"a": "1", "b": "2", "c": "3"}}},
			errs: []string{"line 2: has 2 fields, the header has 3", "line 4: has 4 fields, the header has 3"},
		},
		"an open quote": {
			text: "a,b\n1,2\n\"3,4\n5,6\n",
			want: []Row{{Line: 2, Fields: fields{"a": "1", "b": "2"}}},
			errs: []string{"line 3: has a quotation mark that is not closed: the rest of the file is within it; is the file whole?"},
		},
		"header that looks like a bitmap": {text: "BMW,b\n1,2\n", want: []Row{{Line: 2, Fields: fields{"BMW": "1", "bmw": "1", "b": "2"}}}},
		"no rows":                         {text: "a,b\n"},
		"no rows under a given header":    {opts: CSVOptions{Header: []string{"a"}}},
		"empty":                           {text: " \n\n", errs: []string{"the CSV file is empty: it has no header row"}},
		"login page": {
			text: "\n<!DOCTYPE html><html><title>Sign in &amp; go</title>",
			errs: []string{`the file is an HTML page titled "Sign in & go", not a CSV file: is the site logged in, is the address right?`},
		},
		"workbook": {text: "PK\x03\x04\x14\x00\x00\x00", errs: []string{"the file is application/zip, not a CSV file"}},
		"JSON":     {text: `{"error": "not ready"}`, errs: []string{"the file is application/json, not a CSV file"}},
		"bad delimiter": {
			text: "a", opts: CSVOptions{Delimiter: '"'},
			errs: []string{"reading CSV: csv: invalid field or comment delimiter"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, errs := read(t, test.text, test.opts)
			if !reflect.DeepEqual(rows, test.want) || !slices.Equal(errs, test.errs) {
				t.Errorf("rows %v, errors %q\nwant %v, errors %q", rows, errs, test.want, test.errs)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	got, err := Headers(strings.NewReader("Stock Number;VIN;reference;StockNumber\n1;2"), CSVOptions{})
	want := []specs.TableColumn{{Header: "Stock Number", Ident: "stock_number"}, {Header: "VIN", Ident: "vin"}, {Header: "reference"}, {Header: "StockNumber"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := Headers(strings.NewReader("<html>"), CSVOptions{}); err == nil {
		t.Error("a page passes for a CSV file")
	}
}

func TestCSVStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	var last error
	for _, err := range CSV(ctx, strings.NewReader("a\n1\n2\n3\n"), CSVOptions{}) {
		if last = err; err == nil {
			seen++
			cancel()
		}
	}
	if seen != 1 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d rows, then %v", seen, last)
	}
	for _, err := range CSV(t.Context(), strings.NewReader("a\n1\n2\n"), CSVOptions{}) {
		if err != nil {
			t.Error(err)
		}
		break // must not go on or panic
	}
	broken := io.MultiReader(strings.NewReader("a\n1\n"+strings.Repeat("2\n", sampleBytes)), iotest.ErrReader(io.ErrClosedPipe))
	last = nil
	for _, err := range CSV(t.Context(), broken, CSVOptions{}) {
		last = err
	}
	if !errors.Is(last, io.ErrClosedPipe) {
		t.Errorf("a broken reader gives %v", last)
	}
}

func TestOpenQuoteInAHugeFileIsBounded(t *testing.T) {
	t.Parallel()
	huge := io.MultiReader(strings.NewReader("a,b\n1,\"2\n"), io.LimitReader(endless{}, 100<<20))
	var last error
	for _, err := range CSV(t.Context(), huge, CSVOptions{}) {
		last = err
	}
	if last == nil || !strings.Contains(last.Error(), "more than 16 MiB: is a quotation mark left open?") {
		t.Errorf("got %v", last)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	return copy(p, strings.Repeat("3,4\n", len(p)/4+1)), nil
}

// FuzzCSV checks that no bytes make it panic, and that each row that it gives
// has all the columns.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a;a\n\"1\n", "\ufeffé\n1", "\xff\xfea\x00\n\x001\x00", "caf\xe9\n\xf0\x9f", "\n,\n", "a|b\n1|2|"} {
		f.Add(seed, rune(0))
	}
	f.Add("a:b\n1:2", ':')
	f.Fuzz(func(t *testing.T, text string, delimiter rune) {
		columns, err := Headers(strings.NewReader(text), CSVOptions{Delimiter: delimiter})
		rows, errs := read(t, text, CSVOptions{Delimiter: delimiter})
		if err != nil && (len(rows) > 0 || len(errs) == 0) {
			t.Errorf("Headers: %v, but %d rows", err, len(rows))
		}
		names := specs.ColumnNames(columns)
		slices.Sort(names)
		if len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("a name is given twice: %q", names)
		}
		line := 0
		for _, row := range rows {
			if got := slices.Sorted(maps.Keys(row.Fields)); !slices.Equal(got, names) || row.Line <= line {
				t.Errorf("row at line %d has %q, want %q", row.Line, got, names)
			}
			line = row.Line
		}
	})
}

func ExampleCSV() {
	file := strings.NewReader("Stock Number;Make\n24K0173;Ford\n24K0174\n")
	for row, err := range CSV(context.Background(), file, CSVOptions{}) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(row.Line, row.Fields["stock_number"], row.Fields["Make"])
	}
	// Output:
	// 2 24K0173 Ford
	// line 3: has 1 field, the header has 2
}
