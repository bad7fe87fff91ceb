package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A list that a run would refuse is told, and is no success.
func TestSourceOfShortList(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rows, path := filepath.Join(dir, "rows.csv"), filepath.Join(dir, "s.yaml")
	spec := "name: x\nkey: ${{ item.ref }}\nsource: {csv: " + rows + ", expect: {rows: {min: 3}}}\ndownload:\n  - goto: https://x.test/\n"
	for file, text := range map[string]string{rows: "ref\nA1\nA2\n", path: spec} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for asJSON, want := range map[bool]string{false: "SHORT LIST: the source has 2 rows", true: `"short_list":"the source has 2 rows`} {
		var out bytes.Buffer
		err := ReadSource(t.Context(), path, SourceOptions{AsJSON: asJSON}, Std{Out: &out, Err: &out})
		if CodeOf(err) != ExitFailed || !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %q: %v", want, out.String(), err)
		}
	}
}
