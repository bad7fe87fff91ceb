package app

import (
	"os/exec"
	"testing"

	"github.com/spf13/pflag"
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
