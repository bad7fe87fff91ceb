// Package testterminal runs programs in a real terminal, tmux's, for tests of what they
// show there and of the keys that they read. Tests alone import it, and it imports none
// of the project's packages.
package testterminal

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	// waitLimit bounds the wait for something to be on the screen, callLimit a command of
	// tmux.
	waitLimit = 2 * time.Minute
	callLimit = 30 * time.Second
	// lookEvery is how often the screen is looked at: tmux tells nobody of what is on it.
	lookEvery = 50 * time.Millisecond
)

// Terminal is a shell in a terminal, which ends with the test.
type Terminal struct {
	t      testing.TB
	socket string
}

// Start opens a terminal of so many columns and rows, with a shell in a folder and its
// environment, each NAME=VALUE.
func Start(t testing.TB, columns, rows int, dir string, env []string) *Terminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Fatalf("a test needs a terminal: %v; try: apt-get install -y tmux", err)
	}
	term := &Terminal{t: t, socket: filepath.Join(t.TempDir(), "tmux")}
	args := []string{"-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(columns), "-y", strconv.Itoa(rows), "-c", dir}
	for _, one := range env {
		args = append(args, "-e", one)
	}
	term.tmux(append(args, "bash", "--norc", "--noprofile")...)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the screen at the end:\n%s", term.Screen())
		}
		term.tmux("kill-server")
	})
	term.Type("PS1='$ '; clear", "Enter")
	return term
}

// tmux runs a command of tmux and gives what it prints.
func (term *Terminal) tmux(args ...string) string {
	term.t.Helper()
	// A test's own context has ended by the time of its cleanup.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(term.t.Context()), callLimit)
	defer cancel()
	out, err := exec.CommandContext(ctx, "tmux", append([]string{"-u", "-S", term.socket}, args...)...).CombinedOutput()
	if err != nil {
		term.t.Fatalf("tmux %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// Type presses keys, by the names that tmux has for them: a text, Enter, C-c.
func (term *Terminal) Type(keys ...string) {
	term.t.Helper()
	term.tmux(append([]string{"send-keys", "--"}, keys...)...)
}

// Screen gives what is on the screen, without blanks at the ends of its rows.
func (term *Terminal) Screen() string { return term.tmux("capture-pane", "-p") }

// Colored gives it with the escape sequences of its colours.
func (term *Terminal) Colored() string { return term.tmux("capture-pane", "-p", "-e") }

// Await waits until something is so of the screen, and gives the screen.
func (term *Terminal) Await(what string, is func(screen string) bool) string {
	term.t.Helper()
	for end := time.Now().Add(waitLimit); ; time.Sleep(lookEvery) {
		screen := term.Screen()
		if is(screen) {
			return screen
		}
		if time.Now().After(end) {
			term.t.Fatalf("within %v this did not come to the terminal: %s", waitLimit, what)
		}
	}
}

// AwaitText waits until all texts are on the screen.
func (term *Terminal) AwaitText(texts ...string) string {
	term.t.Helper()
	return term.Await(fmt.Sprintf("%q", texts), func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}
