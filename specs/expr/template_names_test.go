package expr_test

import (
	"testing"

	"pipe/specs/internal/spectest"
)

// What an expression names is told from its tree, and not from its text.
func TestNames(t *testing.T) {
	for text, want := range map[string]bool{
		"${{ file.pages }}":               true,
		"a ${{ item.a }} ${{file ?.url}}": true,
		`${{ file["name"] }}`:             true,
		"${{ toJSON(file) }}":             true,
		"see file.pdf":                    false,
		"${{ item.file }}":                false,
		`${{ "file.pages" + item.a }}`:    false,
		"${{ 1 }}":                        false,
	} {
		spec := spectest.Parse(t, "name: x\nkey: ${{ item.a }}\nsource: {items: [{a: x, file: y}]}\nrecord: {fields: {f: '"+text+"'}}\n", spectest.Options())
		value := spec.Record.Fields[0].Read.Value
		if value.Names("file", "") != want || value.Names("file", "sha256") {
			t.Errorf("%s: got %v, want %v", text, !want, want)
		}
	}
}
