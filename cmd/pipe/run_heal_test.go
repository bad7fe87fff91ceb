package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// The practice site is in another dress one night: a run that heals brings all home by what
// the first proof has shown, tells it, and leaves the spec as it is, with a patch beside the
// files that pipe heal finds too.
func TestRunHeals(t *testing.T) {
	t.Parallel()
	o := practice.Options{Vehicles: 7}
	edits := []string{"pool:", quick, "initial: 3s", "initial: 1s", "\nretry:\n", "\nheal: auto\nretry:\n"}
	j := newJob(t, o, edits...)
	j.run(app.ExitDone, "--limit", "2")
	was := filepath.Dir(j.out)
	j = onSkin(t, o, "dialogs", was)
	j.write("inventory.yaml", shipped(t, append([]string{"pace: {delay: 1s}", "pace: {delay: 0s}"}, edits...)...))
	before := j.read("inventory.yaml")
	has(t, j.run(app.ExitDone), `HEALED     download[0].click (inventory.yaml:`, `button "Print/Email Reports" leads to nothing any more, and button "Reports…", `,
		"healed in this run: download[1].capture.on.click", "`pipe heal inventory.yaml --apply`", "out/inventory/heal/inventory.patch")
	for _, v := range j.site.Vehicles() {
		if err := reader(t)(filepath.Join(j.out, "files", v.Reference+".pdf"), v.Reference, v.VIN); err != nil {
			t.Error(err)
		}
	}
	if j.read("inventory.yaml") != before {
		t.Error("the run has changed the spec")
	}
	has(t, j.read("out/inventory/heal/inventory.patch"), "-  - click: {role: button, name: Print/Email Reports}\n", "+  - click: {role: button, name: Reports…}\n")
	if report, healed := j.heal("--apply", "--wait", "2s"); !healed || report.Patch != j.read("out/inventory/heal/inventory.patch") {
		t.Errorf("%+v", report)
	}
}

// sheetsSpec is a job on a site whose pages of items lead to their sheets.
const sheetsSpec = `name: sheets
base_url: ${{ env.SHEETS_URL }}
key: ${{ item.ref }}
pool: {contexts: 1, pages: PAGES}
timeouts: {step: 2s}
source: {items: [{ref: R-1}, {ref: R-2}, {ref: R-3}, {ref: R-4}, {ref: R-5}, {ref: R-6}]}
navigate:
  steps:
    - goto: /item/${{ item.ref }}
    - click: "#open"
download:
  - {name: none, evaluate: "document.title"}
  - {if: 'steps.none == "None"', skip: there is no sheet}
  - capture: {on: {click: "#save"}, as: "${{ item.ref }}.csv", expect: {contains: "${{ item.ref }}"}}
retry: {attempts: 2, backoff: {initial: 10ms}}
heal: HEAL
`

// sheets is such a site, and a job on it. What an item's page leads to, and by which id, is
// what link says: the path to the sheet, of which none is R-0.
type sheets struct {
	*job
	link atomic.Pointer[func(ref string) (id, sheet string)]
}

func newSheets(t *testing.T, heal, pages string) *sheets {
	t.Helper()
	needsBrowser(t)
	s := &sheets{}
	s.leads(func(ref string) (id, sheet string) { return "open", ref })
	html := func(w http.ResponseWriter, format string, args ...any) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html>"+format, args...)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/item/{ref}", func(w http.ResponseWriter, r *http.Request) {
		ref := r.PathValue("ref")
		id, sheet := (*s.link.Load())(ref)
		html(w, `<title>Item</title><h1>Item %s</h1><p><a id=%s class=link href=/sheet/%s>Sheet of the item</a></p><p><a href=/imprint>Imprint</a></p>`, ref, id, sheet)
	})
	mux.HandleFunc("/sheet/{ref}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("ref") == "R-0" {
			html(w, `<title>None</title><p>There is none.</p>`)
			return
		}
		html(w, `<title>Sheet</title><a id=save href=/file/%s>Save</a>`, r.PathValue("ref"))
	})
	mux.HandleFunc("/file/{ref}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		w.Header().Set("Content-Disposition", "attachment")
		fmt.Fprintf(w, "ref,value\n%s,of the one\n", r.PathValue("ref"))
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	s.job = &job{t: t, dir: t.TempDir(), env: []string{"SHEETS_URL=" + site.URL}}
	s.out = filepath.Join(s.dir, "out", "sheets")
	s.write("sheets.yaml", strings.NewReplacer("HEAL", heal, "PAGES", pages).Replace(sheetsSpec))
	return s
}

func (s *sheets) leads(link func(ref string) (id, sheet string)) { s.link.Store(&link) }

// sheet gives the id and the sheet whatever the item is.
func sheet(id string, of func(ref string) string) func(string) (string, string) {
	return func(ref string) (string, string) { return id, of(ref) }
}

// own makes sure that each file is its item's own, and gives how many there are.
func (s *sheets) own() int {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.out, "files", "*.csv"))
	s.must(err)
	for _, file := range files {
		text, err := os.ReadFile(filepath.Clean(file))
		s.must(err)
		if ref := strings.TrimSuffix(filepath.Base(file), ".csv"); !strings.Contains(string(text), ref+",") {
			s.t.Errorf("%s holds %q", file, text)
		}
	}
	return len(files)
}

// What a run goes by on trial counts for no more than its proof: it is not gone by where it
// leads to another item's file or to the end of an item without one, which is no such end
// then; nor before a second item finds nothing.
func TestRunHealsWhatIsProved(t *testing.T) {
	t.Parallel()
	itself := func(ref string) string { return ref }
	for name, c := range map[string]struct {
		heal, pages string
		link        func(string) (id, sheet string)
		code, files int
		told        []string
		not         string
	}{
		"moved":         {"auto", "1", sheet("show", itself), app.ExitDone, 6, []string{`retry      R-3  attempt 1, transient: waiting for "#open"`, "HEALED     navigate.steps[1].click", "6 done"}, "retry      R-4"},
		"by five":       {"auto", "5", sheet("show", itself), app.ExitDone, 6, []string{"HEALED     navigate.steps[1].click", "6 done"}, "FAILED"},
		"off":           {"off", "1", sheet("show", itself), app.ExitFailed, 2, []string{"FAILED     R-3"}, "HEALED"},
		"nobody to ask": {"ask", "1", sheet("show", itself), app.ExitFailed, 2, []string{"heal?      navigate.steps[1].click", `link "Sheet of the item"`, "FAILED     R-3"}, "HEALED"},
		"astray":        {"auto", "1", sheet("show", func(string) string { return "R-1" }), app.ExitFailed, 2, []string{"retry      R-4  attempt 1, proof_failed", "the attempt went by a target on trial", `FAILED     R-5  attempt 2, transient: waiting for "#open"`}, "HEALED"},
		"to no end":     {"auto", "1", sheet("show", func(string) string { return "R-0" }), app.ExitFailed, 2, []string{"retry      R-4  attempt 1, proof_failed: file is missing, which alone would prove", "skipped: there is no sheet"}, "skipped    R"},
		"one alone": {"auto", "1", func(ref string) (string, string) {
			if ref == "R-4" {
				return "show", ref
			}
			return "open", ref
		}, app.ExitFailed, 5, []string{"FAILED     R-4  attempt 2, transient"}, "HEALED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSheets(t, c.heal, c.pages)
			s.pipe(app.ExitDone, "run", "sheets.yaml", "--limit", "2")
			s.leads(c.link)
			out := s.pipe(c.code, "run", "sheets.yaml")
			has(t, out, c.told...)
			if strings.Contains(out, c.not) {
				t.Errorf("it says %q:\n%s", c.not, out)
			}
			if n := s.own(); n != c.files {
				t.Errorf("%d files are there, want %d:\n%s", n, c.files, out)
			}
			if _, err := os.Stat(filepath.Join(s.out, "heal", "sheets.patch")); (err == nil) != (c.not != "HEALED") && c.files != 2 {
				t.Errorf("the patch: %v", err)
			}
		})
	}
}

// Whoever sits there is asked, and nothing is begun meanwhile. By a no, the spec stands as it
// is; by a yes, the item is done again, at no cost, and all others go by what it has proved.
func TestRunAsksBeforeItHeals(t *testing.T) {
	t.Parallel()
	for key, want := range map[string][]string{"y": {"HEALED     navigate.steps[1].click", "sheets: 6 of 6 done"}, "n": {"sheets: 2 of 6 done"}} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			s := newSheets(t, "ask", "1")
			s.pipe(app.ExitDone, "run", "sheets.yaml", "--limit", "2")
			s.leads(sheet("show", func(ref string) string { return ref }))
			term := s.inTerminal(100, 40, "pipe run sheets.yaml")
			term.AwaitText("Try it?", "y  try it", "paused for")
			term.Type(key)
			term.AwaitText(append(want, "\n$")...)
			if n := s.own(); (n == 6) != (key == "y") {
				t.Errorf("%d files", n)
			}
		})
	}
}
