package practice

import "net/http"

// The bench: the vehicle that was looked for last is the login's, whichever page of it
// asks for the report, as classic sites with a session on the server have it.
func (s *Site) benchRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /bench", s.shell("bench.html", "Test Bench"))
	m.HandleFunc("POST /bench", s.page(func(w http.ResponseWriter, r *http.Request) {
		s.sessions.choose(sessionID(r), r.PostFormValue("stock"))
		http.Redirect(w, r, "/bench/sheet", http.StatusSeeOther)
	}))
	m.HandleFunc("GET /bench/sheet", s.page(s.chosen(s.sheet("bench_sheet.html"))))
	// What the page shows is told for the count alone.
	m.HandleFunc("GET /bench/report/{reference}", s.page(s.byReference(func(w http.ResponseWriter, r *http.Request, shown Vehicle) {
		s.chosen(func(w http.ResponseWriter, r *http.Request, v Vehicle) {
			if shown.Reference != v.Reference {
				s.counter.add(func(c *Counts) { c.Mixed++ })
			}
			s.answer(inlinePDF)(w, r, v)
		})(w, r)
	})))
}

// chosen finds the vehicle that the session has looked for last.
func (s *Site) chosen(next forVehicle) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.SetPathValue("reference", s.sessions.choice(sessionID(r)))
		s.byReference(next)(w, r)
	}
}

func (s *sessions) choose(id, reference string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.byID[id]; n != nil {
		n.chosen = reference
	}
}

func (s *sessions) choice(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.byID[id]; n != nil {
		return n.chosen
	}
	return ""
}
