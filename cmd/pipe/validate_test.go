package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pipe/cmd/pipe/internal/app"
)

// What code hosts are given is SARIF as the schema of OASIS has it, and every bad
// spec has a result with a place.
func TestSARIF(t *testing.T) {
	bad := filepath.Join("..", "..", "testdata", "bad")
	var out, complaints bytes.Buffer
	if code := execute(t.Context(), []string{"validate", "--sarif", bad}, app.Std{Out: &out, Err: &complaints}); code != app.ExitSpec {
		t.Fatalf("exit code %d: %s", code, &complaints)
	}
	answer, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "testdata", "sarif-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(answer); err != nil {
		t.Error(err)
	}
	var log app.SARIFLog
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, r := range log.Runs[0].Results {
		place := r.Locations[0].Physical
		if place.Region == nil || place.Region.Line < 1 || place.Region.Column < 1 || r.Message.Text == "" {
			t.Errorf("%s: a result without a place", place.Artifact.URI)
		}
		told[place.Artifact.URI] = true
	}
	paths, err := filepath.Glob(filepath.Join(bad, "*.yaml"))
	if err != nil || len(paths) < 120 {
		t.Fatalf("%d bad specs, %v", len(paths), err)
	}
	for _, path := range paths {
		// What is wrong only with what a spec includes is told there.
		within := strings.Contains(path, "include-cycle") || strings.Contains(path, "include-shared-cycle") || strings.Contains(path, "include-fault") || strings.Contains(path, "include-twice")
		if told[app.SARIFURI(path)] == within {
			t.Errorf("%s has results: %v", path, !within)
		}
	}
	for _, part := range []string{"cycle-b.yaml", "shared-cycle-b.yaml", "shared-fault.yaml", "steps-fault.yaml", "shared-too.yaml"} {
		if !told[app.SARIFURI(filepath.Join(bad, "parts", part))] {
			t.Errorf("%s has no results", part)
		}
	}
}

// The same faults come as text, as JSON and as SARIF, without the secrets.
func TestValidateJSON(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("MY_TOKEN", "open-sesame")
	path := filepath.Join(dir, "a b.yaml")
	text := "name: x\nkey: ${{ item.a }}\nsource: {items: [{a: x}]}\nvars: {t: \"${{ secret.MY_TOKEN }}\", u: [open-sesame]}\nretry: {attempts: open-sesame}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for flag, want := range map[string]string{"": ":4:40: vars.u: want a text", "--json": `"line": 4,`, "--sarif": `a%20b.yaml`} {
		args := []string{"validate", path}
		if flag != "" {
			args = append(args, flag)
		}
		var out, complaints bytes.Buffer
		if code := execute(t.Context(), args, app.Std{Out: &out, Err: &complaints}); code != app.ExitSpec {
			t.Fatalf("exit code %d: %s", code, &complaints)
		}
		has(t, out.String(), want, "want a whole number")
		if strings.Contains(out.String(), "open-sesame") {
			t.Errorf("the secret is told:\n%s", &out)
		}
		if flag != "" && !json.Valid(out.Bytes()) {
			t.Errorf("no JSON:\n%s", &out)
		}
	}
}
