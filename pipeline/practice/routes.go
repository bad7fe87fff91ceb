package practice

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"
)

func (s *Site) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET "+countsPath, s.serveCounts)
	m.HandleFunc("GET /assets/{name}", serveAsset)
	m.HandleFunc("GET /favicon.ico", serveAsset)

	m.HandleFunc("GET /login", s.showLogin)
	m.HandleFunc("POST /login", s.login)
	m.HandleFunc("GET /active-session", s.showActiveSession)
	m.HandleFunc("POST /active-session", s.endOtherSessions)
	m.HandleFunc("GET /licence", s.showLicence)
	m.HandleFunc("POST /licence", s.acceptLicence)
	m.HandleFunc("/logout", s.logout)

	m.HandleFunc("GET /{$}", s.page(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/inventory", http.StatusFound)
	}))
	m.HandleFunc("GET /inventory", s.page(s.inventory))
	m.HandleFunc("GET /inventory/rows", s.ajax(s.rows))
	m.HandleFunc("GET /inventory/export.csv", s.page(s.exportFile))
	m.HandleFunc("GET /vehicle/{reference}", s.vehiclePage("vehicle.html"))
	m.HandleFunc("GET /vehicle/{reference}/reports", s.ajax(s.byReference(s.reports)))
	s.reportRoutes(m)
	for _, variant := range variants {
		variant.routes(s, m)
	}
	m.HandleFunc("/", s.page(s.notFound))
	return m
}

// countsPath is not counted itself: whoever watches the site from outside
// would otherwise always find a request under way.
const countsPath = "/-/counts"

func (s *Site) serveCounts(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	_ = e.Encode(s.Counts()) // fails only for a client that has left
}

// counted counts the requests under way, and refuses them once the site is
// closing.
func (s *Site) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.requests.enter() {
			http.Error(w, "the site is closing", http.StatusServiceUnavailable)
			return
		}
		defer s.requests.leave()
		if r.URL.Path != countsPath {
			s.counter.beginRequest()
			defer s.counter.endRequest()
		}
		w.Header().Set("Server", "Microsoft-IIS/7.5")
		w.Header().Set("X-Powered-By", "ASP.NET")
		if r.Header.Get("Sec-Fetch-Dest") == "document" && r.Header.Get("Sec-Ch-Ua") == "" {
			s.counter.add(func(c *Counts) { c.WithoutBrowser++ })
		}
		next.ServeHTTP(w, r)
	})
}

// page lets only open sessions through; others go where they can become open.
func (s *Site) page(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if at := s.sessions.spend(sessionID(r), r.URL.Path); at != open {
			sendTo(w, r, at)
			return
		}
		next(w, r)
	}
}

// ajax answers 401 instead, because a script that followed a redirect would
// take the login page for its rows.
func (s *Site) ajax(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.sessions.spend(sessionID(r), r.URL.Path) != open {
			http.Error(w, "not signed in", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

// delay waits the route's latency out. Nobody is left to answer when it is cut
// short, so the request is then given up.
func (s *Site) delay(r *http.Request, route route, reference string, l Latency) {
	wait(r, l.at(s.faults.draw(route, reference).fraction))
}

// told calls what the options want to be told by, and gives the request up when
// it has ended meanwhile.
func told(r *http.Request, by func(context.Context, int), calls *atomic.Int64) {
	if by == nil {
		return
	}
	by(r.Context(), int(calls.Add(1)))
	if r.Context().Err() != nil {
		panic(http.ErrAbortHandler)
	}
}

// wait gives the request up when it ends early: the client has left, or the
// site is closing. The connection is closed rather than an empty page sent,
// which a client could take for the answer.
func wait(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	over, cancel := context.WithTimeout(r.Context(), d)
	defer cancel()
	<-over.Done()
	if r.Context().Err() != nil {
		panic(http.ErrAbortHandler) // the server's own way; it is not logged
	}
}
