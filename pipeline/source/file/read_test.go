package file

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pipe/pipeline"
)

// readTable reads all there is, errors as texts.
func readTable(t *testing.T, table pipeline.Table) (rows []Row, errs []string) {
	t.Helper()
	for row, err := range Read(t.Context(), table) {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		rows = append(rows, row)
	}
	return rows, errs
}

func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestJSON(t *testing.T) {
	t.Parallel()
	const nested = "{\"skip\": [[1], {\"rows\": []}],\n\"data\": {\"a/b\": [{\"Stock Number\": 1.50,\n\"x\": null}, 7,\n{\"x\": {\"y\": [1, 2]}, \"z\": true}]}}"
	for name, test := range map[string]struct {
		text, at string
		want     []Row
		errs     []string
	}{
		"a list": {text: "\ufeff[{\"a\": \"é\"}]", want: []Row{{Line: 1, Fields: fields{"a": "é"}}}},
		"within": {
			text: nested, at: "/data/a~1b",
			want: []Row{{Line: 3, Fields: fields{"Stock Number": "1.50", "stock_number": "1.50", "x": ""}}, {Line: 4, Fields: fields{"x": `{"y":[1,2]}`, "z": "true"}}},
			errs: []string{`line 3: number 2 of the list is no JSON object but "7"`},
		},
		"by number":  {text: `[[], [{"a": 1}]]`, at: "/1", want: []Row{{Line: 1, Fields: fields{"a": "1"}}}},
		"an object":  {text: `{"rows": []}`, errs: []string{"reading JSON: the document is an object, not a list: say where the list is by `at`, there are /rows"}},
		"not there":  {text: `{"rows": [], "total": 3}`, at: "/row", errs: []string{`reading JSON: the document has no "row", it has rows, total`}},
		"too deep":   {text: `{"rows": 1}`, at: "/rows/x", errs: []string{`reading JSON: /rows is a single value and has no "x"`}},
		"cut short":  {text: `[{"a": 1}, {"a"`, want: []Row{{Line: 1, Fields: fields{"a": "1"}}}, errs: []string{"reading JSON: object 2: the file ends too early: is it whole?"}},
		"cut":        {text: `[{"a": 1}`, want: []Row{{Line: 1, Fields: fields{"a": "1"}}}, errs: []string{"reading JSON: the list is not closed: the file ends too early: is it whole?"}},
		"empty":      {errs: []string{"reading JSON: the file ends too early: is it whole?"}},
		"empty list": {text: "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, errs := readTable(t, pipeline.Table{Format: "json", Path: written(t, "a.json", test.text), At: test.at})
			if !reflect.DeepEqual(rows, test.want) || !slices.Equal(errs, test.errs) {
				t.Errorf("rows %v, errors %q\nwant %v, errors %q", rows, errs, test.want, test.errs)
			}
		})
	}
}

func TestJSONL(t *testing.T) {
	t.Parallel()
	rows, errs := readTable(t, pipeline.Table{Format: "jsonl", Path: written(t, "a.jsonl", "{\"a\": 1}\n\n{\"a\":\n[1]\n{\"a\": 2}")})
	want := []Row{{Line: 1, Fields: fields{"a": "1"}}, {Line: 5, Fields: fields{"a": "2"}}}
	wrong := []string{"line 3: is no JSON object: unexpected end of JSON input", `line 4: is no JSON object but "[1]"`}
	if !reflect.DeepEqual(rows, want) || !slices.Equal(errs, wrong) {
		t.Errorf("rows %v, errors %q", rows, errs)
	}
	_, errs = readTable(t, pipeline.Table{Format: "jsonl", Path: written(t, "a.jsonl", "{\"a\": 1}\n"+strings.Repeat("x", maxRecord+1))})
	if len(errs) != 1 || !strings.Contains(errs[0], "line 2 has more than 16 MiB") {
		t.Errorf("a line without an end: %.200q", errs)
	}
}

// workbookOf makes a book with a title over its table, and an empty sheet.
func workbookOf(t *testing.T) []byte {
	t.Helper()
	book := excelize.NewFile()
	_, err := book.NewSheet("Vehicles")
	must(t, err)
	for cell, value := range map[string]any{
		"A1": "Our stock", "A3": "Stock Number", "B3": "Price", "C3": "Since",
		"A4": "24K0173", "B4": 19990, "C4": time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC),
		"A6": "24K0174", "D7": "stray", "A8": "0042", "B8": true,
	} {
		must(t, book.SetCellValue("Vehicles", cell, value))
	}
	iso := "yyyy-mm-dd"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &iso})
	must(t, err)
	must(t, book.SetCellStyle("Vehicles", "C4", "C4", style))
	var out bytes.Buffer
	must(t, book.Write(&out))
	return out.Bytes()
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	book := string(workbookOf(t))
	stock := func(line int, number, price, since string) Row {
		return Row{Line: line, Fields: fields{"Stock Number": number, "stock_number": number, "Price": price, "price": price, "Since": since, "since": since}}
	}
	for name, test := range map[string]struct {
		text  string
		table pipeline.Table
		want  []Row
		errs  []string
	}{
		"a sheet": {
			text: book, table: pipeline.Table{Sheet: "Vehicles", Header: 3},
			want: []Row{stock(4, "24K0173", "19990", "2026-11-25"), stock(6, "24K0174", "", ""), stock(8, "0042", "TRUE", "")},
			errs: []string{"line 7: has 4 fields, the header has 3"},
		},
		"the first with anything in it, and its header": {
			text: book,
			want: []Row{stock(4, "24K0173", "19990", "2026-11-25"), stock(6, "24K0174", "", ""), stock(8, "0042", "TRUE", "")},
			errs: []string{"line 7: has 4 fields, the header has 3"},
		},
		"an empty sheet": {text: book, table: pipeline.Table{Sheet: "Sheet1"}, errs: []string{"the sheet is empty: it has no header row"}},
		"no such sheet":  {text: book, table: pipeline.Table{Sheet: "Stock"}, errs: []string{`the workbook has no sheet "Stock", it has Sheet1, Vehicles`}},
		"empty header":   {text: book, table: pipeline.Table{Sheet: "Vehicles", Header: 2}, errs: []string{"the header row 2 is empty, or within another: the next is 3"}},
		"header beyond":  {text: book, table: pipeline.Table{Sheet: "Vehicles", Header: 20}, errs: []string{"the sheet has no row 20, which is to be its header"}},
		"no workbook":    {text: "PK\x03\x04cut", errs: []string{"the workbook is cut off or damaged: it is a ZIP archive without its index; is the file whole?"}},
		"a CSV file":     {text: "a,b\n1,2", want: []Row{{Line: 2, Fields: fields{"a": "1", "b": "2"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.table.Format, test.table.Path = "xlsx", written(t, "a.xlsx", test.text)
			rows, errs := readTable(t, test.table)
			if !reflect.DeepEqual(rows, test.want) || !slices.Equal(errs, test.errs) {
				t.Errorf("rows %v, errors %q\nwant %v, errors %q", rows, errs, test.want, test.errs)
			}
		})
	}
}

func TestEncoding(t *testing.T) {
	t.Parallel()
	path := written(t, "a.csv", "\xc9\xd4\xc5\xcd,b\n1,2\n")
	rows, errs := readTable(t, pipeline.Table{Format: "csv", Path: path, Encoding: "koi8-r"})
	if want := (fields{"итем": "1", "b": "2"}); len(errs) > 0 || len(rows) != 1 || !reflect.DeepEqual(rows[0].Fields, want) {
		t.Errorf("got %v, %q", rows, errs)
	}
	_, errs = readTable(t, pipeline.Table{Format: "csv", Path: path, Encoding: "latin-99"})
	if len(errs) != 1 || !strings.Contains(errs[0], `there is no encoding "latin-99"`) {
		t.Errorf("got %q", errs)
	}
}

// An address is asked with its headers, again after a passing failure, and its
// query is in no error.
func TestAddress(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer hush":
			http.Error(w, "who are you?", http.StatusUnauthorized)
		case asked.Add(1) == 1:
			http.Error(w, "later", http.StatusServiceUnavailable)
		default:
			fmt.Fprint(w, `[{"a": 1}]`)
		}
	}))
	defer site.Close()
	table := pipeline.Table{Format: "json", Path: site.URL + "/list?token=hush", Headers: map[string]string{"Authorization": "Bearer hush"}, Limit: time.Minute}
	rows, errs := readTable(t, table)
	if len(rows) != 1 || len(errs) > 0 || asked.Load() != 2 {
		t.Errorf("rows %v, errors %q, asked %d times", rows, errs, asked.Load())
	}
	table.Headers = nil
	_, errs = readTable(t, table)
	if want := []string{"fetching " + site.URL + "/list: the answer is 401 Unauthorized"}; !slices.Equal(errs, want) {
		t.Errorf("errors %q, want %q", errs, want)
	}
	site.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range Read(ctx, table) {
		if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "hush") {
			t.Errorf("got %v", err)
		}
	}
}

func TestSitemap(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	defer site.Close()
	serve := func(path, text string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, strings.ReplaceAll(text, "SITE", site.URL))
		})
	}
	serve("/index.xml", `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>SITE/a.xml?token=hush</loc></sitemap><sitemap><loc> SITE/b.xml.gz </loc></sitemap></sitemapindex>`)
	serve("/a.xml", "<urlset>\n<url><loc>SITE/1?a=1&amp;b=2</loc><lastmod>2026-11-25</lastmod></url>\n<url/></urlset>")
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	fmt.Fprint(z, "<urlset><url><loc>https://x/2</loc><priority>0.5</priority></url></urlset>")
	must(t, z.Close())
	serve("/b.xml.gz", zipped.String())
	serve("/round.xml", `<sitemapindex><sitemap><loc>SITE/round.xml</loc></sitemap></sitemapindex>`)
	serve("/page", `<html><body>Sign in</body></html>`)
	rows, errs := readTable(t, pipeline.Table{Format: "sitemap", Path: site.URL + "/index.xml"})
	want := []Row{
		{Line: 2, File: site.URL + "/a.xml", Fields: fields{"loc": site.URL + "/1?a=1&b=2", "lastmod": "2026-11-25", "changefreq": "", "priority": ""}},
		{Line: 1, File: site.URL + "/b.xml.gz", Fields: fields{"loc": "https://x/2", "lastmod": "", "changefreq": "", "priority": "0.5"}},
	}
	if !reflect.DeepEqual(rows, want) || !slices.Equal(errs, []string{"line 3: has no <loc>"}) {
		t.Errorf("rows %v, errors %q", rows, errs)
	}
	for path, want := range map[string]string{"/round.xml": "in a circle", "/page": "it begins with <html>"} {
		if _, errs := readTable(t, pipeline.Table{Format: "sitemap", Path: site.URL + path}); len(errs) != 1 || !strings.Contains(errs[0], want) {
			t.Errorf("%s: %q, want %q", path, errs, want)
		}
	}
}
