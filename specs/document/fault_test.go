package document_test

import (
	"testing"

	"pipe/specs/document"
)

// A fault shows its line with a caret under its place, and only a part of a line
// that is long.
func TestFaultRender(t *testing.T) {
	t.Parallel()
	f := document.Fault{Pos: document.Pos{File: "x.yaml", Line: 12, Col: 4}, Path: "pool.pages", Message: "too many", Source: "\tö: 99"}
	if got, want := f.Render(), "x.yaml:12:4: pool.pages: too many\n  12 | \tö: 99\n     | \t  ^"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	long := make([]byte, 5000)
	for i := range long {
		long[i] = 'a'
	}
	f.Source, f.Col = string(long), 3000
	if got := f.Excerpt(); len(got) != 110 {
		t.Errorf("the excerpt has %d characters", len(got))
	}
}

// A slip of the key is known from a word of its own.
func TestDidYouMean(t *testing.T) {
	t.Parallel()
	names := []string{"selector", "role", "timeout"}
	for name, want := range map[string]string{
		"selctor": ` (did you mean "selector"?)`, "rloe": ` (did you mean "role"?)`, "Timeout": ` (did you mean "timeout"?)`, "xyz": "", "": "",
	} {
		if got := document.DidYouMean(name, names); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
