package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// healedReport is what `pipe heal --json` prints.
type healedReport struct {
	Healed []struct {
		Path, Old, New, Picture string
		Score, Margin           float64
		Also                    []string
	}
	Left []struct {
		Path, Target, Reason string
		Candidates           []struct{ Score float64 }
	}
	Failed, Patch, Unproved string
	Proof                   []string
	Proved, Applied         bool
}

// whatWasKnown runs the shipped spec on a site, and gives the output folder, whose ledger
// knows the elements, of two vehicles and one that is missing.
func whatWasKnown(t *testing.T, o practice.Options) string {
	t.Helper()
	j := newJob(t, o, "pool:", quick, "initial: 3s", "initial: 1s", "contexts: 2", "contexts: 1")
	j.run(app.ExitFailed)
	return filepath.Dir(j.out)
}

// onSkin is a job on a site that has changed since the output folder was filled.
func onSkin(t *testing.T, o practice.Options, skin, out string) *job {
	t.Helper()
	o.Reskin = skin
	j := newJob(t, o, "pool:", quick, "initial: 3s", "initial: 1s", "contexts: 2", "contexts: 1")
	j.must(os.CopyFS(filepath.Dir(j.out), os.DirFS(out)))
	return j
}

// A site in ten other dresses: of at least nine the spec is healed and proved, and then a run
// by it brings all files home and knows what is missing for missing, as before. Where it is
// not healed, nothing is applied.
func TestHealReskinned(t *testing.T) {
	t.Parallel()
	o := practice.Options{Vehicles: 4, Missing: 1}
	was := whatWasKnown(t, o)
	var mu sync.Mutex
	var table []string
	right := 0
	t.Run("skin", func(t *testing.T) {
		for _, skin := range practice.Skins() {
			t.Run(skin.Name, func(t *testing.T) {
				t.Parallel()
				j := onSkin(t, o, skin.Name, was)
				report, healed := j.heal("--apply", "--wait", "2s")
				if healed {
					j.comesHomeAsBefore()
				}
				mu.Lock()
				defer mu.Unlock()
				if healed {
					right++
				}
				table = append(table, fmt.Sprintf("%-10s  %-6v %d targets  %s", skin.Name, healed, len(report.Healed), skin.About))
				if len(report.Healed) == 0 && healed || !healed && report.Applied {
					t.Errorf("healed %v: %+v", healed, report)
				}
			})
		}
	})
	t.Logf("%d of %d healed and right\n%s", right, len(practice.Skins()), strings.Join(table, "\n"))
	if len(practice.Skins()) != 10 || right < 9 {
		t.Errorf("%d of %d are healed and right, want at least 9 of 10", right, len(practice.Skins()))
	}
}

// heal heals the job's spec, and tells whether nothing was left.
func (j *job) heal(flags ...string) (report healedReport, healed bool) {
	j.t.Helper()
	cmd, errs := j.command(append([]string{"heal", "inventory.yaml", "--json"}, flags...)...)
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	if decoded := json.Unmarshal(out.Bytes(), &report); decoded != nil {
		j.t.Fatalf("%v, %v: %s\n%s", decoded, err, &out, errs)
	}
	if strings.Contains(out.String()+errs.String(), practice.DefaultPassword) {
		j.t.Error("the password is told")
	}
	j.t.Log(report.Patch)
	if err != nil {
		j.t.Logf("left: %+v\nfailed: %s\nunproved: %s", report.Left, report.Failed, report.Unproved)
	}
	return report, err == nil
}

// comesHomeAsBefore runs the spec into another folder: all files and records are right, and
// what the site has not is told to be missing.
func (j *job) comesHomeAsBefore() {
	j.t.Helper()
	j.run(app.ExitFailed, "--out", "after")
	records, err := os.ReadFile(filepath.Join(j.dir, "after", "vehicles.csv"))
	j.must(err)
	for _, v := range j.site.Vehicles() {
		if err := reader(j.t)(filepath.Join(j.dir, "after", "files", v.Reference+".pdf"), v.Reference, v.VIN); err != nil {
			j.t.Error(err)
		}
		if !strings.Contains(string(records), v.VIN) {
			j.t.Errorf("no record of %s:\n%s", v.Reference, records)
		}
	}
	has(j.t, j.pipe(app.ExitFailed, "failures", "inventory.yaml", "--out", "after"), "1 item, not_found", "the inventory has no vehicle "+j.site.MissingReferences()[0])
}

// Without the site, what failed is looked for on the page that was kept of it. The patch is the
// one that the site would prove; nothing is applied.
func TestHealOffline(t *testing.T) {
	t.Parallel()
	o := practice.Options{Vehicles: 3}
	j := newJob(t, o, "pool:", quick, "initial: 3s", "initial: 1s", "contexts: 2", "contexts: 1")
	j.run(app.ExitDone)
	was := filepath.Dir(j.out)
	j = onSkin(t, o, "dialogs", was)
	j.write("inventory.yaml", strings.Replace(j.read("inventory.yaml"), "  attempts: 3\n", "  attempts: 1\n", 1))
	key := j.site.Vehicles()[0].Reference
	j.pipe(app.ExitFailed, "run", "inventory.yaml", "--again", key, "--only", key)
	_ = j.site.Close()
	j.env = nil
	before := j.read("inventory.yaml")
	report, healed := j.heal("--offline")
	if healed || report.Proved || len(report.Healed) == 0 || report.Healed[0].Path != "download[0].click" || report.Healed[0].New != `button "Reports…"` {
		t.Errorf("%+v", report)
	}
	if j.read("inventory.yaml") != before {
		t.Error("the spec was changed")
	}
	// What fails on the copy otherwise than by a target that leads to nothing is no success.
	j.write("inventory.yaml", strings.Replace(before, "  - click: {role: button, name: Print/Email Reports}\n", "  - expect: {hidden: \"#vin\", timeout: 500ms}\n", 1))
	has(t, j.pipe(app.ExitFailed, "heal", "inventory.yaml", "--offline"), "download[0].expect")
	has(t, j.pipe(app.ExitSpec, "heal", "inventory.yaml", "--offline", "--apply"), "--apply wants a proof on the site")
	// Of a target that somebody has written anew, what was there before is told.
	j.write("inventory.yaml", strings.Replace(before, "name: Print/Email Reports}", "name: Print and mail}", 1))
	has(t, j.pipe(app.ExitFailed, "heal", "inventory.yaml", "--offline"), `the spec has been changed here: run 1 found button "Print/Email Reports" at this place`)
}
