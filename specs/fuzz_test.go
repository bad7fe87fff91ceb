package specs_test

import (
	"bytes"
	"errors"
	"testing"

	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/internal/spectest"
	"pipe/steps"
)

// FuzzParse looks for a file on which the loader breaks. Whatever it is given,
// it answers: a spec, or faults that have a place in the file.
func FuzzParse(f *testing.F) {
	for _, src := range spectest.Files(f, "testdata/*/*.yaml", "testdata/*/parts/*.yaml", "specs/*.yaml") {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := specs.CheckPart("x.yaml", src, spectest.Options())
		answered(t, err)
		for _, profile := range append(specs.ProfileNames(src), "") {
			opts := spectest.Options()
			opts.Profile = profile
			spec, err := specs.Parse("x.yaml", src, opts)
			if err == nil && (spec == nil || spec.Name == "") {
				t.Fatal("there is neither a spec nor an error")
			}
			answered(t, err)
		}
	})
}

// answered wants of faults that they have a place.
func answered(t *testing.T, err error) {
	t.Helper()
	var faults document.Faults
	if !errors.As(err, &faults) {
		return
	}
	for _, fault := range faults {
		if fault.Line < 1 || fault.Col < 1 || fault.Message == "" || fault.Render() == "" {
			t.Errorf("%+v", fault)
		}
	}
}

// FuzzFormat looks for a spec that breaks when it is put in order, or does not
// stay as it is then.
func FuzzFormat(f *testing.F) {
	for _, src := range spectest.Files(f, "testdata/good/*.yaml", "testdata/good/parts/*.yaml", "testdata/fmt/*.yaml", "specs/*.yaml") {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		once, err := specs.Format("x.yaml", src, steps.Verbs())
		if err != nil {
			return
		}
		twice, err := specs.Format("x.yaml", once, steps.Verbs())
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("it is\n%q\nand then\n%q, %v", once, twice, err)
		}
	})
}
