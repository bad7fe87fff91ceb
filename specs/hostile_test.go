package specs_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/internal/spectest"
)

// bomb writes mappings that each name the one before them many times.
func bomb(levels int, each string) string {
	var b strings.Builder
	b.WriteString("about: &a0 {contexts: 1}\n")
	for i := 1; i <= levels; i++ {
		fmt.Fprintf(&b, "a%d: &a%d %s\n", i, i, strings.ReplaceAll(each, "X", fmt.Sprintf("*a%d", i-1)))
	}
	fmt.Fprintf(&b, "pool: *a%d\n", levels)
	return b.String()
}

func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// hostile are files of up to 4 MB that are made to cost time or memory, and a
// part of the answer to each; "" is for a spec that is right.
var hostile = map[string]struct{ text, answer string }{
	"merge bomb":         {bomb(40, "{<<: ["+strings.Repeat("X,", 9)+"]}"), `unknown field "a40"`},
	"alias bomb":         {bomb(40, "["+strings.Repeat("X,", 9)+"]"), "pool: want a mapping"},
	"fault bomb":         {spectest.Head + "vars: &v {" + many(50_000, "v%d: [],") + "}\ndownload: [" + strings.Repeat("{goto: /, <<: *v},", 50_000) + "]\n", "there are more than these 1000 faults"},
	"visit bomb":         {spectest.Head + "vars: &v {" + many(1_000, "v%d: x,") + "}\nbrowser: {context: {headers: *v}}\nlogin: {steps: [], success: {url: x}, accounts: [" + strings.Repeat("*v,", 100_000) + "]}\n", "over 300000 values, aliases followed"},
	"duplicates":         {spectest.Head + "vars: {" + strings.Repeat("a: b,", 150_000) + "}\n", "is here twice"},
	"columns":            {"name: x\nkey: ${{ item.a }}\nsource: {items: [{a: x, " + many(100_000, "k%d: v,") + "}]}\n", ""},
	"one line":           {spectest.Head + "download: [" + strings.Repeat("{click: a},", 25_000) + "]\n", ""},
	"expressions":        {spectest.Head + "vars: {" + many(990, "v%d: '${{ 1 + 2 }}',") + "}\ndownload: [" + strings.Repeat("{goto: '/${{ vars.v1 }}'},", 1_000) + "]\n", ""},
	"nested expression":  {spectest.Head + "navigate: {home: '${{ " + strings.Repeat("(", 1_000_000) + " }}'}\n", "the expression is too long"},
	"nested within":      {spectest.Head + "navigate: {home: '${{ " + strings.Repeat("(", 9_000) + " }}'}\n", "navigate.home"},
	"nested xpath":       {spectest.Head + "download: [{click: '//a" + strings.Repeat("[a", 1_000_000) + "'}]\n", "the selector is too long"},
	"nested css":         {spectest.Head + "download: [{click: '" + strings.Repeat(":not(", 1_900) + "'}]\n", "is not closed"},
	"nested lists":       {spectest.Head + "vars: {a: " + strings.Repeat("[", 2_000_000), "exceeded max depth"},
	"nested mappings":    {spectest.Head + "vars: " + strings.Repeat("{a: ", 900_000), "exceeded max depth"},
	"long text":          {spectest.Head + "about: " + strings.Repeat("x", 4<<20-200) + "\n", ""},
	"long key":           {spectest.Head + strings.Repeat("x", 1000) + ": 1\nretry: {attempts: " + strings.Repeat("x", 3<<20) + "}\n", "want a whole number"},
	"comments":           {spectest.Head + strings.Repeat("# a comment\n", 300_000), ""},
	"blank lines":        {spectest.Head + strings.Repeat("\n", 4<<20-200), ""},
	"documents":          {spectest.Head + strings.Repeat("---\na: b\n", 400_000), "several documents"},
	"anchors":            {spectest.Head + "vars: {" + many(50_000, "a%[1]d: &a%[1]d x,") + "}\n", ""},
	"tags":               {spectest.Head + "vars: {" + many(50_000, "a%d: !!str x,") + "}\n", ""},
	"no newline":         {strings.Repeat("a", 4<<20), "a spec is a mapping"},
	"quotes":             {spectest.Head + "about: \"" + strings.Repeat("\\u00e9", 600_000) + "\"\n", ""},
	"percents":           {spectest.Head + "base_url: '" + strings.Repeat("${{1}}", 100_000) + "'\n", "over 20000 expressions"},
	"UTF-16":             {"\xff\xfen\x00a\x00m\x00e\x00", "the file is UTF-16: save it as UTF-8"},
	"noise without NULs": {strings.Repeat("\x89PNG\r\n\x1a\n\xfe\xdc", 100_000), "the line is not UTF-8"},
	"control characters": {spectest.Head + "about: a\x07b\n", "control characters are not allowed"},
	"old line ends":      {strings.ReplaceAll(spectest.Head, "\n", "\r") + "naem: x\r", "x.yaml:4:1: unknown field"},
	"more than 4 MB":     {spectest.Head + strings.Repeat("# a comment\n", 400_000), "the file is over 4 MB"},
}

// A file that is made to do harm gets an answer, soon and in little memory.
func TestHostileSpecs(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads files of many megabytes")
	}
	for name, c := range hostile {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			began := time.Now()
			_, err := specs.Parse("x.yaml", []byte(c.text), spectest.Options())
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 6_000 || took > time.Minute {
				t.Errorf("it took %v and %d MB", took, mb)
			} else {
				t.Logf("it took %v and %d MB", took, mb)
			}
			if c.answer == "" {
				if err != nil {
					t.Fatalf("%.2000s", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.answer) {
				t.Fatalf("it holds no %q: %.2000v", c.answer, err)
			}
			if len(err.Error()) > 4<<20 {
				t.Errorf("the answer has %d bytes", len(err.Error()))
			}
		})
	}
}

// Of a file that is far too large no more is read than it takes to see that.
func TestLargeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.yaml")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(spectest.Head); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(100 << 20); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = specs.Load(path, spectest.Options())
	runtime.ReadMemStats(&after)
	var faults document.Faults
	if !errors.As(err, &faults) || !strings.Contains(err.Error(), "the file is over 4 MB: that is no spec") {
		t.Fatal(err)
	}
	if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 64 {
		t.Errorf("it took %d MB", mb)
	}
	if _, err := specs.Load(t.TempDir(), spectest.Options()); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Error(err)
	}
}
