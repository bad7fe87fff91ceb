package main

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/conc"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
	"pipe/pipeline/testdisplay"
)

// debugging is a `pipe debug` under way, that is told what to do by its standard input.
type debugging struct {
	*job
	in    io.WriteCloser
	lines chan string
	seen  []string
	wait  func() error
}

func (j *job) debugging(key string) *debugging {
	j.t.Helper()
	cmd, _ := j.command("debug", "inventory.yaml", "--item", key, "--headless")
	reader, writer := io.Pipe()
	cmd.Stdout, cmd.Stderr = writer, writer
	in, err := cmd.StdinPipe()
	j.must(err)
	j.must(cmd.Start())
	d := &debugging{job: j, in: in, lines: make(chan string, 1_000)}
	var owned conc.WaitGroup
	owned.Go(func() {
		defer close(d.lines)
		for scan := bufio.NewScanner(reader); scan.Scan(); {
			d.lines <- scan.Text()
		}
	})
	d.wait = func() error {
		err := cmd.Wait()
		_ = writer.Close()
		owned.Wait()
		return err
	}
	j.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		if j.t.Failed() {
			j.t.Log(strings.Join(d.seen, "\n"))
		}
	})
	return d
}

// saysLimit bounds the wait for something to be told.
const saysLimit = time.Minute

// says types a line, if there is one, and reads on until all texts were told, in this order.
func (d *debugging) says(line string, texts ...string) {
	d.t.Helper()
	if line != "" {
		_, err := io.WriteString(d.in, line+"\n")
		d.must(err)
	}
	for _, text := range texts {
		for told := false; !told; {
			select {
			case got, open := <-d.lines:
				if !open {
					d.t.Fatalf("after %q it ended before it told %q", line, text)
				}
				d.seen, told = append(d.seen, got), strings.Contains(got, text)
			case <-time.After(saysLimit):
				d.t.Fatalf("after %q it did not tell %q", line, text)
			}
		}
	}
}

// A step at a time: what fails stays next, a target is looked for and kept in the spec, what
// is saved counts from the step that has changed, and what writes is asked for.
func TestDebug(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3}, `img[title=Bookout]"`, `img[title=Bokout]"   # the icon`, "pool:", quick,
		"- click: {role: button, name: Print/Email Reports}", "- {click: {role: button, name: Print/Email Reports}, writes: true}")
	path := filepath.Join(j.dir, "inventory.yaml")
	before, err := os.ReadFile(path)
	j.must(err)
	ref := j.site.Vehicles()[1].Reference
	d := j.debugging(ref)
	d.says("", "commands: step", "next  navigate.home  inventory.yaml:", "goto /inventory")
	d.says("keep", "no target was found yet")
	d.says("until navigate.steps[7]", `there is no step "navigate.steps[7]"`)
	d.says("until navigate.steps[2]", "navigate.home", "next  navigate.steps[2].fill", `{fill: {selector: "#StockNumber", value: `+ref+"}}")
	d.says("u navigate.steps[5].click", "next  navigate.steps[5].click")
	d.says("step", "FAILED: ", "next  navigate.steps[5].click")
	d.says("target", ": 0 elements")
	d.says(`target {role: nonsense}`, `there is no role "nonsense"`)
	d.says(`target [{test_id: none}, "#grid img[title=Bookout]"]`, `test id "none": 0 elements`, `"#grid img[title=Bookout]": 1 element`, `img "Bookout"`)
	d.says(`eval item.stock_number + "?"`, "= "+ref+"?")
	d.says("eval secret.DEALER_PASSWORD", "= ***")
	d.says("eval nobody.x", "unknown name nobody")
	d.says("page", j.site.URL()+`/inventory  "Vehicle Inventory`)
	d.says("vars", "item.stock_number = "+ref, "account.password = ***")
	d.says("dance", `there is no command "dance"`)
	d.says("keep", "written at inventory.yaml:", "the spec as it is now, from navigate.steps[5].click on", "next  navigate.steps[5].click")
	want := strings.Replace(string(before), `"#grid tbody tr:only-child img[title=Bokout]"   #`, `[{test_id: none}, "#grid img[title=Bookout]"]   #`, 1)
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Fatalf("the spec is now\n%s", got)
	}
	d.says("step", "next  download[0].click")
	j.write("inventory.yaml", strings.Replace(want, "  to: vehicles.csv", "    again: ${{ item.stock_number }}\n  to: vehicles.csv", 1))
	d.says("", "the spec as it is now, from download[0].click on", "next  download[0].click")
	j.write("inventory.yaml", "name: x\nkye: y\n")
	d.says("", `unknown field "kye"`, "the spec is wrong: it stays as it was before")
	j.write("inventory.yaml", want)
	d.says("", "the spec as it is now, from download[0].click on")
	d.says("step", "download[0].click changes something on the site, for real; do it? yes or no")
	d.says("no", "not done")
	if c := j.site.Counts(); c.Produced[ref] != 0 {
		t.Errorf("produced %v", c.Produced)
	}
	d.says("continue", "do it? yes or no")
	d.says("yes", "download[1].capture", "file "+ref+".pdf", "record vin", "done: 1 file, 2 fields")
	d.says("step", "the item is done")
	d.says("back", "next  navigate.home")
	d.says("quit")
	if err := d.wait(); err != nil {
		t.Error(err)
	}
	if c := j.site.Counts(); c.Produced[ref] != 1 || c.Opened[ref] != 1 || c.Logins != 1 {
		t.Errorf("produced %d times, opened %d times, %d logins", c.Produced[ref], c.Opened[ref], c.Logins)
	}
	if strings.Contains(strings.Join(d.seen, "\n"), practice.DefaultPassword) {
		t.Error("the password was told")
	}
	if _, err := os.Stat(filepath.Join(j.dir, "out")); !os.IsNotExist(err) {
		t.Errorf("the spec's own output folder is there: %v", err)
	}
}

// In a terminal and with a window: lines have a history, what was found is marked, and Ctrl-C
// ends a step, and then the session.
func TestDebugInTerminal(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3}, `img[title=Bookout]"`, `img[title=Bokout]"`)
	ref := j.site.Vehicles()[1].Reference
	term := j.inTerminal(140, 50, "pipe debug inventory.yaml --item "+ref+"; echo code $?", "DISPLAY="+testdisplay.Start(t))
	term.AwaitText("next  navigate.home")
	term.Type("step", "Enter")
	term.AwaitText("next  navigate.steps[0].click")
	term.Type("Up", "Enter")
	term.AwaitText("next  navigate.steps[1].wait")
	term.Type("target #StockNumber", "Enter")
	term.AwaitText(`"#StockNumber": 1 element`)
	term.Type("until download[0]", "Enter")
	term.AwaitText("navigate.steps[4].expect")
	term.Type("C-c")
	term.AwaitText("interrupted", "next  navigate.steps[5].click")
	term.Type("C-c")
	term.AwaitText("code 0")
	j.pipe(app.ExitDone, "validate", "inventory.yaml")
}
