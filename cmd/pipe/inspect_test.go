package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/inspect"
	"pipe/pipeline/practice"
)

// An address is shown as it is, a spec's page behind its login, and on the way to a step
// nothing is changed on the site. No secret is shown.
func TestInspect(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 5})
	ref := j.site.Vehicles()[0].Reference
	out := j.pipe(app.ExitDone, "inspect", j.site.URL()+"/login")
	has(t, out, "/target: {role: textbox, name: Password}", `- fill: {role: textbox, name: User name, value: "${{ account.username }}"}`, "- click: {role: button, name: Sign in}")
	home := j.pipe(app.ExitDone, "inspect", "inventory.yaml")
	has(t, home, "# spec: inventory", `rows: "#grid tbody tr"`, `stock_number: {text_of: ".stock"}`, "key: ${{ item.stock_number }}", "# and 2 more like that",
		`target: "#grid tbody tr:has(.stock:text-is(\"${{ item.stock_number }}\")) >> img[title=\"Bookout\"]"`)
	capture := j.pipe(app.ExitDone, "inspect", "inventory.yaml", "--at", "download[1]", "--item", ref)
	has(t, capture, "# item: "+ref, "# ended before, as it may change something on the site: download[1].capture", "/target: {role: button, name: Create PDF}")
	for _, text := range []string{out, home, capture} {
		if strings.Contains(text, practice.DefaultPassword) || strings.Contains(text, practice.DefaultUser) {
			t.Errorf("a secret is shown:\n%s", text)
		}
	}
	if c := j.site.Counts(); len(c.Produced) != 0 {
		t.Errorf("the site has produced %v", c.Produced)
	}
	has(t, j.pipe(app.ExitSpec, "inspect", "inventory.yaml", "--at", "download[7]"), `no step "download[7]" to go to: there are login.steps[0].goto`)
	has(t, j.pipe(app.ExitSpec, "inspect", "inventory.yaml", "--item", "X-0"), `no item has the key "X-0"`)
}

// What a page shows only after a while is waited for, as the step that acts on it would.
func TestInspectLate(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<button onclick="setTimeout(() => { late.hidden = false }, 2000)">Reports</button><button id=late hidden>Create PDF</button>`)
	}))
	defer site.Close()
	j := &job{t: t, dir: t.TempDir()}
	j.write("late.yaml", "name: late\nbase_url: "+site.URL+`
key: ${{ item.a }}
source: {items: [{a: x}]}
navigate: {home: /}
download:
  - click: {role: button, name: Reports}
  - capture: {on: {click: {role: button, name: Create PDF}}, as: x.pdf}
`)
	for _, at := range []string{"download[0]", "download[1]"} {
		has(t, j.pipe(app.ExitDone, "inspect", "late.yaml", "--at", at), "/target: {role: button, name: Create PDF}")
	}
}

// Where a step fails, the page is shown as that has left it; a step of the login is gone to
// without the login. With --json it is one value.
func TestInspectWhereItFails(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3}, `- click: {role: button, name: Print/Email Reports}`, `- click: {role: button, name: Print Reports, timeout: 300ms}`)
	seen := func(code int, args ...string) (v struct {
		Item, Failed string
		Page         inspect.Page
	},
	) {
		out := j.pipe(code, append([]string{"inspect", "inventory.yaml", "--json"}, args...)...)
		_, value, _ := strings.Cut(out, "\n{\n")
		if err := json.NewDecoder(strings.NewReader("{" + value)).Decode(&v); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return v
	}
	failed := seen(app.ExitFailed, "--at", "download[0]")
	if !strings.Contains(failed.Failed, "download[0].click") || !strings.Contains(failed.Page.URL, "/vehicle/") || failed.Item == "" {
		t.Errorf("failed %q, the page is %s", failed.Failed, failed.Page.URL)
	}
	login := seen(app.ExitDone, "--at", "login.steps[1]")
	if !strings.HasSuffix(login.Page.URL, "/login") || len(login.Page.Documents[0].Forms) != 1 {
		t.Errorf("the page is %s, %+v", login.Page.URL, login.Page.Documents[0].Forms)
	}
}

// Where login.success does not hold, or a step of the login fails, one login shows what it has
// left, from which the right success can be read off. One that the site refuses is shown too.
func TestInspectLogin(t *testing.T) {
	t.Parallel()
	const success = `success: {visible: "#inventory"}`
	j := newJob(t, practice.Options{Vehicles: 3}, success, `success: {url: "**/elsewhere"}`, "pool:", "timeouts: {step: 4s}\npool:")
	inLeft := []string{"/inventory\"\n", "/target: {role: button, name: Export}", "tried once"}
	has(t, j.pipe(app.ExitFailed, "inspect", "inventory.yaml"), append(inLeft, ": login.success: logging in: login.success does not hold", "success: {url:")...)
	if n := j.site.Counts().Logins; n != 1 {
		t.Errorf("%d logins", n)
	}
	j.write("inventory.yaml", strings.Replace(j.read("inventory.yaml"), `{url: "**/elsewhere"}`, `{visible: "#nobody"}`, 1))
	has(t, j.pipe(app.ExitFailed, "inspect", "inventory.yaml"), append(inLeft, ": login.steps[4].click: logging in: ", "optional: true")...)
	j.env = append(j.env, "DEALER_PASSWORD=other")
	has(t, j.pipe(app.ExitEnvironment, "inspect", "inventory.yaml"), "/target: {role: textbox, name: Password}", "the site refuses the login")
}
