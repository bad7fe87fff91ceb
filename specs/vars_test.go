package specs_test

import (
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/internal/spectest"
)

// Values keep their type when an expression stands alone.
func TestValues(t *testing.T) {
	t.Parallel()
	src := `
name: x
key: ${{ item.ref }}/${{ item.ref }}
vars: {n: "${{ 2 * 21 }}", text: "n is ${{ 2.50 }}", branch: north, token: "${{ secret.TOKEN }}"}
source: {items: [{ref: A1}]}
`
	opts := spectest.Options()
	opts.Set = map[string]string{"branch": "south"}
	spec, err := specs.Parse("x.yaml", []byte(src), opts)
	if err != nil {
		t.Fatal(err)
	}
	vars := spec.Values["vars"].(map[string]any)
	for name, want := range map[string]any{"n": 42, "text": "n is 2.5", "branch": "south", "token": "hush-hush"} {
		if vars[name] != want {
			t.Errorf("vars.%s is %#v, want %#v", name, vars[name], want)
		}
	}
	key, err := spec.Key.Text(spec.Values.With("item", map[string]any{"ref": "A1"}))
	if err != nil || key != "A1/A1" {
		t.Errorf("the key is %q, %v", key, err)
	}
	if _, err := spec.Key.Text(spec.Values); err == nil {
		t.Error("a key without an item")
	}
	opts.Set = map[string]string{"brnch": "south"}
	if _, err := specs.Parse("x.yaml", []byte(src), opts); err == nil || !strings.Contains(err.Error(), `--set brnch: the spec has no such var (did you mean "branch"?)`) {
		t.Errorf("got %v", err)
	}
}
