package practice

import (
	"net/http"
	"sync"
)

// The club: whose session has ended is shown poorer pages without a word, as a guest;
// its hall is entered through a silent sign-on, a form that sends itself; and a password
// that is wrong too often locks the account, which a short message says.
func (s *Site) clubRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /club", s.guests(s.clubHome))
	m.HandleFunc("GET /club/hall", s.guests(s.handedOver(s.clubHome)))
	m.HandleFunc("GET /club/vehicle/{reference}", s.guests(s.byReference(s.opened(s.sheet("club_vehicle.html")))))
	m.HandleFunc("GET /club/report/{reference}", s.guests(s.byReference(s.answer(inlinePDF))))
	m.HandleFunc("GET /club/login/silent", func(w http.ResponseWriter, _ *http.Request) {
		show(w, http.StatusOK, "club_silent.html", pageData{Title: "One Moment"})
	})
	m.HandleFunc("POST /club/login/silent", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: fromSilent, Value: r.PostFormValue("SAMLResponse"), Path: "/club", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		http.Redirect(w, r, "/club/hall", http.StatusSeeOther)
	})
	m.HandleFunc("GET /club/login", func(w http.ResponseWriter, _ *http.Request) {
		show(w, http.StatusOK, "club_login.html", pageData{Title: "Club Sign In"})
	})
	m.HandleFunc("POST /club/login", s.clubLogin)
}

// fromSilent is the cookie of those who come from the silent sign-on.
const fromSilent = "club"

func (s *Site) clubHome(w http.ResponseWriter, r *http.Request) {
	show(w, http.StatusOK, "club.html", variantPage{pageData: s.framed(r, "Car Club"), Vehicles: s.stock.matching("")})
}

// guests lets those in too whose session has ended, and counts what they are shown.
func (s *Site) guests(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if sessionID(r) == "" {
			http.Redirect(w, r, "/login", http.StatusFound)
			return
		}
		if s.sessions.spend(sessionID(r), r.URL.Path) != open {
			s.counter.add(func(c *Counts) { c.Guests++ })
		}
		next(w, r)
	}
}

// handedOver sends those who do not come from there through the silent sign-on.
func (s *Site) handedOver(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie(fromSilent); err != nil {
			http.Redirect(w, r, "/club/login/silent", http.StatusFound)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: fromSilent, Path: "/club", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		next(w, r)
	}
}

// lockedAfter is how many wrong passwords lock an account of the club.
const lockedAfter = 2

// locks are the wrong passwords by account.
type locks struct {
	mu    sync.Mutex
	wrong map[string]int
}

// refuse counts a wrong password, and tells whether the account is locked by it.
func (l *locks) refuse(account string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.wrong == nil {
		l.wrong = map[string]int{}
	}
	l.wrong[account]++
	return l.wrong[account] >= lockedAfter
}

func (l *locks) locked(account string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wrong[account] >= lockedAfter
}

func (s *Site) clubLogin(w http.ResponseWriter, r *http.Request) {
	account := r.PostFormValue("username")
	says := "The password is wrong."
	switch locked := s.locks.locked(account); {
	case !locked && s.signIn(w, r) != gone:
		http.Redirect(w, r, "/club", http.StatusSeeOther)
		return
	case locked || s.locks.refuse(account):
		says = "Too many attempts: the account is locked."
		if !locked {
			s.counter.add(func(c *Counts) { c.Locked++ })
		}
	}
	show(w, http.StatusOK, "club_message.html", variantPage{pageData: pageData{Title: "Club Sign In"}, Error: says})
}
