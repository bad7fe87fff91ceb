package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
	"pipe/pipeline/testterminal"
)

var update = flag.Bool("update", false, "write the golden files anew")

// inTerminal begins a command line in a terminal, in the job's folder.
func (j *job) inTerminal(columns, rows int, line string, env ...string) *testterminal.Terminal {
	j.t.Helper()
	self, err := os.Executable()
	j.must(err)
	// TestMain's own folder of programs is on the path that this process has.
	env = append(append(env, j.env...), "PATH="+os.Getenv("PATH"), "PIPE_TEST="+j.t.Name(), "GORACE="+os.Getenv("GORACE"), "HOME="+os.Getenv("HOME"), "SELF="+self)
	term := testterminal.Start(j.t, columns, rows, j.dir, env)
	term.Type(line, "Enter")
	return term
}

// varying is what differs from run to run: times, rates, ports.
var varying = []struct {
	text *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "127.0.0.1:PORT"},
	{regexp.MustCompile(`\d\d:\d\d(:\d\d)?(–\d\d:\d\d)?`), "TIME"},
	{regexp.MustCompile(`[\d.]+ a minute`), "RATE a minute"},
	{regexp.MustCompile(`(up to )?[\dhm–]+ (s|min) left`), "SPAN left"},
	{regexp.MustCompile(` +\b(\d+m\d\ds|\d+s)\b`), " TOOK"},
}

func unvaried(screen string) string {
	for _, v := range varying {
		screen = v.text.ReplaceAllString(screen, v.with)
	}
	return strings.TrimRight(screen, "\n") + "\n"
}

// nightInTerminal is a run on a site with faults, up to where it can go no further until
// the reports that are on their way come, which is the same every time: one page works,
// and the faults depend on what is asked for alone.
func nightInTerminal(t *testing.T, columns int) (term *testterminal.Terminal, release chan struct{}) {
	t.Helper()
	release = make(chan struct{})
	j := newJob(t, practice.Options{
		Vehicles: 40, Missing: 4, Duplicates: 2, OnReport: beyond(8, release), Faults: practice.Faults{TruncatedPDF: 0.2, LoginPage: 0.1},
	}, "initial: 3s", "initial: 10ms", "pages: 2 ", "pages: 1\n  adaptive: false\n  fetches: 3 ",
		"- click: {role: button, name: Print/Email Reports}", "- {name: Open the reports, click: {role: button, name: Print/Email Reports}}")
	return j.inTerminal(columns, 30, "pipe run inventory.yaml --contexts 1 --limit 30"), release
}

// The picture on a real terminal, at the widths that people have.
func TestTerminalGolden(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{60, 80, 160} {
		t.Run(fmt.Sprint(columns), func(t *testing.T) {
			t.Parallel()
			term, release := nightInTerminal(t, columns)
			// Those that are fetched, that wait for it, and that the worker still holds.
			got := unvaried(term.AwaitText("5 files on their way", "c1p1  idle"))
			path := filepath.Join("testdata", fmt.Sprintf("terminal-%d.txt", columns))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the screen is\n%s\nand %s is\n%s", got, path, want)
			}
			term.Type("d")
			term.AwaitText("the items in hand are finished first")
			close(release)
			term.AwaitText("inventory: interrupted: ", "next: the same command goes on")
		})
	}
}

// sane are the terminal's modes as a shell has them, and the exit code of what ran last.
const sane = `code=$?; clear; echo "code $code, $(stty -a | grep -ow -e '-*echo' -e '-*icanon' -e '-*isig' | tr '\n' ' ')"`

// back wants the shell to have its terminal again after a run with an exit code.
func back(term *testterminal.Terminal, code int) {
	term.AwaitText("next: the same command goes on", "\n$")
	term.Type(sane, "Enter")
	term.AwaitText(fmt.Sprintf("code %d, isig icanon echo", code))
}

// heldInTerminal is a run of three pages whose reports do not come before release is
// closed, as it is at once by the time that it is under way.
func heldInTerminal(t *testing.T, line string, env ...string) (term *testterminal.Terminal, release chan struct{}) {
	t.Helper()
	release = make(chan struct{})
	j := newJob(t, practice.Options{Vehicles: 40, OnReport: beyond(2, release)}, straight(t)...)
	term = j.inTerminal(80, 30, line, env...)
	return term, release
}

// What the keys are for, they do, and the terminal is as it was in the end.
func TestTerminalKeys(t *testing.T) {
	t.Parallel()
	term, release := heldInTerminal(t, "pipe run inventory.yaml --contexts 1 --pages 3")
	defer close(release)
	term.AwaitText("3 of 3 pages may be at work", "p pause", "2 done")
	term.Type("p")
	term.AwaitText("paused for ", "time left: paused")
	term.Type("-")
	term.Type("p")
	term.AwaitText("2 of 3 at work: as asked")
	term.Type("+")
	term.AwaitText("3 of 3 pages may be at work")
	term.Type("Up") // is none of them
	term.Type("?")
	term.AwaitText("drain: finish what is in hand")
	term.Type("?")
	term.Type("q")
	term.AwaitText("stop now?")
	term.Type("x")
	term.AwaitText("p pause")
	term.Type("d")
	term.AwaitText("the items in hand are finished first")
	term.Type("q", "q")
	term.AwaitText("stopping   now", "inventory: interrupted: 2 of 40 done")
	back(term, app.ExitInterrupted)
}

// Ctrl-C is what it always was: once to finish what is in hand, twice to stop now.
func TestTerminalInterrupt(t *testing.T) {
	t.Parallel()
	term, release := heldInTerminal(t, "pipe run inventory.yaml --contexts 1 --pages 3")
	defer close(release)
	term.AwaitText("2 done")
	term.Type("C-c")
	term.AwaitText("the items in hand are finished first")
	term.Type("C-c")
	back(term, app.ExitInterrupted)
}

// Ctrl-Z gives the shell its terminal, in the background the run goes on without it, and
// fg brings the picture back.
func TestTerminalSuspend(t *testing.T) {
	t.Parallel()
	term, release := heldInTerminal(t, "pipe run inventory.yaml --contexts 1 --pages 3")
	term.AwaitText("2 done")
	term.Type("C-z")
	term.AwaitText("Stopped")
	term.Type(sane, "Enter")
	term.AwaitText(", isig icanon echo")
	term.Type("clear; bg", "Enter")
	term.AwaitText("inventory.yaml --contexts 1 --pages 3 &")
	term.Type("clear; echo still $((40+2))", "Enter")
	if screen := term.AwaitText("still 42"); strings.Contains(screen, "p pause") {
		t.Errorf("it draws in the background:\n%s", screen)
	}
	term.Type("fg", "Enter")
	term.AwaitText("p pause", "2 done")
	term.Type("d")
	term.AwaitText("the items in hand are finished first")
	close(release)
	back(term, app.ExitInterrupted)
}

// A run that is begun in the background tells lines, and leaves keys to the shell.
func TestTerminalBackground(t *testing.T) {
	t.Parallel()
	term, release := heldInTerminal(t, "pipe run inventory.yaml --contexts 1 --limit 6 &")
	term.Await("two items", func(screen string) bool { return strings.Count(screen, ".pdf") == 2 })
	term.Type("q", "q", "BSpace", "BSpace")
	term.Type("echo still $((40+2))", "Enter")
	term.AwaitText("still 42")
	close(release)
	term.AwaitText("inventory: 6 of 40 done")
}

// Colours have a meaning, and NO_COLOR takes them away.
func TestTerminalColors(t *testing.T) {
	t.Parallel()
	const green, anyColor = "\x1b[32m█", "\x1b\\[[0-9;]*3[0-7]"
	for env, want := range map[string]bool{"NOTHING=1": true, "NO_COLOR=1": false} {
		term, release := heldInTerminal(t, "pipe run inventory.yaml --contexts 1", env)
		term.AwaitText("2 done")
		got := term.Colored()
		if colored := regexp.MustCompile(anyColor).MatchString(got); colored != want || strings.Contains(got, green) != want {
			t.Errorf("%s: %q", env, got)
		}
		term.Type("d")
		close(release)
		term.AwaitText("inventory: interrupted: ")
	}
}

// Where standard input is no keyboard, there are no keys, and the picture says none.
func TestTerminalWithoutKeyboard(t *testing.T) {
	t.Parallel()
	term, release := heldInTerminal(t, "pipe run inventory.yaml --contexts 1 --limit 4 </dev/null")
	if screen := term.AwaitText("2 done"); strings.Contains(screen, "p pause") {
		t.Errorf("keys are told of:\n%s", screen)
	}
	close(release)
	term.AwaitText("inventory: 4 of 40 done")
}
