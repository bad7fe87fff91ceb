package specs_test

import (
	"os"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/internal/spectest"
)

// The examples that the README gives of a part of a spec are right.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	const head = "name: x\nkey: ${{ item.ref }}\nsource: {items: [{ref: \"1\", branch: north, codes: a b, kind: car}]}\n"
	for after, begin := range map[string]string{"**Accounts and sessions.**": head, "**Steps can hold steps:**": head + "download:\n"} {
		_, rest, _ := strings.Cut(string(text), after)
		_, rest, _ = strings.Cut(rest, "```yaml\n")
		block, _, found := strings.Cut(rest, "```")
		if !found {
			t.Fatalf("there is no example after %s", after)
		}
		opts := spectest.Options()
		opts.Env = func(string) (string, bool) { return "x", true }
		if _, err := specs.Parse("README.md", []byte(begin+block), opts); err != nil {
			t.Error(err)
		}
	}
}
