package console

import (
	"slices"
	"strings"
	"testing"
)

// Each key does what it is for; escape sequences and what is pasted do nothing, and to
// stop now takes a second q right after the first.
func TestKeys(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"p": "pause", " ": "pause", "+": "more", "=": "more", "-": "fewer", "d": "drain", "\x03": "interrupt", "+-+": "more fewer more",
		"q": "", "qq": "quit", "q|q": "quit", "qxq": "", "qd": "drain", "q?q": "", "q\x03": "interrupt",
		"\x1b[A": "", "\x1b[A+": "more", "\x1bq\x1bq": "", "\x1b[200~dd\x1b[201~": "", "pppppppp": "", "?": "", "z\x00é": "", "y": "yes", "nyn": "no yes no", "Y": "",
	} {
		var did []string
		note := func(what string) func() { return func() { did = append(did, what) } }
		k := keyboard{keys: Keys{
			Question: func() string { return "try it?" }, Answer: func(yes bool) { note(map[bool]string{true: "yes", false: "no"}[yes])() },
			Pause: note("pause"), Drain: note("drain"), Quit: note("quit"), Interrupt: note("interrupt"),
			Workers: func(by int) { did = append(did, map[int]string{1: "more", -1: "fewer"}[by]) },
		}}
		for chunk := range strings.SplitSeq(typed, "|") {
			k.typed(chunk)
		}
		if !slices.Equal(did, strings.Fields(want)) {
			t.Errorf("%q did %v, want %q", typed, did, want)
		}
	}
}

// The line of the keys tells of them, of what a second q does, and all where that is asked.
func TestKeyLines(t *testing.T) {
	t.Parallel()
	k := keyboard{}
	for _, c := range []struct{ typed, want string }{{"x", "p pause"}, {"q", "stop now?"}, {"x", "p pause"}, {"?", "one more worker"}, {"?", "p pause"}} {
		k.typed(c.typed)
		if got := strings.Join(k.lines(60), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("after %q: %s", c.typed, got)
		}
	}
	k.keys.Question = func() string { return "" }
	k.typed("y") // there is nothing to answer
	k.keys.Question = func() string { return "\x1b[31mtry it?" }
	if got := strings.Join(k.lines(60), "\n"); !strings.Contains(got, "try it?") || !strings.Contains(got, "y  try it") || strings.Contains(got, "\x1b[31m") {
		t.Errorf("with a question: %q", got)
	}
}
