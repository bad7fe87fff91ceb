package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// One item is done for real, apart from the spec's own folder, with a picture
// of each step.
func TestTry(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 5})
	v := j.site.Vehicles()[3]
	out := j.pipe(app.ExitDone, "try", "inventory.yaml", "--item", v.Reference, "--headless", "--out", "apart", "--screenshots", "shots")
	has(t, out, "navigate.steps[2].fill  inventory.yaml:", `"#StockNumber": 1 element`, "record vin  = "+v.VIN, "record pages", "done: 1 file, 2 fields")
	if strings.Contains(out, practice.DefaultPassword) {
		t.Errorf("the output holds the password:\n%s", out)
	}
	if err := reader(t)(filepath.Join(j.dir, "apart", "files", v.Reference+".pdf"), v.Reference, v.VIN); err != nil {
		t.Error(err)
	}
	if c := j.site.Counts(); len(c.Produced) != 1 || c.Produced[v.Reference] != 1 {
		t.Errorf("the site has produced %v", c.Produced)
	}
	if _, err := os.Stat(filepath.Join(j.dir, "out")); !os.IsNotExist(err) {
		t.Errorf("the spec's own output folder is there: %v", err)
	}
	// home, six steps on the way, two of the download.
	shots, err := filepath.Glob(filepath.Join(j.dir, "shots", "*.png"))
	j.must(err)
	if len(shots) != 9 {
		t.Errorf("%d pictures: %v", len(shots), shots)
	}
	for _, path := range shots {
		f, err := os.Open(path)
		j.must(err)
		if img, err := png.Decode(f); err != nil || img.Bounds().Dx() < 300 {
			t.Errorf("%s: %v", path, err)
		}
		_ = f.Close()
	}
}

// A try goes no further than it is told, and says so when it is told what is
// not there. Without --out it names the folder that it has made.
func TestTryUntil(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3})
	tmp := t.TempDir()
	j.env = append(j.env, "TMPDIR="+tmp)
	ref := j.site.Vehicles()[0].Reference
	out := j.pipe(app.ExitDone, "try", "inventory.yaml", "--item", ref, "--headless", "--until", "download[0]")
	has(t, out, "download[0].click", "ended at download[0]", "into "+tmp)
	for _, not := range []string{"capture", "record"} {
		if strings.Contains(out, not) {
			t.Errorf("the output holds %q:\n%s", not, out)
		}
	}
	if c := j.site.Counts(); len(c.Produced) != 0 || c.Opened[ref] != 1 {
		t.Errorf("produced %v, opened %v", c.Produced, c.Opened)
	}
	has(t, j.pipe(app.ExitSpec, "try", "inventory.yaml", "--item", ref, "--headless", "--until", "download[7]"), `no step "download[7]"`, "download[1].capture.on.click")
	has(t, j.pipe(app.ExitSpec, "try", "inventory.yaml", "--item", "X-0", "--headless"), `no item has the key "X-0", of the 3 rows`)
	if made, err := os.ReadDir(tmp); err != nil || len(made) != 1 {
		t.Errorf("%d folders are left, want that of the item alone (%v)", len(made), err)
	}
	j.run(app.ExitDone, "--limit", "1")
	has(t, j.pipe(app.ExitSpec, "try", "inventory.yaml", "--item", ref, "--headless", "--out", "out/inventory"), "holds what runs have brought home")
}

// kept is a `pipe try --keep-open` under way.
type kept struct {
	*job
	lines chan map[string]any
	seen  []string
}

// until reads what is told up to a line that has the name, and gives its value.
func (k *kept) until(name string) string {
	k.t.Helper()
	for line := range k.lines {
		text, _ := json.Marshal(line)
		k.seen = append(k.seen, string(text))
		if v, ok := line[name]; ok {
			return fmt.Sprint(v)
		}
	}
	k.t.Fatalf("it ended before it told %q:\n%s", name, strings.Join(k.seen, "\n"))
	return ""
}

// save puts another spec in place as editors do: by a rename, or in place.
func (k *kept) save(rename bool, edits ...string) {
	k.t.Helper()
	text := shipped(k.t, append([]string{"pace: {delay: 1s}", "pace: {delay: 0s}", "pool:", quick}, edits...)...)
	if !rename {
		k.write("inventory.yaml", text)
		return
	}
	k.write(".inventory.yaml.new", text)
	k.must(os.Rename(filepath.Join(k.dir, ".inventory.yaml.new"), filepath.Join(k.dir, "inventory.yaml")))
}

// A try that stays open goes on where the page stands whenever the spec is
// saved, in one session.
func TestTryKeepOpen(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3}, `img[title=Bookout]"`, `img[title=Bokout]"`, "pool:", quick)
	ref := j.site.Vehicles()[1].Reference
	cmd, errs := j.command("try", "inventory.yaml", "--item", ref, "--headless", "--keep-open", "--json")
	cmd.Stdout = nil
	out, err := cmd.StdoutPipe()
	j.must(err)
	j.must(cmd.Start())
	k := &kept{job: j, lines: make(chan map[string]any, 100)}
	go func() {
		defer close(k.lines)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			var line map[string]any
			if json.Unmarshal(scan.Bytes(), &line) == nil {
				k.lines <- line
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		if t.Failed() {
			t.Log(errs.String())
		}
	})
	has(t, k.until("failed"), "navigate.steps[5].click", "no element matches")
	k.until("watching")

	k.save(true)
	has(t, k.until("again"), "from navigate.steps[5].click on")
	has(t, k.until("ended"), "done")
	k.until("watching")
	// Home was opened once, and each step before the wrong one run once.
	if n := strings.Count(strings.Join(k.seen, "\n"), `"step":"navigate.home"`); n != 1 {
		t.Errorf("home was opened %d times:\n%s", n, strings.Join(k.seen, "\n"))
	}

	k.save(false, `text_of: "#vin"`, `text_of: `)
	has(t, k.until("wrong"), "inventory.yaml:", "record.fields.vin")
	k.until("watching")

	k.save(true, "  to: vehicles.csv", "    again: ${{ item.stock_number }}\n  to: vehicles.csv")
	has(t, k.until("again"), "from the record on")
	has(t, k.until("ended"), "done")
	k.until("watching")
	if c := j.site.Counts(); c.Produced[ref] != 1 || c.Opened[ref] != 1 || c.Logins != 1 {
		t.Errorf("produced %d times, opened %d times, %d logins", c.Produced[ref], c.Opened[ref], c.Logins)
	}

	k.save(true, `- wait: {hidden: "#grid td.empty"}`, `- wait: {hidden: "#grid td.nothing"}`)
	has(t, k.until("again"), "from the start: navigate.steps[1].wait has changed")
	has(t, k.until("ended"), "done")
	k.until("watching")
	if c := j.site.Counts(); c.Produced[ref] != 2 || c.Logins != 1 {
		t.Errorf("produced %d times, %d logins", c.Produced[ref], c.Logins)
	}

	// A file that it includes counts as well.
	j.write("open.yaml", "- click: {role: button, name: Print/Email Reports}\n")
	k.save(true, "  - click: {role: button, name: Print/Email Reports}\n", "  - include: open.yaml\n")
	k.until("again")
	k.until("watching")
	j.write("open.yaml", "- click: {role: button, name: Print/Email Reports, timeout: 9s}\n")
	has(t, k.until("again"), "download[0].include[0].click has changed")
	has(t, k.until("ended"), "done")
	k.until("watching")

	j.must(cmd.Process.Signal(os.Interrupt))
	for range k.lines {
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended by an interrupt: %v", err)
	}
	if _, err := os.Stat(filepath.Join(j.dir, "out")); !os.IsNotExist(err) {
		t.Errorf("the spec's own output folder is there: %v", err)
	}
}

// A target that leads to nothing is told with what is nearest on the page, and the command
// that shows the page; so is that of a list, and of a login that does not come to its success.
func TestTryLeadsToThePage(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3}, "{role: button, name: Print/Email Reports}", "{role: button, name: Print/Email the Reports, timeout: 500ms}",
		exported, `  table: {goto: /inventory, rows: "#grid tbody tr", fields: {stock_number: {text_of: td.stock}}}
`, "pool:", "timeouts: {step: 4s}\npool:")
	key := j.site.Vehicles()[0].Reference
	out := j.pipe(app.ExitSpec, "try", "inventory.yaml", "--item", key, "--headless")
	look := "pipe inspect inventory.yaml --item " + key + " --at 'download[0]'"
	has(t, out, "nearest on the page:\n  #print-reports (button \"Print/Email Reports\")\nto see that page: "+look+"\n")
	words := strings.Fields(strings.ReplaceAll(look, "'", ""))[1:]
	has(t, j.pipe(app.ExitFailed, words...), "/target: {role: button, name: Print/Email Reports}")

	src := j.read("inventory.yaml")
	j.write("inventory.yaml", strings.Replace(src, "td.stock", "td.stocks", 1))
	for _, command := range [][]string{{"source", "inventory.yaml", "--headless"}, {"try", "inventory.yaml", "--item", key, "--headless"}} {
		cmd, said := j.command(command...)
		if err := cmd.Run(); err == nil {
			t.Errorf("%v ends well", command)
		}
		has(t, said.String(), "source.table.fields.stock_number", "to see that page: pipe inspect inventory.yaml --at source\n")
	}
	j.write("inventory.yaml", strings.Replace(src, `success: {visible: "#inventory"}`, `success: {url: "**/elsewhere"}`, 1))
	out = j.pipe(app.ExitEnvironment, "try", "inventory.yaml", "--item", key, "--headless")
	has(t, out, "login.success does not hold", "to see that page: pipe inspect inventory.yaml --at 'login.steps[")
}
