package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	_ "modernc.org/sqlite" // SQLite

	"pipe/cmd/pipe/internal/app"
)

// A column that the source has not is a fault at its place as soon as the source
// is open, whatever kind of source it is; odd names are told as they are written.
func TestColumnsOfEveryKind(t *testing.T) {
	t.Parallel()
	j := &job{t: t, dir: t.TempDir()}
	j.write("list.csv", "Order #,#,Name,Name\n1,2,3,4\n")
	j.write("list.json", `[{"Order #": "1", "Name": "3"}, {"Order #": "2", "#": "2", "Name (2)": "4", "name_2": "4"}]`)
	j.write("list.jsonl", `{"Order #": 1, "#": 2, "Name": 3, "Name (2)": 4}`+"\n")
	j.write("list.xml", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://x.example/1</loc></url></urlset>`)
	writeBook(t, filepath.Join(j.dir, "list.xlsx"))
	writeDatabase(t.Context(), t, filepath.Join(j.dir, "list.db"))
	const odd = `item["#"], item.name, item.name_2, item.order`
	for source, has := range map[string]string{
		"{csv: \"${{ env.HOME != '' ? 'list.csv' : '' }}\"}": odd, // not known before the run
		"{csv: list.csv}":     `item.order, item["#"], item.name, item.name_2`,
		"{json: list.json}":   odd,
		"{jsonl: list.jsonl}": odd,
		"{xlsx: list.xlsx}":   odd,
		`{sql: {dsn: "sqlite:list.db", query: "SELECT * FROM list"}}`: odd,
		"{sitemap: list.xml}":                              "item.changefreq, item.lastmod, item.loc, item.priority",
		`{items: [{"order": "1"}, {"#": "2", name: "3"}]}`: `item.order, item["#"], item.name`,
	} {
		j.write("kind.yaml", "name: kind\nkey: ${{ item.ordr }}\nsource: "+source+"\nnavigate: {home: \"http://127.0.0.1:1/\"}\n")
		told := j.pipe(app.ExitSpec, "plan", "kind.yaml")
		if want := `kind.yaml:2:15: key: the source has no column "ordr"`; !strings.Contains(told, want) || !strings.Contains(told, "; it has "+has+"\n") {
			t.Errorf("%s: %s", source, told)
		}
	}
	// What the simple name of the odd one is, is told, and works.
	j.write("kind.yaml", "name: kind\nkey: '${{ item.order + item[\"#\"] }}'\nsource: {json: list.json}\nnavigate: {home: \"http://127.0.0.1:1/\"}\n"+
		"record: {fields: {name: \"${{ item.name }}\", second: \"${{ item.name_2 }}\"}, to: names.csv}\n")
	has(t, j.pipe(app.ExitDone, "plan", "kind.yaml"), "rows 2 = new 2")
}

func writeBook(t *testing.T, path string) {
	t.Helper()
	book := excelize.NewFile()
	for cell, value := range map[string]string{"A1": "Order #", "B1": "#", "C1": "Name", "D1": "Name", "A2": "1", "B2": "2", "C2": "3", "D2": "4"} {
		if err := book.SetCellStr("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

func writeDatabase(ctx context.Context, t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range []string{`CREATE TABLE list ("Order #" TEXT, "#" TEXT, Name TEXT, "Name (2)" TEXT)`, `INSERT INTO list VALUES ('1', '2', '3', '4')`} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
}
