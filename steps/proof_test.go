package steps_test

import (
	"testing"

	"pipe/specs"
	"pipe/steps"
)

// expectation reads what a spec expects of a capture.
func expectation(t *testing.T, expect string) steps.Proof {
	t.Helper()
	src := "name: x\nkey: ${{ item.a }}\nsource: {items: [{a: \"1\"}]}\ndownload:\n  - capture: {url: /a, as: a.bin" + expect + "}\n"
	spec, err := specs.Parse("x.yaml", []byte(src), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	return spec.Download.Steps[0].Do.(*steps.Capture).Expect
}

func TestExpectations(t *testing.T) {
	t.Parallel()
	for expect, want := range map[string]steps.Proof{
		"":                                  {Unique: true},
		", expect: csv":                     {Type: "csv", Unique: true},
		", expect: {unique: false}":         {},
		", expect: {pages: 3}":              {Unique: true, Pages: specs.Span{Min: 3, Max: 3}},
		", expect: {pages: {min: 2}}":       {Unique: true, Pages: specs.Span{Min: 2}},
		", expect: {pages: {max: 2}}":       {Unique: true, Pages: specs.Span{Max: 2}},
		", expect: {min_size: 1KB}":         {Unique: true, MinSize: 1024},
		", many: true, expect: {type: any}": {Type: "any", Unique: true},
	} {
		got := expectation(t, expect)
		if got.Type != want.Type || got.Unique != want.Unique || got.Pages != want.Pages || got.MinSize != want.MinSize || got.Matches != nil {
			t.Errorf("%q: got %+v, want %+v", expect, got, want)
		}
	}
}

func TestKind(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"a.pdf": "pdf", "b/A.PDF": "pdf", "a.jpeg": "image", "a.htm": "html", "a.docx": "docx", "a.txt": "", "a": ""} {
		if got := (&steps.Proof{}).Kind(name); got != want {
			t.Errorf("%s is to be %q, want %q", name, got, want)
		}
		if got := (&steps.Proof{Type: "any"}).Kind(name); got != "any" {
			t.Errorf("%s is to be %q, whatever the spec says", name, got)
		}
	}
}

// A condition knows what it uses, so that what cannot be read is not guessed.
func TestConditionNames(t *testing.T) {
	t.Parallel()
	c := expectation(t, `, expect: {matches: 'file.size > 1 and len(file["text"]) > 2'}`).Matches
	if !c.Names("file", "size") || !c.Names("file", "text") || c.Names("file", "pages") || c.Names("item", "size") {
		t.Errorf("%s: it names size %t, text %t, pages %t", c, c.Names("file", "size"), c.Names("file", "text"), c.Names("file", "pages"))
	}
}
