package practice

import (
	"testing"
	"time"
)

func TestLogin(t *testing.T) {
	s := start(t, Options{})
	v := visit(t, s)
	v.get("/inventory").wants(t, 200, "/login", "<label for=\"username\">User name</label>",
		"<label for=\"password\">Password</label>", ">Sign in</button>")
	v.signIn(DefaultUser, "wrong").wants(t, 200, "/login", `class="error"`, `value="demo-dealer"`)
	v.signIn("nobody", "").wants(t, 200, "/login", `class="error"`)
	if c := s.Counts(); c.Logins != 0 || c.SessionsNow != 0 {
		t.Errorf("wrong passwords counted: %+v", c)
	}
	v.signIn(DefaultUser, DefaultPassword).wants(t, 200, "/inventory", `id="inventory"`)
	v.get("/").wants(t, 200, "/inventory")
	v.get("/nowhere").wants(t, 404, "/nowhere", `id="not-found"`)
	// The same browser again: its old session makes way.
	v.signIn(DefaultUser, DefaultPassword).wants(t, 200, "/inventory")
	if c := s.Counts(); c.Logins != 2 || c.SessionsNow != 1 || c.SessionsMax != 1 {
		t.Errorf("counts after two logins: %+v", c)
	}
	v.get("/logout").wants(t, 200, "/login")
	v.get("/inventory").wants(t, 200, "/login") // not expired: it was ended
	if c := s.Counts(); c.Logouts != 1 || c.SessionsNow != 0 {
		t.Errorf("counts after logout: %+v", c)
	}
}

func TestWithoutSession(t *testing.T) {
	s := start(t, Options{})
	v := visit(t, s)
	ref := s.Vehicles()[0].Reference
	for _, path := range []string{"/", "/inventory/export.csv", "/vehicle/" + ref, "/nowhere", pdfPath(s.Vehicles()[0])} {
		v.get(path).wants(t, 200, "/login")
	}
	for _, path := range []string{"/inventory/rows?stock=", "/vehicle/" + ref + "/reports"} {
		v.get(path).wants(t, 401, path)
	}
	for _, path := range []string{
		"/assets/site.css", "/assets/logo.png", "/assets/car.jpg", "/assets/bookout.png",
		"/assets/spinner.png", "/assets/practice-sans.ttf", "/favicon.ico",
	} {
		a := v.get(path)
		a.wants(t, 200, path)
		if a.header.Get("Cache-Control") != "max-age=3600" || a.body == "" {
			t.Errorf("%s: %v", path, a.header)
		}
	}
	v.get("/assets/nothing.png").wants(t, 404, "/assets/nothing.png")
	v.get(countsPath).wants(t, 200, countsPath, `"sessions_per_account_max": 0`, `"requests_now": 0`)
}

func TestLicence(t *testing.T) {
	s := start(t, Options{Licence: true})
	v := visit(t, s)
	v.signIn(DefaultUser, DefaultPassword).wants(t, 200, "/licence", `id="accept-licence"`, "I accept")
	v.get("/inventory").wants(t, 200, "/licence")
	v.get("/inventory/rows").wants(t, 401, "/inventory/rows")
	v.post("/licence", nil).wants(t, 200, "/inventory")
	v.get("/licence").wants(t, 200, "/inventory")
}

func TestActiveSession(t *testing.T) {
	s := start(t, Options{
		SessionsPerAccount: 1, Licence: true,
		Accounts: map[string]string{"a": "1", "b": "2"},
	})
	first, second, other := visit(t, s), visit(t, s), visit(t, s)
	first.signIn("a", "1").wants(t, 200, "/licence")
	first.post("/licence", nil).wants(t, 200, "/inventory")
	other.signIn("b", "2").wants(t, 200, "/licence")

	second.signIn("a", "1").wants(t, 200, "/active-session", "active-session", `id="end-other-sessions"`)
	second.get("/inventory/rows").wants(t, 401, "/inventory/rows")
	first.get("/inventory").wants(t, 200, "/inventory") // waiting takes nothing away
	second.post("/active-session", nil).wants(t, 200, "/licence")
	second.post("/licence", nil).wants(t, 200, "/inventory")

	first.get("/inventory").wants(t, 200, "/login?expired=1", "Your session has expired")
	other.get("/").wants(t, 200, "/licence") // another account's is left alone
	first.post("/active-session", nil).wants(t, 200, "/login?expired=1")
	c := s.Counts()
	if c.Logins != 3 || c.SessionsNow != 2 || c.SessionsMax != 2 || c.SessionsPerAccountMax != 1 || c.Logouts != 0 {
		t.Errorf("counts: %+v", c)
	}
	s.ResetCounts()
	if c := s.Counts(); c.Logins != 0 || c.SessionsNow != 2 || c.SessionsMax != 2 || c.SessionsPerAccountMax != 1 {
		t.Errorf("counts after a reset: %+v", c)
	}
}

// A session ends at a request that is counted, whenever that comes.
func TestSessionRequests(t *testing.T) {
	for path, asks := range map[string][]string{
		"":             {"/inventory", "/inventory/rows", "/inventory"},
		"/*/rows":      {"/inventory/rows", "/inventory", "/inventory", "/inventory/rows", "/inventory/rows"},
		"/inventory/*": {"/inventory", "/inventory/rows", "/inventory/export.csv", "/inventory", "/inventory/rows"},
	} {
		counted := 2
		if path == "" {
			counted++ // signing in leads to a page
		}
		s := start(t, Options{SessionRequests: counted, SessionPath: path, SessionsPerAccount: 1})
		v := enter(t, s)
		for i, ask := range asks {
			switch a := v.get(ask); {
			case i < len(asks)-1:
				a.wants(t, 200, ask)
			case ask == "/inventory":
				a.wants(t, 200, "/login?expired=1", "Your session has expired")
			default:
				a.wants(t, 401, ask)
			}
		}
		// It takes no place any more.
		v.signIn(DefaultUser, DefaultPassword).wants(t, 200, "/inventory")
		if c := s.Counts(); c.Logins != 2 || c.SessionsMax != 1 {
			t.Errorf("%q: %+v", path, c)
		}
	}
}

func TestSessionLifetime(t *testing.T) {
	s := start(t, Options{SessionLifetime: time.Hour, SessionsPerAccount: 1})
	v := enter(t, s)
	v.get("/inventory/rows").wants(t, 200, "/inventory/rows")
	s.sessions.mu.Lock()
	for _, n := range s.sessions.byID {
		n.since = n.since.Add(-time.Hour) // an hour goes by
	}
	s.sessions.mu.Unlock()
	v.get("/inventory/rows").wants(t, 401, "/inventory/rows")
	v.get("/inventory").wants(t, 200, "/login?expired=1", "Your session has expired")
	if c := s.Counts(); c.SessionsNow != 0 || c.SessionsMax != 1 {
		t.Errorf("counts: %+v", c)
	}
	// One that has run out takes no place.
	v.signIn(DefaultUser, DefaultPassword).wants(t, 200, "/inventory")
}
