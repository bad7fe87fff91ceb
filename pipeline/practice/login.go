package practice

import "net/http"

const cookieName = "sid"

type loginPage struct {
	pageData
	Name    string // as typed, so that it need not be typed again
	Error   string
	Expired bool
}

func sessionID(r *http.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

func (s *Site) stageOf(r *http.Request) stage {
	_, at := s.sessions.find(sessionID(r))
	return at
}

// userOf is the name in the header of a page.
func (s *Site) userOf(r *http.Request) string {
	account, _ := s.sessions.find(sessionID(r))
	return account
}

// sendTo sends a browser to the page where its session goes on. A browser that
// still has a cookie had a session once, and is told that it ran out.
func sendTo(w http.ResponseWriter, r *http.Request, at stage) {
	to := "/login"
	switch at {
	case waiting:
		to = "/active-session"
	case licence:
		to = "/licence"
	case open:
		to = "/inventory"
	case gone:
		if sessionID(r) != "" {
			to = "/login?expired=1"
		}
	}
	http.Redirect(w, r, to, http.StatusFound)
}

func (s *Site) showLogin(w http.ResponseWriter, r *http.Request) {
	s.delay(r, loginRoute, "", s.opts.PageLatency)
	show(w, http.StatusOK, "login.html", loginPage{
		pageData: pageData{Title: "Sign In"},
		Expired:  r.URL.Query().Get("expired") == "1",
	})
}

// login answers a wrong password with the login page and 200, as such sites
// do: a status alone does not tell whether somebody is in.
func (s *Site) login(w http.ResponseWriter, r *http.Request) {
	s.delay(r, loginRoute, "", s.opts.PageLatency)
	at := s.signIn(w, r)
	if at == gone {
		show(w, http.StatusOK, "login.html", loginPage{
			pageData: pageData{Title: "Sign In"}, Name: r.PostFormValue("username"),
			Error: "The user name or password is not correct.",
		})
		return
	}
	sendTo(w, r, at)
}

// signIn starts a session for an account whose password is right, and tells how
// far it has come: it is gone when the password is wrong.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request) stage {
	name := r.PostFormValue("username")
	password, known := s.opts.Accounts[name]
	if !known || r.PostFormValue("password") != password {
		return gone
	}
	id, at := s.sessions.login(name, sessionID(r))
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: id, Path: "/",
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return at
}

func (s *Site) showActiveSession(w http.ResponseWriter, r *http.Request) {
	if at := s.stageOf(r); at != waiting {
		sendTo(w, r, at)
		return
	}
	show(w, http.StatusOK, "active_session.html", pageData{Title: "Account In Use", User: s.userOf(r)})
}

func (s *Site) endOtherSessions(w http.ResponseWriter, r *http.Request) {
	sendTo(w, r, s.sessions.takeOver(sessionID(r)))
}

func (s *Site) showLicence(w http.ResponseWriter, r *http.Request) {
	if at := s.stageOf(r); at != licence {
		sendTo(w, r, at)
		return
	}
	show(w, http.StatusOK, "licence.html", pageData{Title: "Licence Agreement", User: s.userOf(r)})
}

func (s *Site) acceptLicence(w http.ResponseWriter, r *http.Request) {
	sendTo(w, r, s.sessions.accept(sessionID(r)))
}

func (s *Site) logout(w http.ResponseWriter, r *http.Request) {
	s.sessions.logout(sessionID(r))
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/", HttpOnly: true, MaxAge: -1})
	http.Redirect(w, r, "/login", http.StatusFound)
}
