package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/evidence"
	"pipe/pipeline/ledger"
	"pipe/pipeline/practice"
)

// kept is what the ledger has of evidence.
func (j *job) kept() (all []pipeline.Evidence) {
	j.t.Helper()
	led, err := ledger.OpenReadOnly(j.t.Context(), app.LedgerPath(j.out))
	j.must(err)
	defer func() { _ = led.Close() }()
	for e, err := range led.Evidence(j.t.Context(), pipeline.Of{}) {
		j.must(err)
		all = append(all, e)
	}
	return all
}

// quoted are the signs that MHTML has encoded, and the ends of lines that are none.
var quoted = regexp.MustCompile(`=[0-9A-F]{2}|=\r\n`)

// holdsNone wants that no file of the evidence holds one of the values, and gives how
// many bytes there are.
func (j *job) holdsNone(values ...string) (size int64) {
	j.t.Helper()
	for _, e := range j.kept() {
		for _, f := range e.Files {
			data, err := os.ReadFile(filepath.Join(j.out, e.Folder, f.Name))
			j.must(err)
			size += int64(len(data))
			plain := quoted.ReplaceAllFunc(data, func(sign []byte) []byte {
				b, _ := hex.DecodeString(string(sign[1:])) // none for a line's end
				return b
			})
			for _, v := range values {
				for _, form := range []string{v, base64.StdEncoding.EncodeToString([]byte(v))} {
					if bytes.Contains(data, []byte(form)) || bytes.Contains(plain, []byte(form)) {
						j.t.Errorf("%s/%s holds %q", e.Folder, f.Name, form)
					}
				}
			}
		}
	}
	return size
}

// cookies are the values of the cookies of the logins that are kept.
func (j *job) cookies() []string {
	j.t.Helper()
	files, err := filepath.Glob(filepath.Join(j.out, "sessions", "*-*.json"))
	j.must(err)
	var all []string
	for _, path := range files {
		data, err := os.ReadFile(path)
		j.must(err)
		for _, part := range strings.Split(string(data), `"value":`)[1:] {
			if value := strings.Split(part, `"`)[1]; len(value) >= 8 {
				all = append(all, value)
			}
		}
	}
	if len(all) == 0 {
		j.t.Error("no cookie was kept")
	}
	return all
}

// A night on which everything fails leaves as much evidence as the spec allows, and none of
// it holds a secret.
func TestEvidenceOfManyFailures(t *testing.T) {
	t.Parallel()
	whole := shipped(t)
	j := newJob(t, practice.Options{Vehicles: 500},
		whole[strings.Index(whole, "navigate:"):strings.Index(whole, "download:")], `navigate:
  steps:
    - {if: 'item.stock_number < "24"', fail: it is too old}
    - {fail: {reason: "refused for ${{ account.username }} by ${{ account.password }}", class: not_found}}

`,
		`  lost: {url: "**/login**"}`, "  check: /inventory\n  lost: {url: \"**/login**\"}",
		"retry:", "evidence: {per_cause: 10, bytes: 1MB}\nstop_when: {drift: 0, alike: 0}\nretry:\n  rejected: {attempts: 1}\n  not_found: {attempts: 1}")
	s := j.start()
	failed, told := 0, 0
	for e := range s.events {
		if e.Kind == pipeline.ItemFailed {
			failed++
		}
		if e.Evidence != "" {
			told++
		}
	}
	s.ended(app.ExitFailed)
	kept := j.kept()
	if failed != 500 || told != len(kept) || told < 10 || told > 20 {
		t.Errorf("of %d failures %d were told to have evidence, and %d have", failed, told, len(kept))
	}
	if size := j.holdsNone(append(j.cookies(), practice.DefaultUser, practice.DefaultPassword)...); size > 1<<20 {
		t.Errorf("there are %d bytes of it", size)
	}
	var names []string
	for _, f := range kept[0].Files {
		names = append(names, f.Name)
	}
	if want := []string{pipeline.EvidenceMessages, pipeline.EvidenceScreenshot, pipeline.EvidencePage}; !slices.Equal(names, want) {
		t.Errorf("the first has %v", names)
	}
	has(t, j.pipe(app.ExitFailed, "status", "inventory.yaml"), "evidence: "+filepath.Join("out", "inventory", filepath.FromSlash(kept[0].Folder)))
	if second := j.run(app.ExitFailed); strings.Contains(second, "evidence of failures") {
		t.Errorf("a run with nothing to do tells of evidence:\n%s", second)
	}
}

// A login that fails leaves what its page showed, without what was typed into it.
func TestEvidenceOfLogin(t *testing.T) {
	t.Parallel()
	const wrong = "Wr0ng-Pa55w0rd!"
	j := newJob(t, practice.Options{Vehicles: 1}, "  success:", "  tries: 1\n  success:", "retry:", "timeouts: {step: 3s, login: 10s}\nretry:")
	j.env = append(j.env, "DEALER_PASSWORD="+wrong)
	j.run(app.ExitEnvironment, "--contexts", "1")
	kept := j.kept()
	if len(kept) != 1 || kept[0].Of != pipeline.EvidenceOfLogin || kept[0].Key != "" || !strings.HasSuffix(kept[0].URL, "/login") {
		t.Fatalf("got %+v", kept)
	}
	j.holdsNone(wrong, practice.DefaultUser)
	m, err := evidence.Read(filepath.Join(j.out, kept[0].Folder))
	j.must(err)
	if !strings.Contains(m.Reason, "the site refuses the login") || len(m.Messages) == 0 {
		t.Errorf("got %+v", m)
	}
	file, err := os.Open(filepath.Join(j.out, kept[0].Folder, pipeline.EvidenceScreenshot))
	j.must(err)
	defer func() { _ = file.Close() }()
	img, err := png.Decode(file)
	j.must(err)
	black := 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, g, b, _ := img.At(x, y).RGBA(); r+g+b == 0 {
				black++
			}
		}
	}
	if black < 4000 {
		t.Errorf("%d pixels are black: the user's name and the password are not covered", black)
	}
}

// A list that cannot be read leaves what its page showed, and a file that is refused says
// where it is.
func TestEvidenceOfSourceAndFile(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 1, Faults: practice.Faults{WrongPDF: 1}},
		"retry:", "timeouts: {step: 5s}\nretry:\n  transient: {backoff: {initial: 10ms}}\n  proof_failed: {attempts: 1}")
	right, err := os.ReadFile(filepath.Join(j.dir, "inventory.yaml"))
	j.must(err)
	j.write("inventory.yaml", strings.Replace(string(right), "{text: Export to CSV}", "{text: Export to nowhere}", 1))
	j.run(app.ExitEnvironment, "--contexts", "1")
	kept := j.kept()
	if len(kept) != 3 || kept[0].Of != pipeline.EvidenceOfSource || !strings.HasPrefix(kept[0].Step, "source.export.steps[3].click") || len(kept[0].Files) != 3 {
		m, err := evidence.Read(filepath.Join(j.out, kept[0].Folder))
		t.Fatalf("got %+v, %+v, %v", kept, m, err)
	}
	j.write("inventory.yaml", string(right))
	j.run(app.ExitFailed, "--contexts", "1")
	kept = j.kept()[3:]
	if len(kept) != 1 || kept[0].Class != pipeline.ProofFailed || kept[0].Attempt != 1 || kept[0].Run != 2 {
		t.Fatalf("got %+v", kept)
	}
	m, err := evidence.Read(filepath.Join(j.out, kept[0].Folder))
	j.must(err)
	if data, err := os.ReadFile(filepath.Join(j.out, m.File)); err != nil || !bytes.HasPrefix(data, []byte("%PDF")) {
		t.Errorf("the file that was refused is to be in %q: %v", m.File, err)
	}
	j.holdsNone(practice.DefaultUser, practice.DefaultPassword)
}
