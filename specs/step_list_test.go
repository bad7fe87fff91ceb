package specs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/specs/internal/spectest"
	"pipe/steps"
)

// goesTo evaluates the addresses of goto steps.
func goesTo(t *testing.T, list []specs.Step, values expr.Values) []string {
	t.Helper()
	var urls []string
	for i := range list {
		g, ok := list[i].Do.(*steps.Goto)
		if !ok {
			continue
		}
		url, err := g.URL.Text(values)
		if err != nil {
			t.Fatal(err)
		}
		urls = append(urls, url)
	}
	return urls
}

// A block's steps stand where it is used, each with its own path and its place
// in the file; parameters have the values that the use gives, in its own scope.
func TestBlocks(t *testing.T) {
	spec := spectest.Parse(t, spectest.Head+`
vars: {branch: north}
blocks:
  open:
    params: {ref: , tab: "${{ vars.branch }}"}
    steps:
      - goto: /${{ params.ref }}/${{ params.tab }}
      - use: inner
        with: {ref: "${{ params.ref }}!", n: "${{ 2 }}"}
  inner:
    params: {ref: , n: }
    steps: [{goto: "/${{ params.ref }}-${{ params.n + 1 }}"}]
navigate:
  steps:
    - use: open
      with: {ref: "${{ item.a }}"}
    - {use: open, with: {ref: b, tab: c}}
`, spectest.Options())
	got := goesTo(t, spec.Navigate.Steps, spec.Values.With("item", map[string]any{"a": "1"}))
	if want := "/1/north /1!-3 /b/c /b!-3"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	seen := map[string]bool{}
	for _, s := range spec.Navigate.Steps {
		if seen[s.Path] {
			t.Errorf("two steps have the path %s", s.Path)
		}
		seen[s.Path] = true
	}
	if s := spec.Navigate.Steps[3]; s.Path != "navigate.steps[1].open[1].inner[0].goto" || s.Pos.String() != "x.yaml:15:14" {
		t.Errorf("%s at %s", s.Path, s.Pos)
	}
}

// A parameter is evaluated once in an expression, however many others are made
// of it.
func TestParametersOfParameters(t *testing.T) {
	var b strings.Builder
	b.WriteString(spectest.Head + "blocks:\n")
	all := "\"${{ params.x + params.y + params.z }}\""
	for i := range 18 {
		fmt.Fprintf(&b, "  b%d: {params: {x: , y: , z: }, steps: [{use: b%d, with: {x: %s, y: %s, z: %s}}]}\n", i, i+1, all, all, all)
	}
	b.WriteString("  b18: {params: {x: , y: , z: }, steps: [{goto: \"/${{ params.x + params.y + params.z }}\"}]}\n")
	b.WriteString("download: [{use: b0, with: {x: '${{ 1 }}', y: '${{ 1 }}', z: '${{ 1 }}'}}]\n")
	spec := spectest.Parse(t, b.String(), spectest.Options())
	// 3^19 of 1, each of which would be an evaluation.
	if got := goesTo(t, spec.Download.Steps, spec.Values)[0]; got != "/1162261467" {
		t.Errorf("got %s", got)
	}
}

// Included files count in the revision, and their faults have their own places,
// at run time too.
func TestInclude(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "sites", "north", "x.yaml")
	write("sites/north/x.yaml", spectest.Head+"include: ../shared/all.yaml\ndownload:\n  - include: steps.yaml\n  - {use: out, with: {x: b}}\n")
	write("sites/north/steps.yaml", "# two steps\n- goto: /a\n")
	write("sites/shared/all.yaml", "blocks:\n  out:\n    params: {x: }\n    steps:\n      - include: deep/more.yaml\n      - goto: /${{ params.x }}\n")
	write("sites/shared/deep/more.yaml", "- goto: /more\n")
	opts := specs.Options{Verbs: steps.Verbs()}
	spec, err := specs.Load(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(goesTo(t, spec.Download.Steps, spec.Values), " "); got != "/a /more /b" {
		t.Errorf("it goes to %s", got)
	}
	s := spec.Download.Steps[0]
	if want := filepath.Join(dir, "sites", "north", "steps.yaml") + ":2:3"; s.Pos.String() != want {
		t.Errorf("the step is at %s, want %s", s.Pos, want)
	}
	if f := spec.FaultAt(s.Pos, s.Path, "gone"); f.Source != "- goto: /a" {
		t.Errorf("the line is %q", f.Source)
	}
	if more := spec.Download.Steps[1]; filepath.Base(more.Pos.File) != "more.yaml" || more.Path != "download[1].out[0].include[0].goto" {
		t.Errorf("%s at %s", more.Path, more.Pos)
	}
	before := spec.Revision
	for _, name := range []string{"sites/north/steps.yaml", "sites/shared/all.yaml", "sites/shared/deep/more.yaml"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		write(name, string(text)+"# changed\n")
		spec, err := specs.Load(path, opts)
		if err != nil {
			t.Fatal(err)
		}
		if spec.Revision == before {
			t.Errorf("with another %s the revision is the same", name)
		}
		before = spec.Revision
	}
	write("sites/shared/all.yaml", "blocks: {out: {params: {x: }, steps: [{goto: \"/${{ params.x }}\"}]}}\ninclude: ../north/x.yaml\n")
	if _, err := specs.Load(path, opts); err == nil || !strings.Contains(err.Error(), "the file includes itself: ") {
		t.Errorf("a spec that includes itself: %v", err)
	}
}

// A part of specs is checked by itself, though only the specs know which vars
// and accounts there are.
func TestParts(t *testing.T) {
	for text, want := range map[string]string{
		"- goto: /${{ vars.any }}/${{ item.any }}\n- use: unknown\n- fill: {label: x, value: \"${{ account.any + steps.any }}\"}\n": "",
		"blocks:\n  a: {params: {x: }, steps: [{goto: \"/${{ params.x }}/${{ vars.y }}\"}, {use: elsewhere}]}\n":                    "",
		"vars: {a: \"${{ vars.b }}\"}\ninclude: []\n":         "",
		"- goto: /${{ vras.any }}\n":                          `unknown name vras (did you mean "vars"?)`,
		"- clik: x\n":                                         `part.yaml:1:3: steps[0]: unknown step "clik"`,
		"blocks:\n  a: {params: {x: }, steps: [{goto: /}]}\n": "no step of the block has params.x",
		"blocks: {}\nvras: {}\n":                              `unknown field "vras"`,
		"name: x\nblocks: {}\n":                               "none",
		"[]\n":                                                "none",
		"a: b\n":                                              "none",
		"vars: {a: \"${{ vars.b }}\", b: \"${{ vars.a }}\"}\n":      "the var is made of itself: a → b → a",
		"vars: {a: b}\nblocks: {b: {steps: [{goto: /x, if: 3}]}}\n": "expected bool",
	} {
		part, err := specs.CheckPart("part.yaml", []byte(text), spectest.Options())
		switch {
		case want == "none":
			if part || err != nil {
				t.Errorf("%q is a part, %v", text, err)
			}
		case !part:
			t.Errorf("%q is no part", text)
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if out, err := specs.Format("part.yaml", []byte(text), steps.Verbs()); want == "" && (err != nil || string(out) != text) && !strings.HasPrefix(text, "vars") {
			t.Errorf("%q in order is %q, %v", text, out, err)
		}
	}
}

// What is included is bounded.
func TestIncludeBounds(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		files func(path string) string
		want  string
	}{
		"many files": {
			"include: [" + many(200, "f%d.yaml, ") + "]\n", func(string) string { return "blocks: {}\n" }, "the spec includes over 100 files",
		},
		"endless chain": {
			"include: 1.yaml\n", func(path string) string { return "include: 1" + path + "\n" }, "the spec includes over 100 files",
		},
		"endless steps": {
			"download: [{include: 1.yaml}]\n", func(path string) string { return "- include: 1" + path + "\n" }, "nested too deep: 20 within one another at most",
		},
		"much text": {
			"include: [a.yaml, b.yaml, c.yaml]\n", func(string) string { return "vars: {}\n" + strings.Repeat("# text\n", 300_000) }, "with b.yaml the spec is over 4 MB",
		},
		"bomb of files": {
			"download: [{include: 0.yaml}]\n", func(path string) string {
				next := string(path[0] + 1)
				return strings.Repeat("- include: "+next+".yaml\n", 30)
			}, "over 300000 values",
		},
		"bomb of blocks": {
			"blocks:\n" + func() string {
				var b strings.Builder
				for i := range 15 {
					fmt.Fprintf(&b, "  b%d: {steps: [%s]}\n", i, strings.Repeat(fmt.Sprintf("{use: b%d},", i+1), 30))
				}
				return b.String()
			}() + "  b15: {steps: [{goto: /}]}\n", nil, "over 300000 values",
		},
		"bomb of vars": {
			"vars:\n  v0: " + strings.Repeat("x", 1000) + "\n" + func() string {
				var b strings.Builder
				for i := range 60 {
					fmt.Fprintf(&b, "  v%d: \"%s\"\n", i+1, strings.Repeat(fmt.Sprintf("${{ vars.v%d }}", i), 10))
				}
				return b.String()
			}(), nil, "its value is over 256 KB",
		},
	} {
		t.Run(name, func(t *testing.T) {
			opts := spectest.Options()
			opts.Include = func(path string) ([]byte, error) {
				if c.files == nil {
					return nil, os.ErrNotExist
				}
				return []byte(c.files(path)), nil
			}
			_, err := specs.Parse("x.yaml", []byte(spectest.Head+c.text), opts)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("no %q: %.2000v", c.want, err)
			}
		})
	}
}
