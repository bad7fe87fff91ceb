package snapshot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pipe/pipeline/record"
	"pipe/pipeline/report/snapshot"
)

// A workbook has numbers as numbers and every text as the text that it is.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	h := filled(t)
	h.attempt(t, "E", done("E.pdf", field("vin", "0042"), field("big", 12345678901234567), field("yes", true)))
	w := h.writer(t, "out/vehicles.xlsx")
	check(t, w.Write(t.Context()))
	book, err := excelize.OpenFile(filepath.Join(h.dir, "out", "vehicles.xlsx"))
	check(t, err)
	defer func() { check(t, book.Close()) }()
	rows, err := book.GetRows("Records")
	check(t, err)
	same(t, "rows", rows, [][]string{
		{"key", "vin", "pages", "price", "sold", "note", "big", "yes"},
		{"A<1>", "V1", "2", "2.5"},
		{"C", "=1+1", "", "", "", "two\nlines, \"quoted\""},
		{"E", "0042", "", "", "", "", "12345678901234567", "TRUE"},
	})
	for cell, want := range map[string]excelize.CellType{
		"C2": excelize.CellTypeUnset, "D2": excelize.CellTypeUnset, "B3": excelize.CellTypeInlineString, "B4": excelize.CellTypeInlineString, "G4": excelize.CellTypeInlineString, "H4": excelize.CellTypeBool,
	} {
		got, err := book.GetCellType("Records", cell)
		check(t, err)
		if got != want {
			t.Errorf("%s is of type %d, want %d", cell, got, want)
		}
	}
	if formula, err := book.GetCellFormula("Records", "B3"); err != nil || formula != "" {
		t.Errorf("B3 is the formula %q, %v", formula, err)
	}

	// What no cell can hold is told, not cut.
	h.attempt(t, "D", done("D.pdf", field("note", strings.Repeat("x", 32768))))
	if err := w.Write(t.Context()); err == nil || !strings.Contains(err.Error(), `item "D": field "note" has more than the 32767 characters`) {
		t.Errorf("got %v", err)
	}
}

// Dates are dates, and lists of rows are JSON, in a workbook and in a CSV file.
func TestDatesAndLists(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.begin(t, "A", "B")
	list := []any{map[string]any{"name": "<Ann>", "years": 3}}
	h.attempt(t, "A", done("A.pdf", field("since", "2026-11-25"), field("at", "2026-11-25T08:30:00"), field("text", "2026-11-25"), field("owners", list)))
	h.attempt(t, "B", done("B.pdf", field("since", "1899-12-31"), field("at", nil)))
	w, err := snapshot.New(h.led, snapshot.Options{
		Dir: h.dir, Spec: "x",
		Records: h.files(t, record.Kinds{"since": "date", "at": "time"}, "a.xlsx", "a.csv", "a.jsonl"),
	})
	check(t, err)
	check(t, w.Write(t.Context()))
	book, err := excelize.OpenFile(filepath.Join(h.dir, "a.xlsx"))
	check(t, err)
	defer func() { check(t, book.Close()) }()
	const json = `[{"name":"<Ann>","years":3}]`
	for _, raw := range []bool{false, true} {
		rows, err := book.GetRows("Records", excelize.Options{RawCellValue: raw})
		check(t, err)
		day := []string{"2026-11-25", "2026-11-25 08:30:00"}
		if raw { // days since 1899-12-30
			day = []string{"46351", "46351.354166666664"}
		}
		same(t, "rows", rows, [][]string{
			{"key", "since", "at", "text", "owners"},
			{"A", day[0], day[1], "2026-11-25", json},
			{"B", "1899-12-31"},
		})
	}
	for name, want := range map[string]string{
		"a.csv":   "key,since,at,text,owners\nA,2026-11-25,2026-11-25T08:30:00,2026-11-25,\"" + strings.ReplaceAll(json, `"`, `""`) + "\"\nB,1899-12-31,,,\n",
		"a.jsonl": `{"key": "A", "since": "2026-11-25", "at": "2026-11-25T08:30:00", "text": "2026-11-25", "owners": ` + json + `, "files": ["A.pdf"]}` + "\n" + `{"key": "B", "since": "1899-12-31", "at": null, "files": ["B.pdf"]}` + "\n",
	} {
		got, err := os.ReadFile(filepath.Join(h.dir, name))
		check(t, err)
		same(t, name, string(got), want)
	}
}
