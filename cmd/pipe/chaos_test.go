//go:build unix

package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// The chaos suite: pipe's own process against a site that fails, and under
// kills, all of it decided by seeds.

// A bad site: everything that is there comes home, what is not is told, and
// nothing is asked for without need. The soak test is a night of it.
func TestChaosFaults(t *testing.T) {
	t.Parallel()
	faults(t, 38, 2, practice.Faults{
		ServerError: 0.06, RateLimited: 0.03, RetryAfter: time.Second, Reset: 0.05, Hang: 0.02, HangFor: time.Minute,
		HTMLAsPDF: 0.09, TruncatedPDF: 0.09, SelfClosingTab: 0.06, WrongPDF: 0.09,
	})
}

func faults(t *testing.T, there, missing int, all practice.Faults) {
	t.Helper()
	in := there + missing
	j := newJob(t, practice.Options{
		Vehicles: there, Missing: missing, Seed: 7, SessionRequests: 40,
		PageLatency: latency(0, 20*time.Millisecond), PDFLatency: latency(20*time.Millisecond, 200*time.Millisecond), Faults: all,
	}, append(straight(t), "attempts: 3", "attempts: 9", "initial: 3s", "initial: 100ms", "retry:", "timeouts: {step: 6s, capture: 6s}\n\nretry:")...)
	j.plainly()
	s := j.start("--contexts", "2", "--pages", "3")
	events := s.recorded(app.ExitFailed)
	failed := len(events[pipeline.AttemptFailed]) + len(events[pipeline.ItemFailed])
	for _, e := range events[pipeline.ItemFailed] {
		if e.Class != pipeline.NotFound {
			t.Errorf("%s failed for good: %s, %s", e.Key, e.Class, e.Reason)
		}
	}
	has(t, j.pipe(app.ExitFailed, "status", "inventory.yaml"), totals(in, there, missing, 0, 0))
	j.whole()
	counts := j.site.Counts()
	produced := 0
	for _, n := range counts.Produced {
		produced += n
	}
	if produced > in+failed {
		t.Errorf("the site produced %d PDFs for %d items and %d failed attempts", produced, in, failed)
	}
	for _, kind := range []string{"server_error", "rate_limited", "reset", "hang", "html_as_pdf", "truncated_pdf", "self_closing_tab", "wrong_pdf"} {
		if counts.Faults[kind] == 0 {
			t.Errorf("no %s struck: the test has no teeth (%v)", kind, counts.Faults)
		}
	}
	if evidence, err := os.ReadDir(filepath.Join(j.out, "evidence")); err != nil || len(evidence) == 0 {
		t.Errorf("no refused file was set aside: %v", err)
	}
	if counts.Logins < 3 {
		t.Errorf("%d logins: no session was lost, the test has no teeth", counts.Logins)
	}
}

// Kills of pipe at any moment: nothing is lost, wrong or on record twice, and the
// site is asked at most once more for what was in hand. The soak test has fifty.
func TestChaosKilled(t *testing.T) {
	t.Parallel()
	killed(t, 4, 48)
}

func killed(t *testing.T, kills, vehicles int) {
	t.Helper()
	// The list is a file: an export each time would only cost time.
	j := newJob(t, practice.Options{Vehicles: vehicles, PDFLatency: latency(300*time.Millisecond, 600*time.Millisecond)},
		append(straight(t), exported, "  csv: list.csv\n")...)
	j.plainly()
	list := "Stock Number\n"
	for _, v := range j.site.Vehicles() {
		list += v.Reference + "\n"
	}
	j.write("list.csv", list)
	random := rand.New(rand.NewPCG(4, 50))
	done, inRun := 0, 0
	for k := range kills {
		s := j.start("--contexts", "1", "--pages", "2")
		// At its start, or after it has got on with its work.
		s.await(pipeline.ItemDone, max(0, random.IntN(6)-1))
		time.Sleep(time.Duration(random.IntN(1000)) * time.Millisecond)
		j.must(s.cmd.Process.Kill())
		s.ended(-1)
		if _, err := os.Stat(app.LedgerPath(j.out)); err != nil {
			continue // it had hardly begun
		}
		if now := len(j.done()); now < done {
			t.Fatalf("%d items were done before kill %d, and %d after it", done, k, now)
		} else if now > done {
			done, inRun = now, inRun+1
		}
		if k%10 == 9 || k == kills-1 {
			j.placesAreDone()
		}
	}
	if inRun < kills/3 || done == vehicles {
		t.Errorf("%d items were done in %d of the killed runs: the test has no teeth", done, inRun)
	}
	has(t, j.run(app.ExitDone, "--contexts", "1", "--pages", "4"), fmt.Sprintf("inventory: %[1]d of %[1]d done", vehicles), totals(vehicles, vehicles, 0, 0, 0))
	j.whole()
	counts, attempts := j.site.Counts(), j.attempts()
	for _, v := range j.site.Vehicles() {
		if n := counts.Produced[v.Reference]; n > attempts[v.Reference] {
			t.Errorf("the site produced the PDF of %s %d times for %d attempts", v.Reference, n, attempts[v.Reference])
		}
	}
	orphans(t)
}

// attempts counts the attempts at each item, and makes sure that none came
// after the one that is done.
func (j *job) attempts() map[string]int {
	j.t.Helper()
	db, err := sql.Open("sqlite", "file:"+app.LedgerPath(j.out)+"?mode=ro")
	j.must(err)
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(j.t.Context(), `
		SELECT key, COUNT(*), SUM(status = 'done'), MAX(CASE WHEN status = 'done' THEN number END) = MAX(number) FROM attempts GROUP BY key`)
	j.must(err)
	defer func() { _ = rows.Close() }()
	all := map[string]int{}
	for rows.Next() {
		var key string
		var n, done int
		var last bool
		j.must(rows.Scan(&key, &n, &done, &last))
		if all[key] = n; done != 1 || !last {
			j.t.Errorf("%s is done %d times in %d attempts, with the last: %v", key, done, n, last)
		}
	}
	j.must(rows.Err())
	return all
}

// The browser is killed, and the driver; the run goes on with the logins that it
// had. In the soak test it is killed ten times, and the driver five.
func TestChaosBrowserAndDriverKilled(t *testing.T) {
	t.Parallel()
	browserAndDriverKilled(t, 3, 24)
}

func browserAndDriverKilled(t *testing.T, kills, vehicles int) {
	t.Helper()
	j := newJob(t, practice.Options{Vehicles: vehicles, PDFLatency: latency(100*time.Millisecond, 300*time.Millisecond)},
		append(straight(t), "attempts: 3", "attempts: 30", "initial: 3s", "initial: 10ms")...)
	s := j.start("--contexts", "2", "--pages", "2")
	dead := map[int]bool{0: true}
	for k := range kills {
		s.await(pipeline.ItemDone, 3)
		driver, browser := s.processes(dead)
		if k%3 == 2 {
			j.must(syscall.Kill(driver, syscall.SIGKILL))
			dead[driver] = true
		} else {
			j.must(syscall.Kill(browser, syscall.SIGKILL))
		}
		dead[browser] = true
	}
	s.ended(app.ExitDone)
	j.whole()
	j.attempts()
	if c := j.site.Counts(); c.Logins != 2 || c.SessionsMax != 2 {
		t.Errorf("%d logins, %d sessions at once", c.Logins, c.SessionsMax)
	}
	orphans(t)
}

// processes waits until the run has noted a driver and a browser that live.
func (s *started) processes(dead map[int]bool) (driver, browser int) {
	s.t.Helper()
	var text []byte
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var noted []struct{ PID int }
		text, _ = os.ReadFile(filepath.Join(s.out, app.ProcessesFile))
		if json.Unmarshal(text, &noted) == nil && len(noted) == 2 && !dead[noted[0].PID] && !dead[noted[1].PID] {
			return noted[0].PID, noted[1].PID
		}
	}
	s.t.Fatalf("no new process is noted: %s", text)
	return 0, 0
}

// Nothing that a run writes or prints holds a secret, whatever fails.
func TestChaosSecrets(t *testing.T) {
	t.Parallel()
	const password, token = `p&ä"s<s/w%o\rd`, "tok-93f1-secret"
	j := newJob(t, practice.Options{
		Vehicles: 12, Accounts: map[string]string{"north": password}, Missing: 2,
		Faults: practice.Faults{HTMLAsPDF: 0.3, ServerError: 0.2, WrongPDF: 0.2},
	}, oneAccount, oneAccount+"\n    - {username: south, password: \"${{ secret.TOKEN }}\"}",
		"initial: 3s", "initial: 10ms", "retry:", "browser: {context: {headers: {X-Token: \"${{ secret.TOKEN }}\"}}}\ntimeouts: {step: 3s, capture: 4s}\n\nretry:",
		"download:\n", "download:\n  - screenshot: \"${{ item.stock_number }}.png\"\n  - {goto: \"/vehicle/${{ secret.TOKEN }}?q=${{ secret.DEALER_PASSWORD }}\", if: \"item.stock_number contains '7'\"}\n")
	j.env = []string{"INVENTORY_URL=" + j.site.URL(), "DEALER_USERNAME=north", "DEALER_PASSWORD=" + password, "TOKEN=" + token}
	var printed strings.Builder
	for _, args := range [][]string{{"--verbose"}, {"--verbose", "--json", "--retry-failed"}} {
		cmd, out := j.command(append([]string{"run", "inventory.yaml"}, args...)...)
		_ = cmd.Run() // how it ends is not the point
		printed.WriteString(out.String())
	}
	printed.WriteString(j.pipe(app.ExitFailed, "status", "inventory.yaml"))
	if !strings.Contains(printed.String(), "***") {
		t.Errorf("no secret was near: the test has no teeth\n%s", printed.String())
	}
	j.noSecret("what it printed", printed.String(), password, token)
	j.must(filepath.WalkDir(j.out, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if filepath.Base(filepath.Dir(path)) == "sessions" {
			if info, err := d.Info(); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s is %v, %v", path, info.Mode(), err)
			}
			return nil
		}
		body, err := os.ReadFile(path)
		j.noSecret(path, string(body), password, token)
		return err
	}))
}
