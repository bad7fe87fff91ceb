package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// A check presses nothing that takes a file, is quiet about a site that is as it was, and
// tells what has drifted, with an exit code for each.
func TestCheck(t *testing.T) {
	t.Parallel()
	o := practice.Options{Vehicles: 3, Missing: 1}
	edits := []string{
		"pool:", quick, "{role: button, name: Print/Email Reports}", `["#print-it", "#print-reports"]`, "{role: button, name: Create PDF}", `["#create-pdf", "button.primary"]`,
		"    format: csv\n", "    format: csv\n  map: {region: north}\n",
	}
	was := newJob(t, o, edits...)
	was.run(app.ExitFailed)
	on := func(t *testing.T, skin string) *job {
		t.Helper()
		o := o
		o.Reskin = skin
		j := newJob(t, o, edits...)
		j.must(os.CopyFS(filepath.Dir(j.out), os.DirFS(filepath.Dir(was.out))))
		return j
	}
	t.Run("as it was", func(t *testing.T) {
		t.Parallel()
		j := on(t, "")
		has(t, j.pipe(app.ExitDone, "check", "inventory.yaml"), "fine: 4 rows in the list", "targets as when they last worked")
		if c := j.site.Counts(); len(c.Produced) != 0 {
			t.Errorf("the site has produced %v", c.Produced)
		}
	})
	t.Run("another name", func(t *testing.T) {
		t.Parallel()
		j := on(t, "texts")
		edited, err := os.ReadFile(filepath.Join(j.dir, "inventory.yaml"))
		j.must(err)
		for was, is := range map[string]string{"name: Sign in": "name: Log in", "name: Export": "name: Download", "Export All Columns": "All Columns", "Export to CSV": "Save as CSV"} {
			edited = []byte(strings.ReplaceAll(string(edited), was, is))
		}
		j.write("inventory.yaml", string(edited))
		var report struct {
			Fine   bool
			Drifts []struct{ Path, At, Target, What string }
		}
		out := j.pipe(app.ExitFailed, "check", "inventory.yaml", "--json")
		_, object, _ := strings.Cut(out, "{")
		j.must(json.Unmarshal([]byte("{"+object), &report))
		has(t, out, `its name was \"Print/Email Reports\" and is \"Reports and Mail\"`)
		if report.Fine || report.Drifts[0].Path != "download[0].click" || !strings.HasPrefix(report.Drifts[0].At, "inventory.yaml:") {
			t.Errorf("%+v", report)
		}
	})
	t.Run("nothing there", func(t *testing.T) {
		t.Parallel()
		has(t, on(t, "ids").pipe(app.ExitFailed, "check", "inventory.yaml", "--item", was.site.Vehicles()[0].Reference), `"#inventory"`, "pipe heal looks for what has moved")
	})
	t.Run("columns", func(t *testing.T) {
		t.Parallel()
		j := on(t, "")
		text, err := os.ReadFile(filepath.Join(j.dir, "inventory.yaml"))
		j.must(err)
		j.write("inventory.yaml", strings.Replace(string(text), "  map: {region: north}\n", "", 1))
		has(t, j.pipe(app.ExitFailed, "check", "inventory.yaml"), "has them no longer: region")
	})
	t.Run("unreachable", func(t *testing.T) {
		t.Parallel()
		j := on(t, "")
		j.must(j.site.Close())
		j.pipe(app.ExitEnvironment, "check", "inventory.yaml")
	})
	t.Run("no such item", func(t *testing.T) {
		t.Parallel()
		has(t, on(t, "").pipe(app.ExitSpec, "check", "inventory.yaml", "--item", "X-0"), `no item has the key "X-0"`)
	})
}

// A check of a list on several pages reads the first and warns of nothing. A field of the
// list that is gone is told at its place, and a login that the site refuses in its words.
func TestCheckOfList(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 28}, exported, `  table:
    goto: /inventory
    rows: "#grid tbody tr"
    fields: {stock_number: {text_of: td.stock}, shade: {text_of: td.color}}
    paginate: {next: {role: link, name: Next}}
`, "pool:", "timeouts: {step: 3s}\npool:")
	out := j.pipe(app.ExitDone, "check", "inventory.yaml")
	if has(t, out, "fine: "); strings.Contains(out, "WARN") {
		t.Errorf("it warns:\n%s", out)
	}
	src := j.read("inventory.yaml")
	j.write("inventory.yaml", strings.Replace(src, "td.color", "td.shade", 1))
	above, _, _ := strings.Cut(src, "shade:")
	line := strings.Count(above, "\n") + 1
	has(t, j.pipe(app.ExitFailed, "check", "inventory.yaml"), fmt.Sprintf("DRIFT inventory.yaml:%d:49: source.table.fields.shade: ", line), `reading shade of row 1: waiting for "td.shade"`)

	j.env = append(j.env, "DEALER_PASSWORD=other")
	out = j.pipe(app.ExitEnvironment, "check", "inventory.yaml")
	if has(t, out, "REFUSED ", "the site says: "); strings.Contains(out, "pipe heal") || strings.Contains(out, "DRIFT") {
		t.Errorf("it is no drift:\n%s", out)
	}
}
