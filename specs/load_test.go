package specs_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/internal/spectest"
	"pipe/steps"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every wrong spec is told everything that is wrong with it, in the exact words
// of the file beside it; {verbs} stands for the names of all verbs.
func TestBadSpecs(t *testing.T) {
	paths, err := filepath.Glob("../testdata/bad/*.yaml")
	if err != nil || len(paths) < 80 {
		t.Fatalf("%d bad specs, %v", len(paths), err)
	}
	var verbs []string
	for _, verb := range steps.Verbs() {
		verbs = append(verbs, verb.Name)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = specs.Parse(name+".yaml", src, spectest.Options())
			if err == nil {
				t.Fatal("it passes")
			}
			golden(t, strings.TrimSuffix(path, ".yaml")+".txt", strings.ReplaceAll(err.Error(), strings.Join(verbs, ", "), "{verbs}")+"\n")
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// Every good spec passes, whatever its bytes look like.
func TestGoodSpecs(t *testing.T) {
	for path, src := range spectest.Files(t, "testdata/good/*.yaml") {
		for how, change := range map[string]func(string) string{
			"as it is": func(s string) string { return s },
			"CRLF":     func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
			"BOM":      func(s string) string { return "\ufeff" + s },
		} {
			if _, err := specs.Parse(path, []byte(change(string(src))), spectest.Options()); err != nil {
				t.Errorf("%s, %s:\n%v", path, how, err)
			}
			for _, profile := range specs.ProfileNames([]byte(change(string(src)))) {
				opts := spectest.Options()
				opts.Profile = profile
				if _, err := specs.Parse(path, []byte(change(string(src))), opts); err != nil {
					t.Errorf("%s with %s, %s:\n%v", path, profile, how, err)
				}
			}
		}
	}
}

// Every account has a context, unless the spec gives their number.
func TestContextsDefault(t *testing.T) {
	for pool, want := range map[string]int{"{}": 3, "{contexts: 2}": 2, "{contexts_per_account: 2}": 6, "{pages: 1}": 3} {
		spec, err := specs.Parse("x.yaml", []byte(`
name: x
key: ${{ item.a }}
source: {items: [{a: "1"}]}
pool: `+pool+`
login:
  accounts: [{user: a}, {user: b}, {user: c}]
  steps: [{goto: /login}]
  success: {visible: "#in"}
`), spectest.Options())
		if err != nil {
			t.Fatal(err)
		}
		if spec.Pool.Contexts != want {
			t.Errorf("pool: %s gives %d contexts, want %d", pool, spec.Pool.Contexts, want)
		}
	}
}
