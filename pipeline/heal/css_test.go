package heal

import (
	"strings"
	"testing"
)

func TestParseSelector(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"#grid": "|#grid",
		"#grid tbody tr:only-child td.stock:text-is('${{ item.a > 1 }}')": "|#grid / tbody/ tr|:only-child/ td|.stock|:text-is('${{ item.a > 1 }}')",
		`ul > li[title="a > b"]`:  `ul/ > li|[title="a > b"]`,
		`a.b:not(.c, .d)::before`: `a|.b|:not(.c, .d)|::before`,
		`tr:has(> th) + tr ~ td`:  `tr|:has(> th)/ + tr/ ~ td`,
		"a, b":                    "", "text=Save": "", "//a": "", "a >> b": "", "": "", "a >": "",
	} {
		got := ""
		if s, ok := parseSelector(text); ok {
			for i, p := range s.parts {
				if i > 0 {
					got += "/"
				}
				got += s.combinators[i] + strings.Join(p, "|")
			}
			if s.String() != text {
				t.Errorf("%s is written as %s", text, s)
			}
		}
		if got != strings.ReplaceAll(want, "grid /", "grid/") {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
