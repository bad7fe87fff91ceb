package practice

import (
	"net/http"
)

// The service counter: its papers come by a window of one name, by a tab that
// waits because its answer says so, and by scripts that save and print.
func (s *Site) counterRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /counter", s.shell("counter.html", "Service Counter"))
	m.HandleFunc("GET /counter/{reference}", s.vehiclePage("counter_vehicle.html"))
	m.HandleFunc("GET /counter/wait/{reference}", s.page(s.byReference(s.counterWait)))
	m.HandleFunc("GET /counter/sheet/{reference}", s.vehiclePage("counter_sheet.html"))
	m.HandleFunc("/counter/report/{reference}", s.sends(inlinePDF))
	m.HandleFunc("GET /counter/sticker/{reference}", s.sends(stickerPDF))
}

// counterWait is a page that goes on to the sticker by a header alone, without
// script and markup.
func (s *Site) counterWait(w http.ResponseWriter, r *http.Request, v Vehicle) {
	to := "/counter/wait/" + v.Reference + "?again"
	if r.URL.Query().Has("again") {
		to = "/counter/sticker/" + v.Reference
	}
	w.Header().Set("Refresh", "0; url="+to)
	s.sheet("counter_wait.html")(w, r, v)
}
