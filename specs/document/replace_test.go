package document_test

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/internal/spectest"
)

// node reads a value as a text has it, in its style.
func node(t *testing.T, text string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0]
}

func TestReplace(t *testing.T) {
	for name, c := range map[string]struct{ src, path, value, want string }{
		"a plain text":              {"a: b # why\nc: d\n", "a", "x", "a: x # why\nc: d\n"},
		"aligned":                   {"a:    b   # why\n", "a", `"x"`, "a:    \"x\"   # why\n"},
		"in quotes":                 {"a: \"b # \\\" '\" # why\n", "a", "'x'", "a: 'x' # why\n"},
		"in single quotes":          {"a: 'it''s # no' # no\n", "a", "x", "a: x # no\n"},
		"of several lines":          {"a: b\n  c\n\n  d # why\ne: f\n", "a", "x", "a: x # why\ne: f\n"},
		"below its key":             {"a:\n  b # why\nc: d\n", "a", "x", "a: x # why\nc: d\n"},
		"below its key's comment":   {"a: # why\n  # more\n  b\n", "a", "x", "a: # why\n  # more\n  x\n"},
		"a list below a comment":    {"a: # why\n- b\n", "a", "x", "a: # why\n  x\n"},
		"by a list":                 {"a: # why\n  b\n", "a", "- x\n- y", "a: # why\n  - x\n  - y\n"},
		"in braces":                 {"a: {b: c, d: e} # why\n", "a.b", `"x, y"`, "a: {b: \"x, y\", d: e} # why\n"},
		"plain, but not in braces":  {"a: {b: c, d: e}\n", "a.b", "x, y", "a: {b: 'x, y', d: e}\n"},
		"in a list in braces":       {"a: [{b: c}, d]\n", "a[0].b", "{role: button, name: Go}", "a: [{b: {role: button, name: Go}}, d]\n"},
		"an item in brackets":       {"a: [b, c, d]\n", "a[1]", "x", "a: [b, x, d]\n"},
		"all in braces":             {"a: {b: \"}\", d: [e, {f: g}]} # why\nh: i\n", "a", "x", "a: x # why\nh: i\n"},
		"braces on several lines":   {"a: {\n  b: c, # one\n  d: e, # two\n} # why\n", "a.d", "x", "a: {\n  b: c, # one\n  d: x, # two\n} # why\n"},
		"all of several lines":      {"a: {\n  b: c,\n  d: e,\n} # why\n", "a", "x", "a: x # why\n"},
		"braces after a mapping":    {"a: {b: c}\n", "a", "b:\n  c: d", "a:\n  b:\n    c: d\n"},
		"a mapping":                 {"a:\n  b: c\n  d: e # last\n# foot\nf: g\n", "a", "x", "a: x # last\n# foot\nf: g\n"},
		"a list":                    {"a:\n- b\n- c\n# foot\nd: e\n", "a", "[x, y]", "a: [x, y]\n# foot\nd: e\n"},
		"an item":                   {"a:\n- b\n# c\n- c # why\n- d\n", "a[1]", "x", "a:\n- b\n# c\n- x # why\n- d\n"},
		"an item that is a mapping": {"a:\n  - b: c\n    d: e\n  - f: g\n", "a[1]", "x: y\nz: w", "a:\n  - b: c\n    d: e\n  - x: y\n    z: w\n"},
		"a literal text":            {"a: |\n  one\n    two\n\n  three\n# foot\nb: c\n", "a", "x", "a: x\n# foot\nb: c\n"},
		"a folded text":             {"a:\n  b: >- # why\n    one\n    two\n  c: d\n", "a.b", "x", "a:\n  b: x # why\n  c: d\n"},
		"by a literal text":         {"a:\n  b: c\n  d: e\n", "a.b", "|-\n  one\n  two", "a:\n  b: |-\n    one\n    two\n  d: e\n"},
		"by one, with a comment":    {"a: b # why\n", "a", "|-\n  one\n  two", "a: \"one\\ntwo\" # why\n"},
		"by a literal, in braces":   {"a: {b: c}\n", "a.b", "|-\n  one\n  two", "a: {b: \"one\\ntwo\"}\n"},
		"nothing":                   {"a: # why\nb: c\n", "a", "x", "a: x # why\nb: c\n"},
		"nothing, in a list":        {"a:\n  -\n  - b\n", "a[0]", "x", "a:\n  - x\n  - b\n"},
		"the last, without an end":  {"a: b", "a", "x", "a: x"},
		"tags and anchors":          {"a: !!str &n 1 # why\nb: c\n", "a", "2", "a: 2 # why\nb: c\n"},
		"an alias":                  {"a: &n b\nc: *n # why\n", "c", "x", "a: &n b\nc: x # why\n"},
		"with carriage returns":     {"a: b # why\r\nc:\r\n  - d\r\n", "c", "- x\n- y", "a: b # why\r\nc:\r\n  - x\r\n  - y\r\n"},
		"with a byte order mark":    {"\ufeffa: b\n", "a", "x", "\ufeffa: x\n"},
		"behind wide letters":       {"ä€: {b: \"ü\", c: d} # ö\n", "ä€.c", "x", "ä€: {b: \"ü\", c: x} # ö\n"},
		"long":                      {"a: b\n", "a", strings.Repeat("word ", 60) + "end", "a: " + strings.Repeat("word ", 60) + "end\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := document.Replace([]byte(c.src), c.path, node(t, c.value))
			if err != nil || string(got) != c.want {
				t.Errorf("it is\n%s\nand not\n%s\n%v", got, c.want, err)
			}
		})
	}
}

func TestReplaceRefuses(t *testing.T) {
	for _, c := range []struct{ src, path, why string }{
		{"a: b\n", "c", "c: there is no c"},
		{"a: [b]\n", "a[1]", "a[1]: there is no 1"},
		{"a: b\n", "", `"" leads to no value within the text`},
		{"a: [\n", "a", "reading the YAML: yaml: line 1: did not find expected node content"},
		{"", "a", "the YAML is empty"},
		{"a: &n {b: c}\nd: *n\n", "a.b", "a.b: its anchor &n is used in other places, which would change too"},
		{"a: &n {b: c}\nd: *n\n", "d.b", "d.b: it is what the anchor &n stands for, and so in several places"},
		{"a: {b: &n c}\nd: *n\n", "a", "replacing a: what stands on line 1 is written in a way that is not understood here: change it by hand"},
	} {
		got, err := document.Replace([]byte(c.src), c.path, node(t, "x"))
		if err == nil || err.Error() != c.why {
			t.Errorf("%q at %s: %v, %q", c.src, c.path, err, got)
		}
	}
}

// Every value of the shipped specs can be replaced, and nothing else changes.
func TestReplaceInShippedSpecs(t *testing.T) {
	for name, src := range spectest.Files(t, "specs/*.yaml") {
		n, value := 0, node(t, `{role: button, name: "Go: {1}"}`)
		for path := range paths(node(t, string(src)), "") {
			got, err := document.Replace(src, path, value)
			if err != nil {
				if !strings.Contains(err.Error(), "anchor") {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			n++
			replaced(t, src, got, path, value)
		}
		if n == 0 {
			t.Errorf("nothing of %s could be replaced", name)
		}
	}
}

// FuzzReplace looks for a text in which more changes than the value, or which breaks.
func FuzzReplace(f *testing.F) {
	for _, src := range spectest.Files(f, "testdata/good/*.yaml", "specs/*.yaml") {
		f.Add(src, uint(len(src)), "x: [1, {y: z}]")
	}
	f.Add([]byte("a: >-\n  b\n # c\n\nd: [e, 'f'\n ,g: h]\n"), uint(1), "|-\n  one\n  two")
	f.Fuzz(func(t *testing.T, src []byte, which uint, text string) {
		var doc, value yaml.Node
		if yaml.Unmarshal(src, &doc) != nil || yaml.Unmarshal([]byte(text), &value) != nil || len(doc.Content) == 0 || len(value.Content) == 0 {
			return
		}
		var any any
		if doc.Content[0].Decode(&any) != nil {
			return // a key that is there twice
		}
		all := paths(doc.Content[0], "")
		if len(all) == 0 || strings.ContainsAny(text, "&*") {
			return
		}
		names := slices.Sorted(maps.Keys(all))
		path := names[which%uint(len(names))]
		got, err := document.Replace(src, path, value.Content[0])
		if err == nil && value.Content[0].Decode(&any) == nil {
			replaced(t, src, got, path, value.Content[0])
		}
	})
}

// paths are those that lead to the values of a tree, and not through aliases.
func paths(n *yaml.Node, to string) map[string]*yaml.Node {
	all := map[string]*yaml.Node{}
	if to != "" {
		all[to] = n
	}
	for i, c := range n.Content {
		path := to + "[" + strconv.Itoa(i) + "]"
		if n.Kind == yaml.MappingNode {
			name := n.Content[i-i%2].Value
			if i%2 == 0 || name == "" || strings.ContainsAny(name, ".[]") || n.Content[i-1].Tag == "!!merge" {
				continue
			}
			path = strings.TrimPrefix(to+"."+name, ".")
		}
		for p, one := range paths(c, path) {
			all[p] = one
		}
	}
	return all
}

// replaced fails unless the new text has the new value there, and all others as before;
// the lines above the value and those behind what comes next are untouched.
func replaced(t *testing.T, src, got []byte, path string, value *yaml.Node) {
	t.Helper()
	var before, after yaml.Node
	if yaml.Unmarshal(src, &before) != nil || yaml.Unmarshal(got, &after) != nil {
		t.Fatalf("%s of\n%s\ndoes not parse any more:\n%s", path, src, got)
	}
	if is := paths(after.Content[0], "")[path]; is == nil || !reflect.DeepEqual(plain(t, is), plain(t, value)) {
		t.Fatalf("%s is not the new value:\n%s", path, got)
	}
	old := paths(before.Content[0], "")
	for p, n := range paths(after.Content[0], "") {
		if strings.HasPrefix(p, path) || strings.HasPrefix(path, p) {
			continue
		}
		if was := old[p]; was == nil || was.Value != n.Value || was.Tag != n.Tag || was.Kind != n.Kind {
			t.Fatalf("%s has changed with %s:\n%s", p, path, got)
		}
	}
	if strings.ContainsAny(string(src), "\r\u0085\u2028\u2029") {
		return // lines that not all count alike
	}
	lines := strings.SplitAfter(string(src), "\n")
	if above := strings.Join(lines[:max(0, old[path].Line-2)], ""); !strings.HasPrefix(string(got), above) {
		t.Fatalf("what is above %s has changed:\n%s", path, got)
	}
}

func plain(t *testing.T, n *yaml.Node) any {
	t.Helper()
	var v any
	if err := n.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
