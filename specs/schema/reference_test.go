package schema_test

import (
	"bytes"
	"os"
	"testing"

	"pipe/specs"
	"pipe/specs/internal/spectest"
	"pipe/specs/schema"
	"pipe/steps"
)

func TestReferenceIsFresh(t *testing.T) {
	kept, err := os.ReadFile(spectest.Path("specs/REFERENCE.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, schema.Reference(steps.Verbs())) {
		t.Error("REFERENCE.md is stale: go generate ./specs")
	}
}

// Every field says what it does.
func TestEverythingIsDescribed(t *testing.T) {
	all := schema.DescribeSpec()
	for _, v := range steps.Verbs() {
		all = append(all, schema.DescribeStep(v)...)
	}
	if len(all) < 40 {
		t.Fatalf("only %d mappings are described", len(all))
	}
	for _, d := range all {
		for _, f := range d.Fields {
			if f.Doc == "" || f.Takes == "" {
				t.Errorf("%s.%s: %+v", d.Name, f.Name, f)
			}
		}
	}
}

// The example of each step is one.
func TestExamples(t *testing.T) {
	for _, v := range steps.Verbs() {
		src := "name: x\nkey: ${{ item.reference }}\nsource: {items: [{reference: A1}]}\n" +
			"login:\n  accounts: [{username: me}]\n  steps: []\n  success: {url: x}\n" +
			"download:\n  - " + v.Example + "\n"
		spec, err := specs.Parse(v.Name, []byte(src), spectest.Options())
		if err != nil {
			t.Errorf("%s: %v", v.Name, err)
		} else if spec.Download.Steps[0].Verb != v.Name {
			t.Errorf("the example of %s is one of %s", v.Name, spec.Download.Steps[0].Verb)
		}
	}
}
