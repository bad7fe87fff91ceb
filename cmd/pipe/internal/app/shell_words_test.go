package app

import (
	"maps"
	"os/exec"
	"testing"

	"github.com/spf13/pflag"

	"pipe/specs"
)

// hostileKeys are keys that a command line must not be broken by.
var hostileKeys = []string{"A1", "a b", "$(touch x)", "`id`", "it's", `say "x", y`, "-rf", "*", "a;b", "~", "é", `back\`, "%PATH%", "#x", "=x", "A,B"}

// A command that is printed gives the program the very keys, whatever is in them.
func TestShellWords(t *testing.T) {
	t.Parallel()
	flags, left := keyWords("again", hostileKeys)
	if left != 0 {
		t.Errorf("%d are left out", left)
	}
	out, err := exec.CommandContext(t.Context(), "sh", "-c", "printf '%s\\0' pipe"+flags).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	set.StringSliceVar(&got, "again", nil, "")
	if err := set.Parse(splitZero(out)[1:]); err != nil {
		t.Fatal(err)
	}
	for i, want := range hostileKeys {
		if i >= len(got) || got[i] != want {
			t.Fatalf("got %q, want %q", got, hostileKeys)
		}
	}
	for _, key := range []string{"a\nb", "a\x1b[31mb", "a\u202eb"} {
		if word, ok := shellWord(key); ok {
			t.Errorf("%q is %s", key, word)
		}
	}
	for key, want := range map[string]string{"a b": `"a b"`, "it's": `"it's"`, "%PATH%": "", "$x": "", "a&b": `"a&b"`, `a"b`: "", `C:\x\`: ""} {
		if word, ok := shellWordFor("windows", key); word != want || ok != (want != "") {
			t.Errorf("on Windows %q is %s, %t", key, word, ok)
		}
	}
}

// A command that is printed opens the very folder, with the very values.
func TestSpecWords(t *testing.T) {
	t.Parallel()
	values := map[string]string{"a": "x y", "b": "x,y=z", "c": `say "x", y`, "d": "$HOME", "e": `k="v"`}
	given := SpecOptions{Set: values, Secrets: "my secrets"}
	spec := &specs.Spec{Name: "x", File: "s.yaml", Profile: "p"}
	words := given.words(spec, "/data/it's")
	out, err := exec.CommandContext(t.Context(), "sh", "-c", "printf '%s\\0' "+words).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got SpecOptions
	set := pflag.NewFlagSet("run", pflag.ContinueOnError)
	folder := set.String("out", "", "")
	set.StringToStringVar(&got.Set, "set", nil, "")
	set.StringVar(&got.Secrets, "secrets", "", "")
	set.StringVar(&got.Profile, "profile", "", "")
	if err := set.Parse(splitZero(out)); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got.Set, values) || got.Secrets != given.Secrets || got.Profile != "p" || *folder != "/data/it's" {
		t.Errorf("%s is read as %+v, --out %s", words, got, *folder)
	}
	own, err := OutFolder("", spec)
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{"1": "'v=1'", "a\nb": "v=VALUE", `a "b"`: "v=VALUE"} {
		if got := (SpecOptions{Set: map[string]string{"v": value}}).words(spec, own); got != "s.yaml --profile p --set "+want {
			t.Errorf("%q: %s", value, got)
		}
	}
}

func splitZero(out []byte) []string {
	var all []string
	for start, i := 0, 0; i < len(out); i++ {
		if out[i] == 0 {
			all = append(all, string(out[start:i]))
			start = i + 1
		}
	}
	return all
}
