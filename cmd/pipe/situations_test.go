package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pipe/pipeline/practice"
)

// The tables of situations in testdata name a test for each, and each test is
// there; so is each page of the practice site that they name.
func TestSituations(t *testing.T) {
	root := filepath.Join("..", "..")
	tests := testsOf(t, root)
	files, err := filepath.Glob(filepath.Join(root, "testdata", "situations", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 11 {
		t.Errorf("only %d tables", len(files))
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for line := range strings.Lines(string(raw)) {
			if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| situation") || strings.HasPrefix(line, "|-") || strings.HasPrefix(line, "| -") {
				continue
			}
			rows++
			checkSituation(t, tests, filepath.Base(file), line)
		}
		if rows == 0 {
			t.Errorf("%s has no situation", filepath.Base(file))
		}
	}
}

var (
	namedTest    = regexp.MustCompile("`(pipe(?:/[a-z]+)*)\\.(Test\\w+)(?:/[^`]*)?`")
	practicePage = regexp.MustCompile("practice `(/[^` ]*)`")
)

func checkSituation(t *testing.T, tests map[string]bool, file, line string) {
	t.Helper()
	named := namedTest.FindAllStringSubmatch(line, -1)
	if len(named) == 0 {
		t.Errorf("%s: no test is named: %s", file, line)
	}
	for _, n := range named {
		if !tests[n[1]+"."+n[2]] {
			t.Errorf("%s: there is no test %s in %s", file, n[2], n[1])
		}
	}
	for _, page := range practicePage.FindAllStringSubmatch(line, -1) {
		known := false
		for _, v := range practice.Variants() {
			known = known || page[1] == v.Path || strings.HasPrefix(page[1], v.Path+"/")
		}
		if !known {
			t.Errorf("%s: the practice site has no %s", file, page[1])
		}
	}
}

// testsOf are all tests of the module, whatever their build tags, as import
// path and name.
func testsOf(t *testing.T, root string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(file))
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
				all[path.Join("pipe", filepath.ToSlash(dir))+"."+f.Name.Name] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
