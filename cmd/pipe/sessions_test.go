package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

const oneAccount = `    - {username: "${{ secret.DEALER_USERNAME }}", password: "${{ secret.DEALER_PASSWORD }}"}`

// dealers are n accounts, and what a spec says of them.
func dealers(n int) (map[string]string, string) {
	all, lines := map[string]string{}, ""
	for i := range n {
		name := fmt.Sprintf("dealer%d", i+1)
		all[name] = "p-" + name
		lines += fmt.Sprintf("\n    - {username: %s, password: p-%s}", name, name)
	}
	return all, lines[1:]
}

// toldOff edits the shipped spec to see at once when a password is refused,
// rather than to wait for the inventory until the time is up.
var toldOff = []string{
	"    - click: {role: button, name: Sign in}\n", `    - click: {role: button, name: Sign in}
    - wait: ["#inventory", .error]
    - expect: {hidden: .error, reason: the password is refused}
`,
}

// recorded sums up the events of a run.
func (s *started) recorded(want int) map[pipeline.EventKind][]pipeline.Event {
	s.t.Helper()
	all := map[pipeline.EventKind][]pipeline.Event{}
	for e := range s.events {
		all[e.Kind] = append(all[e.Kind], e)
	}
	_ = s.cmd.Wait()
	if code := s.cmd.ProcessState.ExitCode(); code != want {
		s.t.Errorf("exit code %d, want %d", code, want)
	}
	return all
}

// Three accounts with one session each, which the site ends again and again: it
// never sees two of one account, and no login that was not needed. Contexts are
// made new all the while.
func TestOneSessionPerAccount(t *testing.T) {
	t.Parallel()
	accounts, lines := dealers(3)
	j := newJob(t, practice.Options{
		Vehicles: 36, Accounts: accounts, SessionRequests: 5, SessionPath: "/vehicle/*/reports", PDFLatency: latency(200*time.Millisecond, 300*time.Millisecond),
	}, append(straight(t), oneAccount, lines, "contexts: 2 ", "contexts_per_account: 1\n  recycle: {context: 7}\n  # ")...)
	s := j.start()
	events := s.recorded(app.ExitDone)
	j.whole()
	lost := 0
	for _, e := range events[pipeline.AttemptFailed] {
		if e.Class != pipeline.SessionLost {
			t.Errorf("%s failed: %s, %s", e.Key, e.Class, e.Reason)
		}
		lost++
	}
	c := j.site.Counts()
	// The site allows any number, so that it would see a second one. Each of an
	// account's two pages tells of a loss.
	if c.SessionsPerAccountMax != 1 || c.Logins > 3+lost || c.Logins < 4 {
		t.Errorf("%d sessions of an account at once, %d logins, %d items lost their session", c.SessionsPerAccountMax, c.Logins, lost)
	}
}

// A context that is made new takes nothing from the items that are under way in the old
// one: no attempt ends, and the site makes each document once.
func TestContextsMadeNew(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 30}, append(forms(t), `  lost: {url: "**/login**"}`, "  check: /inventory\n  lost: {url: \"**/login**\"}", "contexts: 2 ", "recycle: {context: 6}\n  contexts: 1 ", "pages: 2 ", "pages: 4 ")...)
	s := j.start()
	events := s.recorded(app.ExitDone)
	for _, e := range events[pipeline.AttemptFailed] {
		t.Errorf("%s failed: %s, %s", e.Key, e.Class, e.Reason)
	}
	for _, v := range j.site.Vehicles() {
		j.hasFiles(j.out, v, ".pdf")
		j.producedOnce(v, "")
	}
	if n := j.site.Counts().Logins; n != 1 {
		t.Errorf("%d logins, want 1", n)
	}
}

// Sessions that the site ends are opened again, at no item's cost.
func TestSessionLost(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{
		Vehicles: 24, Licence: true, SessionsPerAccount: 1, SessionRequests: 60, PDFLatency: latency(200*time.Millisecond, 300*time.Millisecond),
	})
	has(t, j.run(app.ExitDone, "--contexts", "1", "--pages", "3"), "inventory: 24 of 24 done")
	j.whole()
	c := j.site.Counts()
	if c.Logins < 2 || c.SessionsPerAccountMax != 1 {
		t.Errorf("%d logins, %d sessions of an account at once", c.Logins, c.SessionsPerAccountMax)
	}
}

// A session that a request beside the page finds gone is lost all the same: one
// login for all, and no vehicle is charged a try.
func TestSessionLostByRequest(t *testing.T) {
	t.Parallel()
	j := newShippedJob(t, "api", practice.Options{
		Vehicles: 30, SessionsPerAccount: 1, SessionRequests: 12, SessionPath: "/api/v1/vehicles/*/report",
		PDFLatency: latency(300*time.Millisecond, 400*time.Millisecond),
	})
	has(t, j.pipe(app.ExitDone, "run", "api.yaml"), "api: 30 of 30 done")
	j.brought(t, brings["api"])
	lost := 0
	for _, v := range j.site.Vehicles() {
		for _, reason := range j.reasons(v.Reference) {
			if lost++; !strings.HasPrefix(reason, "session_lost: ") {
				t.Errorf("%s failed before: %s", v.Reference, reason)
			}
		}
	}
	if c := j.site.Counts(); c.Logins < 2 || lost == 0 {
		t.Errorf("%d logins, %d attempts lost their session", c.Logins, lost)
	}
}

// A login is kept for the next run, for its owner alone, and is tried before it
// is trusted.
func TestLoginIsKept(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 8, Licence: true}, straight(t)...)
	j.run(app.ExitDone, "--limit", "4")
	kept, err := filepath.Glob(filepath.Join(j.out, "sessions", "*"))
	j.must(err)
	for path, want := range map[string]os.FileMode{filepath.Join(j.out, "sessions"): 0o700, kept[0]: 0o600, kept[1]: 0o600} {
		info, err := os.Stat(path)
		j.must(err)
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has the mode %o, want %o", path, got, want)
		}
	}
	j.site.ResetCounts()
	has(t, j.run(app.ExitDone), "inventory: 8 of 8 done")
	if c := j.site.Counts(); c.Logins != 0 {
		t.Errorf("%d logins, although two were kept", c.Logins)
	}
	j.whole()
	j.must(os.WriteFile(kept[0], []byte(`{"cookies":[{"name":"sid","value":"stale","domain":"127.0.0.1","path":"/"}],"origins":[]}`), 0o600))
	j.must(os.WriteFile(kept[1], []byte(`{"cookies":[`), 0o600))
	j.must(os.RemoveAll(filepath.Join(j.out, "ledger.sqlite")))
	j.site.ResetCounts()
	j.run(app.ExitDone, "--limit", "4")
	if c := j.site.Counts(); c.Logins != 2 {
		t.Errorf("%d logins in the place of two that are stale", c.Logins)
	}
}

// Logout runs for every session, and then nothing is kept.
func TestLogout(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 6}, "  lost: {url:", "  logout: [{log: \"leaving as ${{ account.password }}\"}, {goto: /logout}]\n  lost: {url:",
		"    - goto: /login\n", "    - log: coming\n    - goto: /login\n")
	has(t, j.run(app.ExitDone), `msg=coming account=1 step=login.steps[0].log`, `msg="leaving as ***" account=1 step=login.logout[0].log`)
	c := j.site.Counts()
	if c.Logins != 2 || c.Logouts != 2 || c.SessionsNow != 0 {
		t.Errorf("%d logins, %d logouts, %d sessions left", c.Logins, c.Logouts, c.SessionsNow)
	}
	if _, err := os.Stat(filepath.Join(j.out, "sessions")); !os.IsNotExist(err) {
		t.Errorf("a login was kept that is over: %v", err)
	}
}

// An account that is refused is given up after its tries; the others go on.
func TestAccountGivenUp(t *testing.T) {
	t.Parallel()
	accounts, lines := dealers(3)
	accounts["dealer2"] = "another"
	j := newJob(t, practice.Options{Vehicles: 18, Accounts: accounts}, append(toldOff, oneAccount, lines, "contexts: 2 ", "contexts_per_account: 1 # ")...)
	events := j.start().recorded(app.ExitDone)
	j.whole()
	if given := events[pipeline.AccountGivenUp]; len(given) != 1 || given[0].Account != "2" || !strings.Contains(given[0].Reason, "inventory.yaml") {
		t.Errorf("given up: %+v", given)
	}
	for _, e := range events[pipeline.AttemptFailed] {
		if !strings.Contains(e.Reason, "The user name or password is not correct.") || !strings.Contains(e.Reason, "it is not tried again until its credentials change") {
			t.Errorf("%s failed: %s", e.Key, e.Reason)
		}
	}
}

// An item goes to the account that it names. One that names nobody fails, those
// of an account that is given up stay to be done, and the run says so.
func TestItemNamesAccount(t *testing.T) {
	t.Parallel()
	accounts, lines := dealers(3)
	accounts["dealer3"] = "another"
	j := newJob(t, practice.Options{Vehicles: 12, Accounts: accounts}, append(toldOff, oneAccount, lines, "contexts: 2 ", "contexts_per_account: 1 # ",
		"key: ${{ item.stock_number }}", "key: ${{ item.stock_number }}\naccount: ${{ item.branch }}\n#",
		"    pages: ${{ file.pages }}", "    pages: ${{ file.pages }}\n    who: ${{ account.username }}")...)
	text, err := os.ReadFile(filepath.Join(j.dir, "inventory.yaml"))
	j.must(err)
	before, rest, _ := strings.Cut(string(text), "\nsource:")
	_, after, _ := strings.Cut(rest, "\nnavigate:")
	rows := "Stock Number,Branch\n"
	for i, v := range j.site.Vehicles() {
		rows += v.Reference + "," + []string{"dealer1", "dealer2", "dealer3", "dealer4"}[i%4] + "\n"
	}
	j.write("rows.csv", rows)
	j.write("inventory.yaml", before+"\nsource: {csv: rows.csv}\n\nnavigate:"+after)
	j.run(app.ExitEnvironment)
	for _, row := range j.records()[1:] {
		i := len(row) - 1
		if want := map[string]string{"dealer1": "dealer1", "dealer2": "dealer2"}[row[i]]; want == "" || !strings.Contains(rows, row[0]+","+want) {
			t.Errorf("%s was done by %s", row[0], row[i])
		}
	}
	has(t, j.pipe(app.ExitFailed, "status", "inventory.yaml"), totals(12, 6, 3, 3, 0), `spec: no account goes by "dealer4"`)
}
