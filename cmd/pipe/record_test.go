package main

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"io"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
	"pipe/pipeline/testdisplay"
)

// A job that is done once in a real window, by mouse and keyboard, is done for all vehicles
// by the spec that was written of it, unchanged. What was typed to log in is in no file and
// in nothing that was said.
func TestRecord(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	sites := map[int]*practice.Site{}
	all := slices.Concat(recordedJobs, variantJobs)
	for _, kind := range all {
		if sites[kind.vehicles] != nil {
			continue
		}
		site, err := practice.Start(t.Context(), practice.Options{Vehicles: cmp.Or(kind.vehicles, fewVehicles)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = site.Close() })
		sites[kind.vehicles] = site
	}
	// One window after the other: where one opens on a display, the others there see the
	// display's own pointer move. Runs have none, and go on beside the next window.
	display := make(chan string, 1)
	display <- testdisplay.Start(t)
	for _, kind := range all {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			recordAndRun(t, kind, sites[kind.vehicles], display)
		})
	}
}

// recordAndRun does a job in the window, and has the spec do it for all vehicles.
func recordAndRun(t *testing.T, kind recordedJob, site *practice.Site, display chan string) {
	t.Helper()
	j := &job{t: t, site: site, dir: t.TempDir()}
	spec := kind.name + ".yaml"
	keys := []string{site.Vehicles()[2].Reference}
	args := []string{"record", site.URL() + kind.start, "-o", spec}
	if kind.twice {
		keys = append(keys, site.Vehicles()[1].Reference)
		args = append(args, "--item", keys[0], "--item", keys[1])
	}
	out := func() string {
		on := <-display
		defer func() { display <- on }()
		ends := app.ExitDone
		if kind.refused {
			ends = app.ExitFailed
		}
		return j.record(on, args, ends, func(h *hand) { kind.do(h, keys) })
	}()
	has(t, out, kind.told...)
	if kind.refused {
		return
	}
	has(t, out, spec+" is written, and valid", "Next: pipe try "+spec, ", then pipe run "+spec)
	written, err := os.ReadFile(filepath.Join(j.dir, spec))
	j.must(err)
	if strings.Contains(out+string(written), practice.DefaultPassword) {
		t.Errorf("the password is in what was said or written:\n%s\n%s", out, written)
	}
	name := strings.ToUpper(kind.name)
	j.env = []string{name + "_USERNAME=" + practice.DefaultUser, name + "_PASSWORD=" + practice.DefaultPassword, name + "_OTP=" + practice.DefaultSeed}
	cmd, ran := j.command("run", spec)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s\n%s\n%s", err, ran, out, written)
	}
	n := len(site.Vehicles())
	has(t, ran.String(), totals(n, n, 0, 0, 0))
	j.out = filepath.Join(j.dir, "out", kind.name)
	for _, v := range site.Vehicles() {
		found, err := filepath.Glob(filepath.Join(j.out, "files", v.Reference+"*"))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s has %v, %v", v.Reference, found, err)
		}
		if filepath.Ext(found[0]) == ".pdf" {
			j.must(reader(t)(found[0], v.Reference, v.VIN))
		}
		for _, name := range kind.files {
			j.holdsOwn(filepath.Join(found[0], name), v)
		}
	}
	if kind.row != nil {
		j.recordsAre(kind.name, kind.row)
	}
}

// holdsOwn wants a file to be a vehicle's own.
func (j *job) holdsOwn(path string, v practice.Vehicle) {
	j.t.Helper()
	body, err := os.ReadFile(path)
	j.must(err)
	if filepath.Ext(path) != ".pdf" {
		has(j.t, string(body), v.Reference)
		return
	}
	store, err := proofs()
	j.must(err)
	staged, err := store.Create(j.t.Context())
	j.must(err)
	defer staged.Discard()
	_, err = staged.Write(body)
	j.must(err)
	j.must(staged.Close())
	_, err = store.Prove(j.t.Context(), staged, pipeline.Expectation{Type: "pdf", Contains: []string{v.Reference}})
	j.must(err)
}

// recordsAre wants the records in NAME.csv to be those of all vehicles.
func (j *job) recordsAre(name string, row func(practice.Vehicle) []string) {
	j.t.Helper()
	f, err := os.Open(filepath.Join(j.out, name+".csv"))
	j.must(err)
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	j.must(err)
	var got, want [][]string
	for _, r := range rows[1:] {
		got = append(got, r[1:1+len(row(j.site.Vehicles()[0]))]) // behind the key
	}
	for _, v := range j.site.Vehicles() {
		want = append(want, row(v))
	}
	slices.SortFunc(got, slices.Compare)
	slices.SortFunc(want, slices.Compare)
	if !reflect.DeepEqual(got, want) {
		j.t.Errorf("the records are %q, want %q", got, want)
	}
}

// record has a job recorded in a real window, and gives what the program said, which ends
// with an exit code.
func (j *job) record(display string, args []string, ends int, do func(*hand)) string {
	j.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	j.must(err)
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	j.must(listener.Close())
	cmd, _ := j.command(append(args, "--debug-port", port)...)
	temp := j.t.TempDir()
	cmd.Env = append(cmd.Env, "DISPLAY="+display, "TMPDIR="+temp)
	read, write, err := os.Pipe()
	j.must(err)
	defer func() { _ = read.Close() }()
	cmd.Stdout, cmd.Stderr = write, write
	j.must(cmd.Start())
	j.must(write.Close())
	lines := bufio.NewReader(read)
	var out strings.Builder
	for !strings.Contains(out.String(), "Recording.") {
		line, err := lines.ReadString('\n')
		if out.WriteString(line); err != nil {
			j.t.Fatalf("pipe record: %v\n%s", err, out.String())
		}
	}
	end := func() error {
		_ = cmd.Process.Signal(os.Interrupt)
		_, err := io.Copy(&out, lines)
		j.must(err)
		return cmd.Wait()
	}
	defer func() {
		if cmd.ProcessState == nil { // a step of the job has failed
			_ = end()
			j.t.Log(out.String())
		}
	}()
	h := openHand(j.t, port)
	h.downloads = temp
	do(h)
	if err := end(); cmd.ProcessState.ExitCode() != ends {
		j.t.Fatalf("pipe record: %v\n%s", err, out.String())
	}
	if left, err := filepath.Glob(filepath.Join(temp, "pipe-record-*")); err != nil || len(left) > 0 {
		j.t.Errorf("it leaves %v, %v", left, err)
	}
	return out.String()
}

// A file that is there is written over when that is said, and a window needs a display.
func TestRecordRefuses(t *testing.T) {
	t.Parallel()
	j := &job{t: t, dir: t.TempDir(), env: []string{"DISPLAY=", "WAYLAND_DISPLAY="}}
	j.write("there.yaml", "name: there\n")
	has(t, j.pipe(app.ExitSpec, "record", "http://127.0.0.1:1/", "-o", "there.yaml"), "there.yaml is there already: give another name by -o, or --force")
	has(t, j.pipe(app.ExitEnvironment, "record", "http://127.0.0.1:1/", "-o", "new.yaml"), "there is no display here for a browser's window")
}
