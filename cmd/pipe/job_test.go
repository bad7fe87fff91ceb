package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pipe/pipeline/practice"
)

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

// newJob opens a site and writes the shipped spec without its pause between
// vehicles, which only costs time here. edits are pairs of old and new text.
func newJob(t *testing.T, o practice.Options, edits ...string) *job {
	t.Helper()
	needsBrowser(t)
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

// hasFiles wants a vehicle's files in an output folder, named as the vehicle with
// some more.
func (j *job) hasFiles(out string, v practice.Vehicle, more ...string) {
	j.t.Helper()
	for _, name := range more {
		if _, err := os.Stat(filepath.Join(out, "files", v.Reference+name)); err != nil {
			j.t.Error(err)
		}
	}
}

// producedOnce wants the site to have made a vehicle's documents once each.
func (j *job) producedOnce(v practice.Vehicle, documents ...string) {
	j.t.Helper()
	produced := j.site.Counts().Produced
	for _, name := range documents {
		if n := produced[v.Reference+name]; n != 1 {
			j.t.Errorf("%s%s was produced %d times", v.Reference, name, n)
		}
	}
}

func latency(from, to time.Duration) practice.Latency { return practice.Latency{Min: from, Max: to} }

func totals(in, done, failed, pending, duplicates int) string {
	return fmt.Sprintf("in %d = done %d + failed %d + pending %d + duplicates %d", in, done, failed, pending, duplicates)
}
