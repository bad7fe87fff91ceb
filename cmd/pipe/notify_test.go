package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// noSecretsKept wants nothing of the addresses in the output, nor in any file of the job.
func (j *job) noSecretsKept(out string) {
	j.t.Helper()
	secrets := []string{mailPassword, hookToken}
	j.noSecret("the output", out, secrets...)
	j.must(filepath.WalkDir(j.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		j.noSecret(path, string(text), secrets...)
		return err
	}))
}

// A run with failures tells a mailbox and a webhook; one that cannot be told changes
// nothing but a warning.
func TestNotify(t *testing.T) {
	t.Parallel()
	box, hook := newMailbox(t), newWebhook(t)
	j := newJob(t, practice.Options{Vehicles: 3, Missing: 2}, "retry:\n", `notify:
  - ${{ secret.MAIL }}
  - {to: "${{ secret.HOOK }}", on: failure, title: "${{ run.spec }} ${{ event.kind }}", message: "${{ run.done }} done, ${{ run.failed_now }} failed: ${{ run.causes[0].class }}, ${{ run.exit_code }}"}
  - {to: "${{ secret.REFUSED }}", on: finish}
  - {to: "${{ secret.SILENT }}", on: [drift, person], nothing_by: 12h}

retry:
`)
	j.env = append(j.env, "MAIL="+box.url(), "HOOK="+hook.url("failure"), "SILENT="+hook.url("silent"), "REFUSED="+strings.Replace(box.url(), "robot", "nobody", 1))
	out := j.run(app.ExitFailed)
	has(t, out, "inventory: 3 of 5 done", "pipe: warning: notify[2] (smtp) was not told of it (finish): ")
	if strings.Count(out, "was not told of it") != 1 {
		t.Errorf("there is more than one warning:\n%s", out)
	}
	subject, text := box.only()
	if want := "inventory: finished, not all done, 2 failed"; subject != want {
		t.Errorf("the subject is %q, want %q", subject, want)
	}
	missing := j.site.MissingReferences()
	has(t, text, "run 1: "+totals(5, 3, 2, 0, 0), "this run: 3 done, 0 skipped, 2 failed in ", "1 × not_found: the inventory has no vehicle "+missing[0], "exit code 1", j.out)
	if got := hook.only(t, "failure"); got["title"] != "inventory failure" || got["message"] != "3 done, 2 failed: not_found, 1" {
		t.Errorf("the webhook got %q", got)
	}
	hook.mu.Lock()
	if len(hook.got) != 1 {
		t.Errorf("the webhook got %q", hook.got)
	}
	hook.mu.Unlock()
	j.noSecretsKept(out)
}

// Whoever is to help is told at once, and those who wait for failures at the end.
func TestNotifyPerson(t *testing.T) {
	t.Parallel()
	hook := newWebhook(t)
	j := newJob(t, practice.Options{Vehicles: 2}, "retry:\n", `notify:
  - {to: "${{ secret.PERSON }}", on: person}
  - {to: "${{ secret.FAILURE }}", on: failure}

retry:
`)
	j.env = append(j.env, "PERSON="+hook.url("person"), "FAILURE="+hook.url("failure"), "DEALER_PASSWORD=hush-wrong-7373")
	out := j.run(app.ExitEnvironment)
	person, failure := hook.only(t, "person"), hook.only(t, "failure")
	if want := "inventory: a person is needed: account 1 cannot be logged in"; person["title"] != want {
		t.Errorf("the title is %q, want %q", person["title"], want)
	}
	has(t, failure["title"], "inventory: stopped")
	has(t, failure["message"], "exit code 3")
	j.noSecret("the messages", person["message"]+failure["message"], "hush-wrong-7373")
	j.noSecretsKept(out)
}

// A run that never came to its first item is told of too.
func TestNotifyNotBegun(t *testing.T) {
	t.Parallel()
	hook := newWebhook(t)
	j := newJob(t, practice.Options{Vehicles: 2}, "retry:\n", "notify: {to: \"${{ secret.HOOK }}\", on: failure}\n\nretry:\n")
	j.env = append(j.env, "HOOK="+hook.url("failure"))
	j.must(os.MkdirAll(j.out, 0o755))
	other := j.start() // it has the folder
	other.await("attempt_started", 1)
	out := j.run(app.ExitEnvironment)
	has(t, out, "another run is at work")
	has(t, hook.only(t, "failure")["message"], "another run is at work", "exit code 3")
	for range other.events { // until it ends
	}
}

// A spec that no longer fits its site is told of as such.
func TestNotifyDrift(t *testing.T) {
	t.Parallel()
	hook := newWebhook(t)
	j := newJob(t, practice.Options{Vehicles: 6}, `click: {role: button, name: Print/Email Reports}`, `click: {selector: "#printe", timeout: 1s}`,
		"retry:\n", "notify:\n  - {to: \"${{ secret.HOOK }}\", on: [finish, failure, drift]}\n\nstop_when: {drift: 2}\n\nretry:\n")
	j.env = append(j.env, "HOOK="+hook.url("drift"))
	j.run(app.ExitSpec)
	got := hook.only(t, "drift")
	if want := "inventory: stopped: the spec no longer fits the site"; got["title"] != want {
		t.Errorf("the title is %q, want %q", got["title"], want)
	}
	has(t, got["message"], "#printe", "exit code 2")
}

// The test message says of each whether it went.
func TestNotifyTest(t *testing.T) {
	t.Parallel()
	box, hook := newMailbox(t), newWebhook(t)
	j := &job{t: t, dir: t.TempDir()}
	j.write("told.yaml", `name: told
key: ${{ item.a }}
source: {items: [{a: "1"}]}
notify:
  - ${{ secret.MAIL }}
  - {to: "${{ secret.HOOK }}", message: "${{ run.causes[0].class }}"}
`)
	j.env = []string{"MAIL=" + box.url(), "HOOK=" + hook.url("test")}
	out := j.pipe(app.ExitDone, "notify", "--test", "told.yaml")
	has(t, out, "notify[0] (smtp): sent in ", "notify[1] (generic): sent in ")
	if subject, text := box.only(); subject != "told: a test" || !strings.HasPrefix(text, "a test: this is how a run tells you of itself") {
		t.Errorf("got %q: %q", subject, text)
	}
	if got := hook.only(t, "test"); got["message"] != "not_found" {
		t.Errorf("got %q", got)
	}
	j.env[0] = "MAIL=" + strings.Replace(box.url(), "robot", "nobody", 1)
	out = j.pipe(app.ExitEnvironment, "notify", "--test", "told.yaml")
	has(t, out, "notify[0] (smtp): not sent: ", "notify[1] (generic): sent in ")
	j.noSecretsKept(out)
	// What is no address is told before anything happens, and not shown.
	j.env[0] = "MAIL=smtp://robot:" + mailPassword + "@" + box.addr + "/?from=pipe@example.com"
	for _, args := range [][]string{{"validate", "told.yaml"}, {"notify", "--test", "told.yaml"}, {"run", "told.yaml"}} {
		out := j.pipe(app.ExitSpec, args...)
		has(t, out, "told.yaml:5:5: notify[0].to: toAddress missing from config URL")
		j.noSecret("the output", out, mailPassword)
	}
	has(t, j.pipe(app.ExitSpec, "notify", "told.yaml"), "give --test")
}
