package pipeline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// Every kind of event is in the list that says what it tells, once.
func TestEventKinds(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "event_kinds.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	left := map[EventKind]bool{}
	for _, decl := range file.Decls {
		if consts, is := decl.(*ast.GenDecl); is && consts.Tok == token.CONST {
			for _, spec := range consts.Specs {
				text, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				left[EventKind(text)] = true
			}
		}
	}
	if len(left) < 25 {
		t.Errorf("only %d kinds are found", len(left))
	}
	for _, k := range EventKinds() {
		if !left[k.Kind] || k.Doc == "" {
			t.Errorf("%s is no kind, or twice in the list, or says nothing", k.Kind)
		}
		delete(left, k.Kind)
	}
	if len(left) > 0 {
		t.Errorf("not in the list: %v", left)
	}
}
