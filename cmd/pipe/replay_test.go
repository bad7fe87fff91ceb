package main

import (
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// A failed attempt is tried again on the page that was kept of it, with the site gone and
// the spec changed: what would fail again says what is there instead, and the exit code
// tells.
func TestReplay(t *testing.T) {
	t.Parallel()
	broken := []string{"retry:\n  attempts: 3\n", "timeouts: {step: 3s}\nretry:\n  attempts: 1\n", "name: Print/Email Reports", "name: Print Reports"}
	j := newJob(t, practice.Options{Vehicles: 3}, broken...)
	key := j.site.Vehicles()[1].Reference
	j.pipe(app.ExitFailed, "run", "inventory.yaml", "--only", key)
	_ = j.site.Close()
	j.env = nil

	out := j.pipe(app.ExitFailed, "replay", "inventory.yaml", "--item", key)
	has(t, out, key+", attempt 1, transient: ", "at download[0].click", "/vehicle/", `button "Print Reports"`, `  there is #print-reports (button "Print/Email Reports")`)
	lines := j.pipe(app.ExitFailed, "replay", "inventory.yaml", "--item", key, "--json")
	has(t, lines, `"found":false`, `"similar":[`)

	sound := strings.Replace(j.read("inventory.yaml"), "name: Print Reports", "name: Print/Email Reports", 1)
	j.write("inventory.yaml", sound)
	has(t, j.pipe(app.ExitDone, "replay", "inventory.yaml", "--item", key, "--attempt", "1"),
		"download[0].click", "resolves to 1 element", "download[1].capture", "not told by the copy", "the copy ends at download[0].click", "the step that failed finds now what it needs")

	j.write("inventory.yaml", strings.Replace(sound, "  - click: {role: button, name: Print/Email Reports}\n", "", 1))
	has(t, j.pipe(app.ExitFailed, "replay", "inventory.yaml", "--item", key), "download[0].capture", `button "Create PDF"`)

	has(t, j.pipe(app.ExitFailed, "replay", "inventory.yaml", "--item", key, "--attempt", "2"), "no page was kept of attempt 2 at it", "evidence.per_cause")
	j.write("inventory.yaml", sound+"\nevidence: messages\n")
	has(t, j.pipe(app.ExitFailed, "replay", "inventory.yaml", "--item", key, "--attempt", "2"), "evidence: {keep: page}")
	has(t, j.pipe(app.ExitSpec, "replay", "inventory.yaml", "--item", "nobody"), `no item has the key "nobody"`)
}

// What stands in a frame or in shadow roots is in the copy too.
func TestReplayFramesAndShadowRoots(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string][2]string{
		"frames": {"name: Show report", "name: Display report"},
		"shadow": {"name: Print report", "name: Get the report"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newShippedJob(t, name, practice.Options{Vehicles: 2})
			sound := j.read(name + ".yaml")
			broken := strings.Replace(sound, edit[0], edit[1], 1) + "\ntimeouts: {step: 3s}\nretry: {attempts: 1}\n"
			j.write(name+".yaml", broken)
			key := j.site.Vehicles()[0].Reference
			j.pipe(app.ExitFailed, "run", name+".yaml", "--only", key)
			_ = j.site.Close()
			has(t, j.pipe(app.ExitFailed, "replay", name+".yaml", "--item", key), "nothing within the time-out")
			j.write(name+".yaml", sound)
			has(t, j.pipe(app.ExitDone, "replay", name+".yaml", "--item", key), "resolves to 1 element", "record.fields.vin", "= "+j.site.Vehicles()[0].VIN)
		})
	}
}
