package practice

import "net/http"

// The pick-up window: a page with routes after #, which goes on loading, is covered by a
// survey, writes stock numbers in its own way and resets what was chosen before it was
// ready. It shows a page in the file's place when a document is asked for the first time.
func (s *Site) windowRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /window", s.shell("window.html", "Pick-up Window"))
	m.HandleFunc("GET /window/never", s.page(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	m.HandleFunc("GET /window/report/{reference}", s.sends(inlinePDF))
	m.HandleFunc("GET /window/sticker/{reference}", s.sends(stickerPDF))
	m.HandleFunc("GET /window/pick-up/{kind}/{reference}", s.page(s.byReference(s.pickUp)))
}

// pickUp leads to a document, but not the first time.
func (s *Site) pickUp(w http.ResponseWriter, r *http.Request, v Vehicle) {
	first := false
	s.counter.add(func(c *Counts) {
		first = !c.TurnedAway[v.Reference]
		c.TurnedAway[v.Reference] = true
	})
	if first {
		show(w, http.StatusOK, "window_later.html", variantPage{pageData: s.framed(r, "Pick-up Window"), Vehicle: v})
		return
	}
	to := "/window/sticker/"
	if r.PathValue("kind") == "report" {
		to = "/window/report/"
	}
	http.Redirect(w, r, to+v.Reference, http.StatusSeeOther)
}
