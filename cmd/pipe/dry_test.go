package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// quick has a step give up soon, for specs that are wrong.
const quick = "timeouts: {step: 8s, capture: 16s}\npool:"

// A dry run walks items up to the trigger and leaves it: the site has produced
// nothing, and there is no output folder.
func TestDryRun(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 8, Licence: true},
		"download:\n", "download:\n  - tab: {url: /inventory, do: [{wait: \"#StockNumber\"}]}\n")
	out := j.run(app.ExitDone, "--dry-run", "--limit", "2")
	refs := j.site.Vehicles()
	has(t, out, `navigate.steps[2].fill  inventory.yaml:`, `"#StockNumber": 1 element`,
		"passed over: it is optional, and not there", "download[0].tab.do[0].wait  inventory.yaml:",
		"would capture "+refs[0].Reference+".pdf: the trigger click button \"Create PDF\" resolves to 1 element",
		"record.fields.vin", "= "+refs[0].VIN, "= "+refs[1].VIN, "needs the file",
		"2 items walked, 0 failed, 0 faults")
	c := j.site.Counts()
	if len(c.Produced) != 0 || c.Opened[refs[0].Reference] != 1 || len(c.Opened) != 2 {
		t.Errorf("the site has produced %v and shown %v", c.Produced, c.Opened)
	}
	if _, err := os.Stat(filepath.Join(j.dir, "out")); !os.IsNotExist(err) {
		t.Errorf("a dry run has made the output folder: %v", err)
	}
	for _, secret := range []string{practice.DefaultPassword} {
		if strings.Contains(out, secret) {
			t.Errorf("the output holds a secret:\n%s", out)
		}
	}
}

// What is done is passed over, the kept login serves and stays as it is, and
// the ledger with it.
func TestDryRunAfterRun(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 4})
	j.run(app.ExitDone, "--limit", "3")
	kept, err := filepath.Glob(filepath.Join(j.out, "sessions", "*"))
	j.must(err)
	before := map[string]string{}
	for _, path := range append(kept, app.LedgerPath(j.out)) {
		body, err := os.ReadFile(path)
		j.must(err)
		before[path] = string(body)
	}
	logins := j.site.Counts().Logins
	out := j.run(app.ExitDone, "--dry-run")
	has(t, out, "1 item walked, 0 failed, 0 faults; 3 passed over, which are done")
	if n := j.site.Counts().Logins; n != logins {
		t.Errorf("%d logins, though one is kept", n-logins)
	}
	for path, want := range before {
		if body, err := os.ReadFile(path); err != nil || string(body) != want {
			t.Errorf("%s has changed (%v)", path, err)
		}
	}
}

// Sessions that a dry run opens are ended where the spec says so.
func TestDryRunLogsOut(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 2}, "  success: {visible", "  logout: [{goto: /logout}]\n  success: {visible")
	j.run(app.ExitDone, "--dry-run", "--limit", "1")
	if c := j.site.Counts(); c.Logins != 1 || c.Logouts != 1 {
		t.Errorf("%d logins, %d logouts", c.Logins, c.Logouts)
	}
}

// Each selector that resolves to nothing is told at its place, in the steps, in
// the trigger, in the record and in the export.
func TestDryRunFindsWrongSelectors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to, at, not string }{
		"step": {`img[title=Bookout]"`, `img[title=Bokout]"`, "navigate.steps[5].click", "would capture"},
		// An optional step before it waits for it too.
		"behind":  {`- fill: {selector: "#StockNumber"`, `- fill: {selector: "#StockNo"`, "navigate.steps[2].fill", "would capture"},
		"trigger": {"name: Create PDF", "name: Creat XPDF", "download[1].capture.on.click", ""},
		"record":  {`text_of: "#vin"`, `text_of: "#wim"`, "record.fields.vin", ""},
		"export":  {"text: Export to CSV", "text: Export to XSV", "source.export.steps[3].click", "navigate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, practice.Options{Vehicles: 3}, c.from, c.to, "pool:", quick)
			text, err := os.ReadFile(filepath.Join(j.dir, "inventory.yaml"))
			j.must(err)
			line := strings.Count(string(text[:strings.Index(string(text), c.to)]), "\n") + 1
			out := j.run(app.ExitSpec, "--dry-run", "--limit", "1")
			has(t, out, "inventory.yaml:"+strconv.Itoa(line)+":", c.at+": ", "1 fault")
			if c.not != "" && strings.Contains(out, c.not) {
				t.Errorf("the output holds %q:\n%s", c.not, out)
			}
			if n := len(j.site.Counts().Produced); n != 0 {
				t.Errorf("the site has produced %d files", n)
			}
		})
	}
}

// An item that fails, though all selectors resolve, is exit code 1; a click that
// the spec says writes is left, and what comes after it and is not there too.
func TestDryRunLeavesWrites(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 2, Missing: 1},
		"  - click: {role: button, name: Print/Email Reports}", "  - click: {role: button, name: Print/Email Reports, writes: true}")
	out := j.run(app.ExitFailed, "--dry-run", "--limit", "5")
	has(t, out, `would click: button "Print/Email Reports" resolves to 1 element`,
		"not reached: it may depend on download[0].click, which was not done", "the inventory has no vehicle "+j.site.MissingReferences()[0],
		"3 items walked, 1 failed, 1 fault")
	if c := j.site.Counts(); c.DownloadMax != 0 || len(c.Produced) != 0 {
		t.Errorf("%d modals were opened, %v produced", c.DownloadMax, c.Produced)
	}
}

// A wait that the old rows meet is told with its line, by a dry run and by a try; the
// waits of the shipped spec are not.
func TestIdleWaits(t *testing.T) {
	t.Parallel()
	const old, bad = `- "#grid tbody tr:only-child td.stock:text-is('${{ item.stock_number }}')"`, `- "#grid tbody tr"`
	j := newJob(t, practice.Options{Vehicles: 3})
	ref := j.site.Vehicles()[1].Reference
	for _, args := range [][]string{{"run", "inventory.yaml", "--dry-run", "--limit", "1"}, {"try", "inventory.yaml", "--item", ref, "--headless"}} {
		if out := j.pipe(app.ExitDone, args...); strings.Contains(strings.ToLower(out), "warning") {
			t.Errorf("%v warns:\n%s", args, out)
		}
	}
	text := shipped(t, old, bad, "pace: {delay: 1s}", "pace: {delay: 0s}")
	j.write("inventory.yaml", text)
	before, _, _ := strings.Cut(text, bad)
	line := strings.Count(before, "\n")
	for _, args := range [][]string{{"run", "inventory.yaml", "--dry-run", "--limit", "2"}, {"try", "inventory.yaml", "--item", ref, "--headless"}} {
		out := j.pipe(app.ExitDone, args...)
		has(t, out, fmt.Sprintf("inventory.yaml:%d:7: navigate.steps[3].wait: warning: this proves nothing, for it held already before navigate.steps[2].fill (inventory.yaml:", line),
			"such as a text with ${{ item.stock_number }}", "navigate.steps[4].expect: warning: ")
	}
}
