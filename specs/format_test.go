package specs_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"pipe/specs"
	"pipe/specs/internal/spectest"
	"pipe/steps"
)

func format(t *testing.T, src []byte) []byte {
	t.Helper()
	out, err := specs.Format("x.yaml", src, steps.Verbs())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFormat(t *testing.T) {
	for path, src := range spectest.Files(t, "testdata/fmt/*.yaml") {
		got := format(t, src)
		golden(t, spectest.Path(strings.TrimSuffix(path, ".yaml")+".txt"), string(got))
		if again := format(t, got); !bytes.Equal(again, got) {
			t.Errorf("%s: a second time it is\n%s", path, again)
		}
	}
}

// In whichever order a spec is written, it is put in order, and neither what it
// says nor a comment in it changes.
func TestFormatKeepsTheMeaning(t *testing.T) {
	for path, src := range spectest.Files(t, "testdata/good/*.yaml", "specs/*.yaml", "testdata/fmt/*.yaml") {
		src = bytes.TrimPrefix(bytes.ReplaceAll(src, []byte("\r"), nil), []byte("\ufeff"))
		for seed := range shuffles {
			text := src
			if seed > 0 {
				text = specs.Shuffle(src, steps.Verbs(), rand.New(rand.NewPCG(seed, 0)))
			}
			got := format(t, text)
			if lines := specs.Unsorted(got, steps.Verbs()); len(lines) > 0 {
				t.Fatalf("%s, seed %d: lines %v are not in order:\n%s", path, seed, lines, got)
			}
			if again := format(t, got); !bytes.Equal(again, got) {
				t.Fatalf("%s, seed %d: it is\n%s\nand then\n%s", path, seed, got, again)
			}
			if !slices.Equal(comments(text), comments(got)) {
				t.Fatalf("%s, seed %d: the comments are not the same:\n%s", path, seed, got)
			}
			if before, after := asJSON(t, src), asJSON(t, got); before != after {
				t.Fatalf("%s, seed %d: it was\n%s\nand is\n%s", path, seed, before, after)
			}
		}
	}
}

// asJSON gives what a spec says, without the order of its fields. Where the
// order says something, the fields of records, it is kept.
func asJSON(t *testing.T, src []byte) string {
	t.Helper()
	v, err := spectest.Plain(src)
	if err != nil {
		t.Fatal(err)
	}
	var ordered struct {
		Record struct{ Fields yaml.Node }
		Vars   yaml.Node
	}
	if err := yaml.Unmarshal(src, &ordered); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range []yaml.Node{ordered.Record.Fields, ordered.Vars} {
		for i := 0; i < len(n.Content); i += 2 {
			names = append(names, n.Content[i].Value)
		}
	}
	out, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out) + strings.Join(names, " ")
}

// comments gives the texts behind # of a spec that has no # elsewhere but in
// quotes.
func comments(src []byte) []string {
	var found []string
	for _, line := range strings.Split(string(src), "\n") {
		if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "#") {
			found = append(found, trimmed)
		} else if i := strings.LastIndex(line, " # "); i >= 0 {
			found = append(found, line[i:])
		}
	}
	slices.Sort(found)
	return found
}

// The shipped specs are in order.
func TestShippedSpecsAreFormatted(t *testing.T) {
	for path, src := range spectest.Files(t, "specs/*.yaml") {
		if !bytes.Equal(format(t, src), src) {
			t.Errorf("%s is not in order: pipe fmt specs", path)
		}
	}
}

// What is no right spec is left alone, and told; what the machine lacks is no
// matter.
func TestFormatRefuses(t *testing.T) {
	for path, src := range spectest.Files(t, "testdata/bad/*.yaml") {
		out, err := specs.Format("x.yaml", src, steps.Verbs())
		kept := slices.ContainsFunc([]string{"csv-", "env-not-set", "secret-not-set", "files-scheme", "context-certificate-file", "include-"}, func(s string) bool { return strings.Contains(path, s) && !strings.Contains(path, "include-paths") })
		if kept != (err == nil) {
			t.Errorf("%s: %v\n%s", path, err, out)
		}
	}
}
