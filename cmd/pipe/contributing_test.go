package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What CONTRIBUTING.md says of the code is so: its links lead somewhere, its
// commands are known, and what it names in `backquotes` is there: files, rooms, and
// names as `package.Name` and `package.Type.Method`. Its table has every room,
// with the rooms that it imports.
func TestContributing(t *testing.T) {
	root := filepath.Join("..", "..")
	p := readPage(t, root, filepath.Join(root, "CONTRIBUTING.md"))
	p.checkLinks(t)
	p.checkCommands(t, commandFlags(t))
	found := readCode(t, root)
	names := 0
	for _, text := range p.spans {
		switch name := dotted.FindStringSubmatch(text); {
		case strings.Contains(text, "<"): // stands for any
		case strings.Contains(text, "/") && !strings.ContainsAny(text, " "), filepath.Ext(text) == ".go" && strings.Contains(text, "/"):
			_, err := os.Stat(filepath.Join(root, filepath.FromSlash(text)))
			_, isRoom := found.imports["pipeline/"+text]
			if err != nil && !isRoom && text != "testing/synctest" {
				t.Error(err)
			}
		case name != nil && found.names[name[1]] != nil:
			if names++; !found.names[name[1]][name[2]] {
				t.Errorf("there is no %s", text)
			}
		case name != nil && !slices.Contains([]string{"go", "yml", "yaml"}, name[2]):
			t.Errorf("there is no package %s", name[1])
		}
	}
	if names < 50 {
		t.Errorf("only %d names are found", names)
	}
	checkRooms(t, p.text, found.imports)
}

var (
	dotted = regexp.MustCompile(`^([a-z]+)\.([A-Za-z]\w*(?:\.[A-Za-z]\w*)?)$`)
	room   = regexp.MustCompile("(?m)^\\| `(pipeline/[a-z/]+)` \\|[^|]*\\|([^|]*)\\|$")
)

// checkRooms holds the table of rooms against what they import.
func checkRooms(t *testing.T, text string, imports map[string][]string) {
	t.Helper()
	told := map[string]bool{}
	for _, row := range room.FindAllStringSubmatch(text, -1) {
		told[row[1]] = true
		var uses []string
		for _, one := range span.FindAllStringSubmatch(row[2], -1) {
			uses = append(uses, "pipeline/"+one[1])
		}
		if !slices.Equal(uses, imports[row[1]]) {
			t.Errorf("%s imports %v, not %v", row[1], imports[row[1]], uses)
		}
	}
	for path := range imports {
		if strings.HasPrefix(path, "pipeline/") && !told[path] {
			t.Errorf("nothing is said of %s", path)
		}
	}
}

// code is what stands in the packages of the module, without their tests.
type code struct {
	// names are those declared by each package, methods and fields as
	// Type.Name.
	names map[string]map[string]bool
	// imports are the rooms of pipeline that each folder's package imports.
	imports map[string][]string
}

func readCode(t *testing.T, root string) code {
	t.Helper()
	found := code{names: map[string]map[string]bool{}, imports: map[string][]string{}}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		found.add(filepath.ToSlash(dir), file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (c *code) add(dir string, file *ast.File) {
	names := c.names[file.Name.Name]
	if names == nil {
		names = map[string]bool{}
		c.names[file.Name.Name] = names
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			names[receiver(decl)+decl.Name.Name] = true
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				addSpec(names, spec)
			}
		}
	}
	rooms := c.imports[dir]
	for _, one := range file.Imports {
		if path := strings.Trim(one.Path.Value, `"`); strings.HasPrefix(path, "pipe/pipeline/") {
			rooms = append(rooms, strings.TrimPrefix(path, "pipe/"))
		}
	}
	slices.Sort(rooms)
	c.imports[dir] = slices.Compact(rooms)
}

func addSpec(names map[string]bool, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			names[name.Name] = true
		}
	case *ast.TypeSpec:
		names[spec.Name.Name] = true
		var fields *ast.FieldList
		switch of := spec.Type.(type) {
		case *ast.InterfaceType:
			fields = of.Methods
		case *ast.StructType:
			fields = of.Fields
		default:
			return
		}
		for _, field := range fields.List {
			for _, name := range field.Names {
				names[spec.Name.Name+"."+name.Name] = true
			}
		}
	}
}

// receiver gives the type that a method is of, and a dot.
func receiver(of *ast.FuncDecl) string {
	if of.Recv == nil {
		return ""
	}
	on := of.Recv.List[0].Type
	for {
		switch is := on.(type) {
		case *ast.StarExpr:
			on = is.X
		case *ast.IndexExpr:
			on = is.X
		case *ast.Ident:
			return is.Name + "."
		default:
			return ""
		}
	}
}
