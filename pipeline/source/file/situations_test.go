package file

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pipe/pipeline"
	"pipe/specs"
)

// situation is a file as sites send it, and what is to come of it.
type situation struct {
	text  string
	table pipeline.Table
	// want are the rows, each as its columns a, b and c with slashes between.
	want []string
	// errs are parts of the errors; found is a part of what a person is told.
	errs  []string
	found string
}

func checkSituations(t *testing.T, all map[string]situation) {
	t.Helper()
	for name, s := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := ""
			s.table.Path = written(t, "list", s.text)
			s.table.Found = func(what string, _ []string) { found = what }
			rows, errs := readTable(t, s.table)
			var got []string
			for _, row := range rows {
				text := fmt.Sprintf("%v/%v/%v", row.Fields["a"], row.Fields["b"], row.Fields["c"])
				if row.Doubt != "" {
					text += " in doubt"
				}
				got = append(got, strings.ReplaceAll(text, "/<nil>", ""))
			}
			fits := len(errs) == len(s.errs)
			for i := range min(len(errs), len(s.errs)) {
				fits = fits && strings.Contains(errs[i], s.errs[i])
			}
			if !slices.Equal(got, s.want) || !fits || !strings.Contains(found, s.found) {
				t.Errorf("rows %q, errors %q, found %q\nwant %q, %q, %q", got, errs, found, s.want, s.errs, s.found)
			}
		})
	}
}

// wideText gives a text in UTF-16.
func wideText(text string, mark, big bool) string {
	var b strings.Builder
	if mark {
		text = "\ufeff" + text
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		if big {
			b.Write([]byte{byte(unit >> 8), byte(unit)})
		} else {
			b.Write([]byte{byte(unit), byte(unit >> 8)})
		}
	}
	return b.String()
}

func TestCSVDelimiterLine(t *testing.T) {
	t.Parallel()
	want := []string{"1/2,5"}
	checkSituations(t, map[string]situation{
		"semicolon":                      {text: "sep=;\na;b\n1;2,5\n", want: want},
		"with a byte order mark":         {text: "\ufeffsep=;\r\na;b\r\n1;2,5\r\n", want: want},
		"in UTF-16":                      {text: wideText("sep=;\r\na;b\r\n1;2,5", true, false), want: want},
		"in UTF-16 without a mark":       {text: wideText("sep=;\na;b\n1;2,5", false, false), want: want},
		"in UTF-16 big-endian":           {text: wideText("sep=;\na;b\n1;2,5", false, true), want: want},
		"tab":                            {text: "sep=\t\na\tb\n1\t2,5\n", want: want},
		"any other":                      {text: "sep=^\na^b\n1^2,5\n", want: want},
		"quoted":                         {text: "\"sep=;\"\na;b\n1;2,5\n", want: want},
		"filled up by a spreadsheet":     {text: "SEP=;;\na;b\n1;2,5\n", want: want},
		"another delimiter in the spec":  {text: "sep=;\na|b\n1|2,5\n", table: pipeline.Table{Delimiter: '|'}, want: want},
		"lines are counted with it":      {text: "sep=;\na;b\n1;2;3\n1;2,5\n", want: want, errs: []string{"line 3: has 3 fields, the header has 2"}},
		"header by its number":           {text: "sep=;\nx;y\na;b\n1;2,5\n", table: pipeline.Table{Header: 3}, want: want},
		"a column that is called so":     {text: "sep=x,a\n1,2\n", want: []string{"2"}},
		"names given, and no header row": {text: "sep=;\n1;2,5\n", table: pipeline.Table{Columns: []string{"a", "b"}}, want: want},
	})
}

func TestCSVHeader(t *testing.T) {
	t.Parallel()
	const preamble = "Konto;1234\nZeitraum:;01.10.2026 - 31.10.2026\n\nNur gebuchte\n"
	want := []string{"1/2/3", "4/5/6"}
	names := pipeline.Table{Wanted: []string{"a", "c"}}
	checkSituations(t, map[string]situation{
		"below a preamble":                      {text: preamble + "a;b;c\n1;2;3\n4;5;6\n", want: want, found: "its header is line 5, what is above it is left out (\"Konto\" and 2 more)"},
		"found by the columns of the spec":      {text: preamble + preamble + preamble + "a;b;c\n1;2;3\n4;5;6\n", table: names, want: want},
		"wider lines above it":                  {text: "w;i;d;e;r\na;b;c\n1;2;3\n4;5;6\n", table: names, want: want},
		"lines filled up by a spreadsheet":      {text: "Stock;;\nOctober;;\n;;\na;b;c\n1;2;3\n4;5;6\n", want: want},
		"given":                                 {text: "x;y;z\n9;9;9\na;b;c\n1;2;3\n4;5;6\n", table: pipeline.Table{Header: 3}, want: want},
		"given, and empty":                      {text: "x;y\n\na;b\n1;2\n", table: pipeline.Table{Header: 2}, errs: []string{"the header line 2 is empty, or within another: the next is 3"}},
		"given, and not there":                  {text: "a;b\n1;2\n", table: pipeline.Table{Header: 9}, errs: []string{"the CSV file has no line 9"}},
		"not to be told from the list":          {text: "Stock\n1;2;3\n4;5;6\n", errs: []string{"which line of the CSV file has the columns' names is not clear"}},
		"over two lines":                        {text: "Nr;a;;d\n;b;c;\n1;2;3;4\n", table: pipeline.Table{Wanted: []string{"a b"}}, want: []string{"<nil>"}, found: "a header of two lines, joined"},
		"once more in the middle":               {text: "a,b,c\n1,2,3\na,b,c\n4,5,6\n", want: want},
		"names that are there twice, and empty": {text: "a,a,,b\n1,x,y,2\n", want: []string{"1/2"}, found: "4 columns: a, a (2), column_3, b"},
	})
}

func TestCSVTotals(t *testing.T) {
	t.Parallel()
	checkSituations(t, map[string]situation{
		"a sum":              {text: "a;b;c\n1;2;3\nSumme;;123\n", want: []string{"1/2/3", "Summe//123 in doubt"}},
		"in fewer fields":    {text: "a;b;c\n1;2;3\nTotal:;3\n", want: []string{"1/2/3", "Total:/3/ in doubt"}},
		"a count":            {text: "a,b,c\n1,2,3\n(1 rows affected)\n", want: []string{"1/2/3", "(1 rows affected)// in doubt"}},
		"a count, bare":      {text: "a,b,c\n1,2,3\n3 records\n", want: []string{"1/2/3", "3 records// in doubt"}},
		"a customer Total":   {text: "a,b,c\nTotal,2,3\n", want: []string{"Total/2/3"}},
		"another last words": {text: "a;b;c\n1;2;3\nPrinted by clerk\n", want: []string{"1/2/3"}, errs: []string{"line 3: has 1 field, the header has 3"}},
	})
}

func TestCSVDamage(t *testing.T) {
	t.Parallel()
	checkSituations(t, map[string]situation{
		"a comma too many":                  {text: "a,b,c\n1,2,3\n1,Meyer, Ltd,3\n", want: []string{"1/2/3"}, errs: []string{"line 3: has 4 fields, the header has 3"}},
		"a comma too many, the last empty":  {text: "a,b,c\n1,2,3\n4,5,6\n1,Meyer, Ltd,\n", want: []string{"1/2/3", "4/5/6"}, errs: []string{"line 4: has 4 fields, the header has 3, and the last is empty"}},
		"a field too few":                   {text: "a,b,c\n1,2\n4,5,6\n", want: []string{"4/5/6"}, errs: []string{"line 2: has 2 fields, the header has 3"}},
		"the end within a row":              {text: "a,b,c\n1,2,3\n4,5", want: []string{"1/2/3"}, errs: []string{"and the file ends within it: is it whole?"}},
		"the end within a quoted field":     {text: "a,b,c\n1,2,3\n4,5,\"si", want: []string{"1/2/3"}, errs: []string{"line 3: has a quotation mark that is not closed"}},
		"a quote that is not closed":        {text: "a,b,c\n1,2,\"3\n4,5,6\n7,8,9\n", errs: []string{"line 2: has a quotation mark that is not closed"}},
		"closed by the next by chance":      {text: "a,b,c\n1,2,\"3\n4,5,6\n7,8,x\"\n9,9,9\n", want: []string{"9/9/9"}, errs: []string{"line 2: has whole rows within a text"}},
		"a stray quote":                     {text: "a,b,c\n1,5\" pipe,3\n4,\"x \"y\" z\",6\n", want: []string{"1/5\" pipe/3", "4/x \"y\" z/6"}},
		"line breaks within a text":         {text: "a,b,c\r\n1,\"2\r\nx, y\r\nz\",3\r\n", want: []string{"1/2\nx, y\nz/3"}},
		"zero bytes":                        {text: "a,b,c\n" + strings.Repeat("1,2,3\n", 20_000) + "4,\x00\x00,6\n7,8,9\n", want: append(slices.Repeat([]string{"1/2/3"}, 20_000), "7/8/9"), errs: []string{"has zero bytes in it"}},
		"carriage returns alone":            {text: "a,b,c\r1,2,3\r4,5,6\r", want: []string{"1/2/3", "4/5/6"}},
		"line ends of all kinds":            {text: "a,b,c\r\n1,2,3\n4,5,6\r7,8,9\r\r\n0,0,0", want: []string{"1/2/3", "4/5/6", "7/8/9", "0/0/0"}},
		"delimiters at the end of all rows": {text: "a,b,c\n1,2,3,\n4,5,6,\n", want: []string{"1/2/3", "4/5/6"}},
		"only zeros":                        {text: strings.Repeat("\x00", 100), errs: []string{"not a CSV file"}},
	})
}

func TestJSONSituations(t *testing.T) {
	t.Parallel()
	at := pipeline.Table{Format: "json", At: "/x"}
	list := pipeline.Table{Format: "json"}
	checkSituations(t, map[string]situation{
		"a guard":                 {text: ")]}',\n[{\"a\": 1}]", table: list, want: []string{"1"}},
		"long digits":             {text: `[{"a": 12345678901234567890, "b": 0.10}]`, table: list, want: []string{"12345678901234567890/0.10"}},
		"a member twice":          {text: `[{"a": 1, "a": 2}, {"a": 3}]`, table: list, want: []string{"3"}, errs: []string{`has "a" twice`}},
		"a comma too many":        {text: `[{"a": 1},]`, table: list, want: []string{"1"}, errs: []string{"object 2: invalid character ']'"}},
		"an error for a list":     {text: `{"error": "session expired", "code": 7}`, table: list, errs: []string{`not a list: the site says "session expired"`}},
		"a list within":           {text: `{"page": 1, "data": {"items": [{"a": 1}], "more": [1]}}`, table: list, errs: []string{"say where the list is by `at`, there are /data/items, /data/more"}},
		"two lists":               {text: `[{"a": 1}][{"a": 2}]`, table: list, want: []string{"1"}, errs: []string{"more follows the list"}},
		"an object a line":        {text: "{\"a\": 1}\n{\"a\": 2}\n", table: list, errs: []string{"(jsonl)?"}},
		"no list at the place":    {text: `{"x": {"y": []}}`, table: at, errs: []string{"/x is an object, not a list: say where the list is by `at`, there are /x/y"}},
		"lines, some of them bad": {text: "\ufeff{\"a\": 1}\n\n{\"a\": 2, \"a\": 3}\n{\"a\": 4}", table: pipeline.Table{Format: "jsonl"}, want: []string{"1", "4"}, errs: []string{"line 3: has \"a\" twice"}},
	})
}

// The columns of a file are known before it is read where it tells them.
func TestHeadersInDoubt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"a,b\n1,2\n": 2, "Stock\nx:,y\na,b,c\n1,2,3\n": 0, "Stock\n1,2\n3,4\n": 0, "<html><table><tr><td>a</td></tr></table>": 0} {
		got, err := Headers(strings.NewReader(text), CSVOptions{})
		if err != nil || len(got) != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	got, err := Headers(strings.NewReader("x\n\na;b\n1;2\n"), CSVOptions{HeaderLine: 3})
	if want := []specs.TableColumn{{Header: "a"}, {Header: "b"}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}
