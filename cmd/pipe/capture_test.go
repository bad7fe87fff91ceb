package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
	"pipe/pipeline/testdisplay"
)

// The browsers that a file is captured in. They differ in what they do with a
// PDF: the shell downloads it, the others have a viewer.
var browsers = []struct {
	name, word string
	headed     bool
}{
	{name: "headless shell", word: "headless-shell"},
	{name: "headless", word: "chromium"},
	{name: "headed", word: "chromium", headed: true},
}

// twice says of the forms whose report may be produced more than once, why.
var twice = map[string]string{}

// strict takes all second chances away.
var strict = []string{"attempts: 3", "attempts: 1"}

// One spec takes every vehicle's own file, whichever way the site delivers it,
// in every browser, with one page or with seven that share a context, at the
// first attempt; and the site produces each report once.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	deliveries(t, len(practice.Deliveries()), "7")
}

func deliveries(t *testing.T, vehicles int, counts ...string) {
	t.Helper()
	for _, b := range browsers {
		for _, pages := range counts {
			t.Run(b.name+", "+pages+" pages", func(t *testing.T) {
				t.Parallel()
				j := newJob(t, practice.Options{
					Vehicles: vehicles, Delivery: practice.MixedDelivery, PDFLatency: latency(0, 150*time.Millisecond),
				}, append(straight(t), strict...)...)
				out := j.runIn(t, b.word, b.headed, "--contexts", "1", "--pages", pages)
				for _, form := range practice.Deliveries() {
					j.came(t, form)
				}
				if t.Failed() {
					t.Log(out)
					return
				}
				j.whole()
			})
		}
	}
}

// named are the edits for what the spec has to name: a link whose address is
// read, a page that is printed, an archive of several files.
var named = func() map[string][]string {
	const on, as, expect = "on: {click: {role: button, name: Create PDF}}", `as: "${{ item.stock_number }}.pdf"`, "expect: {type: pdf, contains"
	return map[string][]string{
		"link":  {on, `from: "#report"`},
		"print": {on, on + "\n      print: letter"},
		"zip":   {as, "many: true\n      as: \"${{ item.stock_number }}-${{ file.name }}\"", expect, "expect: {contains"},
	}
}()

// What the spec has to name comes as well, here each in another browser.
func TestDeliveriesByName(t *testing.T) {
	t.Parallel()
	deliveriesByName(t, 4, func(form string, b int) bool { return form == []string{"zip", "link", "print"}[b] })
}

func deliveriesByName(t *testing.T, vehicles int, wanted func(form string, browser int) bool) {
	t.Helper()
	for form, edits := range named {
		for i, b := range browsers {
			if !wanted(form, i) {
				continue
			}
			t.Run(form+", "+b.name, func(t *testing.T) {
				t.Parallel()
				j := newJob(t, practice.Options{Vehicles: vehicles, Delivery: form, PDFLatency: latency(0, 150*time.Millisecond)}, slices.Concat(straight(t), strict, edits)...)
				out := j.runIn(t, b.word, b.headed, "--contexts", "1", "--pages", "4")
				if form == "zip" {
					j.unpacked(t)
				} else {
					j.came(t, form)
					j.onceEach()
				}
				if t.Failed() {
					t.Log(out)
				}
			})
		}
	}
}

// unpacked makes sure that both files of each vehicle's archive are there.
func (j *job) unpacked(t *testing.T) {
	t.Helper()
	read := reader(t)
	stock := j.site.Vehicles()
	for _, v := range stock {
		base := filepath.Join(j.out, "files", v.Reference)
		if err := read(base+"-BookoutReport.pdf", v.Reference, v.VIN); err != nil {
			t.Errorf("%s: %v; attempts: %q", v.Reference, err, j.reasons(v.Reference))
		}
		if list, err := os.ReadFile(base + "-EquipmentList.csv"); err != nil || !strings.Contains(string(list), v.Reference+","+v.VIN) {
			t.Errorf("%s: %v, %.80q", v.Reference, err, list)
		}
	}
	if names, err := os.ReadDir(filepath.Join(j.out, "files")); err != nil || len(names) != 2*len(stock) {
		t.Errorf("%d files for %d vehicles: %v", len(names), len(stock), err)
	}
	j.onceEach()
}

// runIn is `pipe run` in a browser. Whether it did what it should, the files
// tell.
func (j *job) runIn(t *testing.T, browser string, headed bool, args ...string) string {
	t.Helper()
	if browser != "headless-shell" {
		j.plainly() // the race detector has seen it all with the quickest one
	}
	cmd, out := j.command(append([]string{"run", "inventory.yaml"}, args...)...)
	cmd.Env = append(cmd.Env, "PIPE_BROWSER="+browser)
	if headed {
		cmd.Args = append(cmd.Args, "--headed")
		cmd.Env = append(cmd.Env, "DISPLAY="+testdisplay.Start(t))
	}
	_ = cmd.Run()
	return out.String()
}

// came makes sure that the reports of all vehicles of a form are there.
func (j *job) came(t *testing.T, form string) {
	t.Helper()
	var cars []practice.Vehicle
	for _, v := range j.site.Vehicles() {
		if j.site.DeliveryOf(v.Reference) == form {
			cars = append(cars, v)
		}
	}
	if len(cars) == 0 {
		return
	}
	t.Run(form, func(t *testing.T) {
		read := reader(t)
		produced := j.site.Counts().Produced
		for _, v := range cars {
			if err := read(filepath.Join(j.out, "files", v.Reference+".pdf"), v.Reference, v.VIN); err != nil {
				t.Errorf("%s: %v; attempts: %q", v.Reference, err, j.reasons(v.Reference))
			}
			if n := produced[v.Reference]; n != 1 && (n == 0 || twice[form] == "") {
				t.Errorf("%s was produced %d times", v.Reference, n)
			}
		}
	})
}

// Every bad delivery is refused for a reason of its own, and heals.
func TestBadDeliveries(t *testing.T) {
	t.Parallel()
	for kind, bad := range map[string]struct {
		faults practice.Faults
		reason string
		// evidence is whether there are bytes that can be set aside.
		evidence bool
		// limit is when the capture gives up what does not come.
		limit string
	}{
		"html_as_pdf":    {practice.Faults{HTMLAsPDF: 1}, `proof_failed: file is an error page titled "Server Error", not a PDF`, true, ""},
		"truncated_pdf":  {practice.Faults{TruncatedPDF: 1}, "transient: the file was cut off: ", false, ""},
		"cut_chunks":     {practice.Faults{CutChunks: 1}, "transient: the file did not come whole: ", false, ""},
		"no_content":     {practice.Faults{NoContent: 1}, "answered 204", false, ""},
		"part":           {practice.Faults{Part: 1}, "and a part is never the file", false, ""},
		"empty":          {practice.Faults{Empty: 1}, "proof_failed: file is empty", false, ""},
		"wrong_pdf":      {practice.Faults{WrongPDF: 1}, "proof_failed: file is a PDF of 3 pages without", true, ""},
		"login_page":     {practice.Faults{LoginPage: 1}, `proof_failed: file is the login page titled "Sign In`, true, ""},
		"viewer_page":    {practice.Faults{ViewerPage: 1}, "proof_failed: file is a browser's PDF viewer page, not the PDF", true, ""},
		"zero_pages":     {practice.Faults{ZeroPages: 1}, "proof_failed: file is a PDF without pages", true, ""},
		"half_then_hang": {practice.Faults{HalfThenHang: 1, HangFor: 10 * time.Minute}, "transient: the file began to come and did not end: ", false, "8s"},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, practice.Options{Vehicles: 3, Faults: bad.faults}, append(straight(t),
				"retry:", "timeouts: {capture: "+cmp.Or(bad.limit, "2m")+"}\n\nretry:", "initial: 3s", "initial: 10ms")...)
			out := j.run(app.ExitDone, "--contexts", "1", "--pages", "3")
			j.whole()
			counts := j.site.Counts()
			for _, v := range j.site.Vehicles() {
				reasons := j.reasons(v.Reference)
				if len(reasons) != 1 || !strings.Contains(reasons[0], bad.reason) {
					t.Errorf("%s was refused for %q, want %q", v.Reference, reasons, bad.reason)
				}
				if counts.Produced[v.Reference] != 1 {
					t.Errorf("%s was produced %d times", v.Reference, counts.Produced[v.Reference])
				}
			}
			if counts.Faults[kind] != 3 {
				t.Errorf("what struck: %v", counts.Faults)
			}
			evidence, err := filepath.Glob(filepath.Join(j.out, "evidence", "2*"))
			if bad.evidence && (err != nil || len(evidence) != 3) {
				t.Errorf("%d refused files are set aside: %v", len(evidence), err)
			}
			if t.Failed() {
				t.Log(out)
			}
		})
	}
}
