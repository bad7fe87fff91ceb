// Package spectest has what the tests of specs and of the packages in it share:
// the options of a machine that is always the same, and the files under testdata.
package spectest

import (
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gopkg.in/yaml.v3"

	"pipe/specs"
	"pipe/steps"
)

// Head begins a spec that has all that one must have.
const Head = "name: x\nkey: ${{ item.a }}\nsource: {items: [{a: \"1\"}]}\n"

// root is the folder of the repository.
var root = sync.OnceValue(func() string {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			panic("the tests do not run within the repository")
		}
		dir = filepath.Dir(dir)
	}
})

// Path gives the path of a file of the repository.
func Path(elem ...string) string { return filepath.Join(append([]string{root()}, elem...)...) }

// Files gives the bytes of the files of the repository that globs match, by
// their paths in it, in order.
func Files(t testing.TB, globs ...string) iter.Seq2[string, []byte] {
	t.Helper()
	return func(yield func(string, []byte) bool) {
		for _, glob := range globs {
			paths, err := filepath.Glob(Path(glob))
			if err != nil || len(paths) == 0 {
				t.Fatalf("no %s: %v", glob, err)
			}
			for _, path := range paths {
				src, err := os.ReadFile(path) //nolint:gosec // a file of the repository
				if err != nil {
					t.Fatal(err)
				}
				name, err := filepath.Rel(root(), path)
				if err != nil {
					t.Fatal(err)
				}
				if !yield(filepath.ToSlash(name), src) {
					return
				}
			}
		}
	}
}

// Options are those of a machine with one secret and one variable.
func Options() specs.Options {
	env := func(name string) (string, bool) {
		v, ok := map[string]string{"TOKEN": "hush-hush", "SITE": "http://127.0.0.1:1"}[name]
		return v, ok
	}
	destination := func(dest string) error {
		if strings.HasPrefix(dest, "ftp:") {
			return errors.New("ftp:// is no destination")
		}
		return nil
	}
	reads := func(path string) error {
		if path == "missing.pem" {
			return errors.New("there is no file missing.pem")
		}
		return nil
	}
	include := func(path string) ([]byte, error) {
		if !strings.HasPrefix(filepath.ToSlash(path), "testdata/") {
			path = filepath.Join("testdata/bad", path)
		}
		return os.ReadFile(Path(path))
	}
	return specs.Options{Verbs: steps.Verbs(), Env: env, Destination: destination, Reads: reads, Include: include, Columns: func(path string, _ *specs.CSV) ([]string, error) {
		text, err := os.ReadFile(Path("testdata/bad", path))
		if err != nil {
			return nil, os.ErrNotExist
		}
		head, _, _ := strings.Cut(string(text), "\n")
		return strings.Split(head, ","), nil
	}}
}

// Plain gives a YAML file as an editor's schema check sees it.
func Plain(src []byte) (any, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		return nil, err
	}
	var v any
	dates(&doc)
	err := doc.Decode(&v)
	return v, err
}

// dates makes texts of what YAML 1.1 takes for dates.
func dates(n *yaml.Node) {
	if n.Tag == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, c := range n.Content {
		dates(c)
	}
}

// Parse reads a spec that is right.
func Parse(t testing.TB, src string, opts specs.Options) *specs.Spec {
	t.Helper()
	spec, err := specs.Parse("x.yaml", []byte(src), opts)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}
