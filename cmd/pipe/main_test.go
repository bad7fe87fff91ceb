package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/ledger"
	"pipe/pipeline/practice"
)

// TestMain lets tests run this very program, race detector and all, as a
// process named pipe.
func TestMain(m *testing.M) {
	// At its end the race detector waits a second for late reports.
	if os.Getenv("GORACE") == "" {
		_ = os.Setenv("GORACE", "atexit_sleep_ms=50")
	}
	testscript.Main(tidy{m}, map[string]func(){"pipe": main})
}

// tidy removes what tests share once they are over.
type tidy struct{ m *testing.M }

func (t tidy) Run() int {
	var err error
	if shared, err = os.MkdirTemp("", "pipe-tests-*"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(shared) }()
	defer func() {
		if store, err := proofs(); err == nil {
			_ = store.Close()
		}
	}()
	return t.m.Run()
}

// shared is a folder for what tests share.
var shared string

// proofs is a store apart from any run, in which tests read files. It starts a
// PDF reader, which takes seconds.
var proofs = sync.OnceValues(func() (*artifact.Store, error) {
	return artifact.Open(context.Background(), filepath.Join(shared, "proofs"), artifact.Options{})
})

// job is the main job in a folder of its own: a site, a spec, an output folder.
type job struct {
	t    *testing.T
	site *practice.Site
	// dir is the working directory, out the output folder.
	dir, out string
	env      []string
	// program is what is run; "" is this very one, race detector and all.
	program string
}

// plain is the program as users have it, for what would take too long, or too
// much memory, under the race detector.
var plain = sync.OnceValues(func() (string, error) {
	path := filepath.Join(shared, "pipe")
	if out, err := exec.Command("go", "build", "-race=false", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building pipe: %w\n%s", err, out)
	}
	return path, nil
})

// newJob opens a site and writes the shipped spec without its pause between
// vehicles, which only costs time here. edits are pairs of old and new text.
func newJob(t *testing.T, o practice.Options, edits ...string) *job {
	t.Helper()
	site, err := practice.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = site.Close() })
	j := &job{t: t, site: site, dir: t.TempDir()}
	j.out = filepath.Join(j.dir, "out", "inventory")
	j.env = []string{
		"INVENTORY_URL=" + site.URL(), "DEALER_USERNAME=" + practice.DefaultUser, "DEALER_PASSWORD=" + practice.DefaultPassword,
	}
	j.write("inventory.yaml", shipped(t, append([]string{"pace: {delay: 1s}", "pace: {delay: 0s}"}, edits...)...))
	return j
}

// shipped is the shipped spec with some of its text replaced.
func shipped(t testing.TB, edits ...string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("..", "..", "specs", "inventory.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(src)
	for i := 0; i < len(edits); i += 2 {
		if !strings.Contains(text, edits[i]) {
			t.Fatalf("specs/inventory.yaml holds no %q", edits[i])
		}
		text = strings.ReplaceAll(text, edits[i], edits[i+1])
	}
	return text
}

// straight edits the shipped spec to go straight to each vehicle's page, past
// the grid, which costs as much time as all that is behind it.
func straight(t *testing.T) []string {
	t.Helper()
	whole := shipped(t)
	way := whole[strings.Index(whole, "navigate:"):strings.Index(whole, "download:")]
	return []string{
		way, "navigate:\n  steps:\n    - goto: \"/vehicle/${{ item.stock_number }}\"\n\n",
		`  lost: {url: "**/login**"}`, "  check: /inventory\n  lost: {url: \"**/login**\", status: 401}",
	}
}

func (j *job) write(name, text string) {
	j.t.Helper()
	if err := os.WriteFile(filepath.Join(j.dir, name), []byte(text), 0o600); err != nil {
		j.t.Fatal(err)
	}
}

// command is a pipe process in the job's folder; it dies with the test, and
// when it hangs.
func (j *job) command(args ...string) (*exec.Cmd, *bytes.Buffer) {
	ctx, cancel := context.WithTimeout(j.t.Context(), 25*time.Minute)
	j.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, cmp.Or(j.program, "pipe"), args...)
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = j.dir, &out, &out
	cmd.Env = append(append(os.Environ(), "PIPE_TEST="+j.t.Name()), j.env...)
	return cmd, &out
}

// pipe runs a command to its end and wants an exit code.
func (j *job) pipe(want int, args ...string) string {
	j.t.Helper()
	cmd, out := j.command(args...)
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		j.t.Fatalf("pipe %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	if code := cmd.ProcessState.ExitCode(); code != want {
		j.t.Fatalf("pipe %s: exit code %d, want %d\n%s", strings.Join(args, " "), code, want, out)
	}
	return out.String()
}

// plainly has the job run the plain program.
func (j *job) plainly() {
	j.t.Helper()
	var err error
	j.program, err = plain()
	j.must(err)
}

// run is `pipe run` of the job's spec.
func (j *job) run(want int, args ...string) string {
	j.t.Helper()
	return j.pipe(want, append([]string{"run", "inventory.yaml"}, args...)...)
}

// whole asks the files, the ledger and the records whether each vehicle has its
// own file and nothing else is there.
func (j *job) whole() {
	j.t.Helper()
	stock := j.site.Vehicles()
	read := reader(j.t)
	vins := map[string]string{}
	for _, v := range stock {
		vins[v.Reference] = v.VIN
		path := filepath.Join(j.out, "files", v.Reference+".pdf")
		own, err := practice.Report(v)
		j.must(err)
		if got, err := os.ReadFile(path); err == nil && bytes.Equal(got, own) {
			continue
		}
		// Printed, or not what it should be.
		if err := read(path, v.Reference, v.VIN); err != nil {
			j.t.Errorf("%s: %v", v.Reference, err)
		}
	}
	names, err := os.ReadDir(filepath.Join(j.out, "files"))
	j.must(err)
	if len(names) != len(stock) {
		j.t.Errorf("%d files for %d vehicles", len(names), len(stock))
	}
	for _, row := range j.records()[1:] {
		if want := vins[row[0]]; row[1] != want || row[2] == "0" {
			j.t.Errorf("the record of %s is %q, want the VIN %s", row[0], row, want)
		}
		delete(vins, row[0])
	}
	if len(vins) > 0 {
		j.t.Errorf("no record of %v", vins)
	}
	staged, err := filepath.Glob(filepath.Join(j.out, ".staging", "*"))
	j.must(err)
	if len(staged) > 0 {
		j.t.Errorf("left behind: %v", staged)
	}
}

// reader gives what reads a file, apart from any run, and fails unless it is a
// whole PDF that holds the texts.
func reader(t *testing.T) func(path string, texts ...string) error {
	store, err := proofs()
	if err != nil {
		t.Fatal(err)
	}
	return func(path string, texts ...string) error {
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		staged, err := store.Create(t.Context())
		if err != nil {
			return err
		}
		defer staged.Discard()
		if _, err := staged.Write(body); err != nil {
			return err
		}
		if err := staged.Close(); err != nil {
			return err
		}
		_, err = store.Prove(t.Context(), staged, pipeline.Expectation{Type: "pdf", Contains: texts, MinPages: 2})
		return err
	}
}

func (j *job) records() [][]string {
	j.t.Helper()
	f, err := os.Open(filepath.Join(j.out, "vehicles.csv"))
	j.must(err)
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	j.must(err)
	return rows
}

// onceEach asks the site whether it produced each PDF just once.
func (j *job) onceEach() {
	j.t.Helper()
	counts := j.site.Counts()
	for _, v := range j.site.Vehicles() {
		if n := counts.Produced[v.Reference]; n != 1 {
			j.t.Errorf("the site produced the PDF of %s %d times", v.Reference, n)
		}
	}
}

// done gives the keys that the ledger has as done.
func (j *job) done() map[string]bool {
	j.t.Helper()
	led, err := ledger.OpenReadOnly(j.t.Context(), app.LedgerPath(j.out))
	j.must(err)
	defer func() { _ = led.Close() }()
	keys := map[string]bool{}
	for row, err := range led.Files(j.t.Context()) {
		j.must(err)
		keys[row.Key] = true
	}
	return keys
}

func (j *job) must(err error) {
	j.t.Helper()
	if err != nil {
		j.t.Fatal(err)
	}
}

// has wants texts in an output.
func has(t *testing.T, out string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(out, text) {
			t.Errorf("the output holds no %q:\n%s", text, out)
		}
	}
}

func latency(from, to time.Duration) practice.Latency { return practice.Latency{Min: from, Max: to} }

func totals(in, done, failed, pending, duplicates int) string {
	return fmt.Sprintf("in %d = done %d + failed %d + pending %d + duplicates %d", in, done, failed, pending, duplicates)
}
