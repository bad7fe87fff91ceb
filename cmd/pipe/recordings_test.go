package main

import (
	"bytes"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
	"pipe/pipeline/traffic"
)

// recordings are the folders of the shipped specs' recordings, by the names of the specs.
func recordings(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "specs", "*.yaml"))
	if err != nil || len(paths) != len(brings) {
		t.Fatalf("%d specs are shipped, %d are tested: %v", len(paths), len(brings), err)
	}
	all := map[string]string{}
	for _, path := range paths {
		all[strings.TrimSuffix(filepath.Base(path), ".yaml")] = app.TestFolder(path, "")
	}
	return all
}

// Every shipped spec comes to what it came to when it was recorded, with no site, no secret
// and no variable there.
func TestRecordings(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	for name, folder := range recordings(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), "pipe", "test", filepath.Join("..", "..", "specs", name+".yaml"))
			cmd.Env = append(os.Environ(), "INVENTORY_URL=", "DEALER_USERNAME=", "DEALER_PASSWORD=", "DEALER_OTP=")
			if out, err := cmd.CombinedOutput(); err != nil || !bytes.HasPrefix(out, []byte("ok ")) {
				t.Errorf("%v\n%s", err, out)
			}
			_, want, err := traffic.Load(folder)
			if err != nil || len(want.Items) != 3 {
				t.Errorf("%d items are recorded, %v", len(want.Items), err)
			}
		})
	}
}

// holdsSmallPDFs wants reports in a recording that have the vehicle's number, and no more
// its VIN.
func (j *job) holdsSmallPDFs(t *testing.T, folder string, v practice.Vehicle) {
	t.Helper()
	archive, _, err := traffic.Load(filepath.Join(j.dir, folder))
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range archive.Exchanges() {
		if text := string(e.Body); strings.HasPrefix(text, "%PDF-") {
			found = found || strings.Contains(text, v.Reference)
			if strings.Contains(text, v.VIN) || len(text) > 20<<10 {
				t.Errorf("the report from %s has %d bytes, or the VIN", e.URL, len(text))
			}
		}
	}
	if !found {
		t.Errorf("no report of %s is recorded", v.Reference)
	}
}

func (j *job) read(name string) string {
	j.t.Helper()
	text, err := os.ReadFile(filepath.Join(j.dir, name))
	j.must(err)
	return string(text)
}

// A spec is recorded on the site and tested without it: what is scrubbed is in no file, a
// change of the spec that breaks it fails with its place, one that is wanted is taken.
func TestRecordTest(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 5, Licence: true}, "retry:\n", "test: {scrub: [item.vin]}\nretry:\n", "    format: csv\n", "    format: csv\n  where: item.stock_number != 'NOBODY'\n")
	vehicles := j.site.Vehicles()
	j.write("inventory.yaml", strings.Replace(j.read("inventory.yaml"), "NOBODY", vehicles[0].Reference, 1))
	has(t, j.pipe(app.ExitDone, "test", "inventory.yaml", "--record", "--item", vehicles[3].Reference, "--item", vehicles[1].Reference, "--scrub", "record.vin"),
		"inventory.yaml: 2 items by ", " KB in inventory.recording")
	before := j.site.Counts()
	j.env = nil
	has(t, j.pipe(app.ExitDone, "test", "inventory.yaml"), "ok    inventory.yaml, 2 items")
	if after := j.site.Counts(); after.Logins != before.Logins || len(after.Produced) != len(before.Produced) {
		t.Errorf("the test has asked the site: %+v, and before %+v", after, before)
	}
	_ = j.site.Close()
	for _, file := range []string{traffic.ArchiveFile, traffic.ExpectationFile} {
		text := j.read(filepath.Join("inventory.recording", file))
		for _, secret := range []string{practice.DefaultPassword, practice.DefaultUser, vehicles[0].VIN, vehicles[1].VIN, vehicles[2].VIN, vehicles[3].VIN, vehicles[4].VIN} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q", file, secret)
			}
		}
	}
	archive, _, err := traffic.Load(filepath.Join(j.dir, "inventory.recording"))
	j.must(err)
	if found, replaced := sessionsIn(archive); len(found) > 0 || replaced == 0 {
		t.Errorf("%d cookies and tokens are replaced, left are %q", replaced, found)
	}
	j.holdsSmallPDFs(t, "inventory.recording", vehicles[3])
	has(t, j.pipe(app.ExitDone, "test", "inventory.yaml"), "ok    inventory.yaml, 2 items")

	sound := j.read("inventory.yaml")
	j.write("inventory.yaml", strings.Replace(sound, "name: Create PDF", "name: Make PDF", 1))
	has(t, j.pipe(app.ExitFailed, "test", "inventory.yaml", "--junit", "tests.xml"),
		"FAIL  inventory.yaml", "item "+vehicles[1].Reference+", the outcome", "expected done", `got      failed transient at download[1].capture`, `waiting for button "Make PDF": nothing within the time-out, and nothing more is to come (no element matches)`)
	var report struct {
		Failures int `xml:"failures,attr"`
		Cases    []struct {
			Name string `xml:"name,attr"`
		} `xml:"testsuite>testcase"`
	}
	if err := xml.Unmarshal([]byte(j.read("tests.xml")), &report); err != nil || report.Failures != 2 || len(report.Cases) != 3 {
		t.Errorf("the JUnit report has %+v, %v", report, err)
	}

	j.write("inventory.yaml", strings.Replace(sound, `home: /inventory `, `home: /inventory?view=all `, 1))
	has(t, j.pipe(app.ExitFailed, "test", "inventory.yaml"), "the recording has no GET http://", "/inventory?view=all (recorded with other parameters: view)")

	j.write("inventory.yaml", strings.Replace(sound, "vin: {text_of", "number: {text_of", 1))
	has(t, j.pipe(app.ExitFailed, "test", "inventory.yaml"), "record number", "expected no such field")
	has(t, j.pipe(app.ExitDone, "test", "inventory.yaml", "--update"), "record number", "- no such field", "ok    inventory.yaml")
	has(t, j.pipe(app.ExitDone, "test", "inventory.yaml", "--json"), `"passed": true`)
}
