package practice

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp/totp"
)

// DefaultSeed is the secret of the one-time codes that the vault asks for, of
// all accounts.
const DefaultSeed = "PRACTICEMOTORSVAULTSEED234567ABC"

// The vault: a password is not enough, and other departments' logins are not.
func (s *Site) mfaRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /mfa", s.verified(s.shell("mfa.html", "Vault")))
	m.HandleFunc("GET /mfa/list", s.verified(s.page(s.exportFile)))
	m.HandleFunc("GET /mfa/vehicle/{reference}", s.verified(s.vehiclePage("mfa_vehicle.html")))
	m.HandleFunc("GET /mfa/report/{reference}", s.verified(s.sends(attachedPDF)))
	m.HandleFunc("GET /mfa/login", func(w http.ResponseWriter, r *http.Request) {
		s.delay(r, loginRoute, "mfa", s.opts.PageLatency)
		show(w, http.StatusOK, "mfa_login.html", loginPage{pageData: pageData{Title: "Vault Sign In"}})
	})
	m.HandleFunc("POST /mfa/login", s.mfaLogin)
	m.HandleFunc("GET /mfa/code", s.page(func(w http.ResponseWriter, r *http.Request) {
		show(w, http.StatusOK, "mfa_code.html", variantPage{pageData: s.framed(r, "One-Time Code")})
	}))
	m.HandleFunc("POST /mfa/code", s.page(s.mfaCode))
}

// verified lets only sessions through that have given a code.
func (s *Site) verified(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.sessions.verified(sessionID(r)) {
			http.Redirect(w, r, "/mfa/login", http.StatusFound)
			return
		}
		next(w, r)
	}
}

func (s *Site) mfaLogin(w http.ResponseWriter, r *http.Request) {
	s.delay(r, loginRoute, "mfa", s.opts.PageLatency)
	switch s.signIn(w, r) {
	case gone:
		show(w, http.StatusOK, "mfa_login.html", loginPage{
			pageData: pageData{Title: "Vault Sign In"}, Name: r.PostFormValue("username"),
			Error: "The user name or password is not correct.",
		})
	default:
		http.Redirect(w, r, "/mfa/code", http.StatusFound)
	}
}

// mfaCode takes a code of now, or of half a minute around it, and each one once
// for an account: a code that somebody has looked at is worth nothing.
func (s *Site) mfaCode(w http.ResponseWriter, r *http.Request) {
	code := strings.TrimSpace(r.PostFormValue("code"))
	wrong := "This code is not right, or has run out."
	if totp.Validate(code, DefaultSeed) {
		if s.sessions.verify(sessionID(r), code) {
			http.Redirect(w, r, "/mfa", http.StatusFound)
			return
		}
		wrong = "This code has been used. Please wait for the next one."
	}
	show(w, http.StatusOK, "mfa_code.html", variantPage{pageData: s.framed(r, "One-Time Code"), Error: wrong})
}

// codeLife is how long a code may be taken for right, with room to spare.
const codeLife = 3 * time.Minute

// verify takes a session through with a code, unless its account has used it.
func (s *sessions) verify(id, code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.byID[id]
	if n == nil {
		return false
	}
	for used, at := range s.codes {
		if time.Since(at) > codeLife {
			delete(s.codes, used)
		}
	}
	used := n.account + " " + code
	if _, again := s.codes[used]; again {
		return false
	}
	s.codes[used] = time.Now()
	n.verified = true
	return true
}

func (s *sessions) verified(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.byID[id]
	return n != nil && n.verified && !s.ranOut(n)
}

// The statements: what a form sends must hold a token of the page it is on.
func (s *Site) postRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /post", s.page(s.statements))
	m.HandleFunc("POST /post/list", s.page(s.exportFile))
	m.HandleFunc("POST /post/statement", s.page(s.byID(s.statement)))
}

func (s *Site) statements(w http.ResponseWriter, r *http.Request) {
	s.delay(r, variantRoute, "post", s.opts.PageLatency)
	show(w, http.StatusOK, "post.html", variantPage{
		pageData: s.framed(r, "Statements"), Vehicles: s.stock.matching(r.FormValue("stock")), Token: s.tokens.issue(),
	})
}

func (s *Site) statement(w http.ResponseWriter, r *http.Request, v Vehicle) {
	if !s.tokens.take(r.PostFormValue("token")) {
		show(w, http.StatusForbidden, "error.html", "The anti-forgery token is missing or was used before.")
		return
	}
	s.answer(inlinePDF)(w, r, v)
}

// tokens are those of forms that have not been sent yet.
type tokens struct {
	mu     sync.Mutex
	issued map[string]bool
}

// tokensMost bounds them: whoever opens that many pages has to begin again.
const tokensMost = 10_000

func (t *tokens) issue() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.issued == nil || len(t.issued) >= tokensMost {
		t.issued = map[string]bool{}
	}
	token := rand.Text()
	t.issued[token] = true
	return token
}

func (t *tokens) take(token string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer delete(t.issued, token)
	return t.issued[token]
}
