package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/secret"
	"pipe/steps"
)

// An output folder is one spec's: what would mix up what it holds is told before
// anything happens, and --adopt goes on.
func TestClaimOutputFolder(t *testing.T) {
	t.Parallel()
	const plan = `{name: night, base_url: "https://site.example/app", key: "${{ item.ref }}", source: {items: [{ref: A}]},
		download: [{capture: {url: "/${{ item.ref }}", as: "${{ item.ref }}.pdf"}}]}`
	for name, c := range map[string]struct {
		file string
		edit []string
		// moved takes the spec's file before away.
		moved bool
		says  string
	}{
		"the same":            {},
		"edited elsewhere":    {edit: []string{"items: [{ref: A}]", "items: [{ref: B}]"}},
		"moved":               {file: "later.yaml", edit: []string{"{ref: A}", "{ref: B}"}, moved: true},
		"a copy":              {file: "copy.yaml"},
		"another of its name": {file: "other.yaml", edit: []string{"{ref: A}", "{ref: B}"}, says: `the spec's file was "../night.yaml" and is "../other.yaml"`},
		"another site":        {edit: []string{"site.example", "test.example"}, says: `base_url was "https://site.example/app" and is "https://test.example/app"`},
		"another key":         {edit: []string{`key: "${{ item.ref }}"`, `key: "x${{ item.ref }}"`}, says: "key was"},
		"another name":        {edit: []string{".pdf", ".PDF"}, says: "the files' names (as) was"},
		"one file more":       {edit: []string{`.pdf"}}`, `.pdf"}}, {capture: {url: /b, as: "${{ item.ref }}.csv"}}`}, says: ".csv"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			if err := os.Mkdir(out, 0o750); err != nil {
				t.Fatal(err)
			}
			load := func(file, src string) *specs.Spec {
				path := filepath.Join(dir, file)
				if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
					t.Fatal(err)
				}
				spec, err := specs.Parse(path, []byte(src), specs.Options{Verbs: steps.Verbs()})
				if err != nil {
					t.Fatal(err)
				}
				return spec
			}
			if err := claim(out, load("night.yaml", plan), plainly, false); err != nil {
				t.Fatal(err)
			}
			if c.moved {
				if err := os.Remove(filepath.Join(dir, "night.yaml")); err != nil {
					t.Fatal(err)
				}
			}
			file := c.file
			if file == "" {
				file = "night.yaml"
			}
			spec := load(file, strings.NewReplacer(c.edit...).Replace(plan))
			err := claim(out, spec, plainly, false)
			if (err != nil) != (c.says != "") || err != nil && (!strings.Contains(err.Error(), c.says) || CodeOf(err) != ExitSpec) {
				t.Fatalf("got %v, want %q", err, c.says)
			}
			if err := claim(out, spec, plainly, true); err != nil {
				t.Errorf("adopted: %v", err)
			}
			if err := claim(out, spec, plainly, false); err != nil {
				t.Errorf("after it was adopted: %v", err)
			}
		})
	}
}

// plainly redacts nothing.
func plainly(text string) string { return text }

// What of a base_url is a secret is not written down.
func TestFolderKeepsNoSecret(t *testing.T) {
	t.Parallel()
	secrets := secret.New(func(string) (string, bool) { return "tenant-4711", true })
	spec, err := specs.Parse("night.yaml", []byte(`{name: night, base_url: "https://site.example/${{ secret.TENANT }}", key: "${{ item.ref }}", source: {items: [{ref: A}]}}`),
		specs.Options{Verbs: steps.Verbs(), Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	if err := claim(out, spec, secrets.Redact, false); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(out, specFile))
	if err != nil || strings.Contains(string(text), "4711") {
		t.Errorf("it holds %s, %v", text, err)
	}
	if err := claim(out, spec, secrets.Redact, false); err != nil {
		t.Error(err)
	}
}

// A site on this machine may be on another port each time.
func TestSiteOfFolder(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://127.0.0.1:4567/": "http://127.0.0.1", "http://localhost:80/a": "http://localhost/a",
		"https://u:p@site.example:8443/a?b#c": "https://site.example:8443/a", "": "",
	} {
		if got := siteOf(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
