package schema_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pipe/specs/internal/spectest"
	"pipe/specs/schema"
)

// languageServer is what editors run for YAML, from npm.
const languageServer = "yaml-language-server@1.19.2"

// serverPath installs the language server, once, and gives its script.
func serverPath(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("there is no %s: this test runs %s; install Node 20 or newer, which has both", program, languageServer)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "pipe", strings.ReplaceAll(languageServer, "@", "-"))
	script := filepath.Join(dir, "node_modules", "yaml-language-server", "bin", "yaml-language-server")
	if _, err := os.Stat(filepath.Join(dir, "whole")); err == nil {
		return script
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "npm", "install", "--prefix", dir, "--no-save", "--no-audit", "--no-fund", languageServer).CombinedOutput()
	if err != nil {
		t.Fatalf("installing %s: %v: is the npm registry to be reached?\n%s", languageServer, err, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "whole"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return script
}

// Editors complete and explain a spec, and mark what is wrong in it, by the
// line at its top alone.
func TestEditor(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs a language server in Node")
	}
	dir := t.TempDir()
	for _, file := range []string{schema.File, schema.PartFile} {
		schema, err := os.ReadFile(spectest.Path("specs", file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), schema, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e := openEditor(t)
	for i, c := range []struct{ text, want string }{
		{"na|me: x\n", "names the spec in reports"},
		{"pool:\n  pages_|min: 2\n", "the fewest pages at work"},
		{"download:\n  - cap|ture: {url: /x, as: y}\n", "takes the file that a step makes the site deliver"},
		{"download:\n  - click: {selector: \"#a\", opt|ional: true}\n", "skipped when its target is not there"},
		{"download:\n  - capture:\n      url: /x\n      as: y\n      expect: {min_si|ze: 1KB}\n", "the least size"},
		{"stop_when:\n  in_a|_row: 3\n", "so many items in a row failed"},
		{"download:\n  - us|e: open\n", "the block's name"},
		{"blocks:\n  open:\n    steps:\n      - inclu|de: a.yaml\n", "a file that is a list of steps"},
		{"profiles:\n  night:\n    pool: {pages_|min: 2}\n", "the fewest pages at work"},
	} {
		if got := e.hover(dir, fmt.Sprintf("hover%d.yaml", i), c.text); !strings.Contains(got, c.want) {
			t.Errorf("hovering over %q shows %q", c.text, got)
		}
	}
	for i, c := range []struct {
		text string
		want []string
	}{
		{"name: x\n|", []string{"key", "source", "download", "stop_when"}},
		{"download:\n  - |", []string{"click", "capture", "optional", "use", "include"}},
		{"download:\n  - click:\n      |", []string{"selector", "role", "button", "timeout"}},
		{"download:\n  - click:\n      button: |", []string{"left", "right", "middle"}},
		{"profiles:\n  night:\n    |", []string{"pool", "vars", "login"}},
		{"blocks:\n  open:\n    |", []string{"params", "steps"}},
		{"pool:\n  adaptive: |", []string{"true", "false"}},
		{"classify:\n  - class: |", []string{"not_found", "site_down"}},
	} {
		found := e.completions(dir, fmt.Sprintf("completion%d.yaml", i), c.text)
		for _, want := range c.want {
			if _, ok := found[want]; !ok {
				t.Errorf("after %q there is no %s: %v", c.text, want, found)
			}
		}
	}
	e.marks(dir)
	e.parts(dir)
}

// parts wants the same of the files that specs include, whose schema refers to
// that of specs.
func (e *editor) parts(dir string) {
	t := e.t
	t.Helper()
	e.schema = schema.PartFile
	for i, c := range []struct{ text, want string }{
		{"- click: {selector: \"#a\", opt|ional: true}\n", "skipped when its target is not there"},
		{"blocks:\n  open:\n    params: {ref: {de|fault: a}}\n    steps: [dismiss]\n", "its value where a use gives none"},
	} {
		if got := e.hover(dir, fmt.Sprintf("parthover%d.yaml", i), c.text); !strings.Contains(got, c.want) {
			t.Errorf("hovering over %q shows %q", c.text, got)
		}
	}
	found := e.completions(dir, "partcompletion.yaml", "- |")
	for _, want := range []string{"click", "capture", "optional", "use", "include"} {
		if _, ok := found[want]; !ok {
			t.Errorf("in a list of steps there is no %s: %v", want, found)
		}
	}
	for name, c := range map[string]struct{ text, want string }{
		"goodpart.yaml": {"- goto: /a\n- use: open\n", ""},
		"badpart.yaml":  {"blocks: {}\nvras: {}\n", "3:1: Property vras is not allowed."},
	} {
		if got := e.marked(dir, name, c.text); got != c.want {
			t.Errorf("%s: marked are\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// marked gives what the server finds wrong.
func (e *editor) marked(dir, name, text string) string {
	e.t.Helper()
	uri := e.open(dir, name, text)["textDocument"].(map[string]any)["uri"].(string)
	for e.told[uri] == nil {
		e.next()
	}
	return strings.Join(e.told[uri], "\n")
}

// marks wants a fault marked in a wrong spec, and nothing in a right one.
func (e *editor) marks(dir string) {
	t := e.t
	t.Helper()
	good, err := os.ReadFile(spectest.Path("testdata/good/everything.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(good), "\n")
	made, err := os.ReadFile(spectest.Path("testdata/good/compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, composed, _ := strings.Cut(string(made), "\n")
	for name, c := range map[string]struct{ text, want string }{
		"good.yaml": {strings.ReplaceAll(rest, "|", "/"), ""},
		"made.yaml": {composed, ""},
		"bad.yaml":  {"name: x\nkey: a\nsource: {items: []}\npool: {contxts: 3}\n", "5:8: Property contxts is not allowed."},
	} {
		if got := e.marked(dir, name, c.text); got != c.want {
			t.Errorf("%s: marked are\n%s\nwant\n%s", name, got, c.want)
		}
	}
}
