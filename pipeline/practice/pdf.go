package practice

import (
	"net/http"
	"strconv"
)

// pdf answers GetPdfReport: inline, so that no browser downloads it by itself,
// and after as long as the production takes.
func (s *Site) pdf(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.URL.Query().Get("id"))
	i, known := s.stock.byID[id]
	if err != nil || !known {
		s.notFound(w, r)
		return
	}
	v := s.stock.vehicles[i]
	s.tally.beginPDF()
	defer s.tally.endPDF()
	t := s.dice.throw(pdfRoute, v.Reference)
	if s.strike(w, r, t.fault) {
		return
	}
	latency := s.opts.PDFLatency.at(t.fraction)
	if t.fault != noFault {
		s.tally.add(func(c *Counts) { c.Faults[string(t.fault)]++ })
		wait(r, latency)
		s.spoil(w, v, t.fault)
		return
	}
	s.tally.add(func(c *Counts) { c.Produced[v.Reference]++ })
	wait(r, latency)
	s.deliver(w, v)
}

// deliver sends the vehicle's own PDF. It counts as served just before its
// last byte leaves, so that whoever holds the whole file finds it counted.
func (s *Site) deliver(w http.ResponseWriter, v Vehicle) {
	b, err := report(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	pdfHeader(w, len(b))
	last := len(b) - 1
	if _, err := w.Write(b[:last]); err != nil {
		return
	}
	flush := http.NewResponseController(w).Flush
	if flush() != nil {
		return
	}
	s.tally.add(func(c *Counts) { c.Served[v.Reference]++ })
	if _, err := w.Write(b[last:]); err == nil && flush() == nil {
		return
	}
	s.tally.add(func(c *Counts) {
		if c.Served[v.Reference]--; c.Served[v.Reference] <= 0 {
			delete(c.Served, v.Reference)
		}
	})
}

// spoil answers with something that is not the vehicle's whole PDF.
func (s *Site) spoil(w http.ResponseWriter, v Vehicle, f fault) {
	switch f {
	case htmlAsPDF:
		showAs(w, http.StatusOK, "application/pdf", "error.html", "The report could not be created.")
		return
	case selfClosingTab:
		show(w, http.StatusOK, "self_closing.html", frame{Title: "Report"})
		return
	case wrongPDF:
		v = s.stock.other(v)
	}
	b, err := report(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	pdfHeader(w, len(b))
	if f == truncatedPDF {
		// The server closes the connection of a handler that returns before it
		// has written what it announced.
		b = b[:len(b)/2]
	}
	_, _ = w.Write(b) // fails only for a client that has left
}

func pdfHeader(w http.ResponseWriter, size int) {
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="BookoutReport.pdf"`)
	h.Set("Content-Length", strconv.Itoa(size))
	h.Set("Cache-Control", "no-store")
}
