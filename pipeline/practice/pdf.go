package practice

import (
	"net/http"
	"strconv"
)

// answer produces a vehicle's report and sends it, after as long as the
// production takes.
func (s *Site) answer(as fileFormat) forVehicle {
	return func(w http.ResponseWriter, r *http.Request, v Vehicle) {
		s.counter.beginPDF()
		defer s.counter.endPDF()
		defer s.counter.endDownload(v.Reference)
		name := as.counted(v)
		t := s.faults.draw(pdfRoute, name)
		if s.respondWithFault(w, r, t.fault) {
			return
		}
		latency := s.opts.PDFLatency.at(t.fraction)
		if t.fault != noFault {
			s.counter.add(func(c *Counts) { c.Faults[string(t.fault)]++ })
			wait(r, latency)
			s.sendDamaged(w, r, v, as, t.fault)
			return
		}
		s.counter.add(func(c *Counts) { c.Produced[name]++ })
		wait(r, latency)
		told(r, s.opts.OnReport, &s.reportsMade)
		s.deliver(w, v, as)
	}
}

// deliver sends the vehicle's own report. It counts as served just before its
// last byte leaves, so that whoever holds the whole file finds it counted.
func (s *Site) deliver(w http.ResponseWriter, v Vehicle, as fileFormat) {
	b, err := as.whole(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	name := as.counted(v)
	as.header(w, len(b))
	last := len(b) - 1
	if _, err := w.Write(b[:last]); err != nil {
		return
	}
	flush := http.NewResponseController(w).Flush
	if flush() != nil {
		return
	}
	s.counter.add(func(c *Counts) { c.Served[name]++ })
	if _, err := w.Write(b[last:]); err == nil && flush() == nil {
		return
	}
	s.counter.add(func(c *Counts) {
		if c.Served[name]--; c.Served[name] <= 0 {
			delete(c.Served, name)
		}
	})
}

// header announces a report of a size.
func (as fileFormat) header(w http.ResponseWriter, size int) {
	h := w.Header()
	h.Set("Content-Type", as.kind)
	if as.disposition != "" {
		h.Set("Content-Disposition", as.disposition)
	}
	h.Set("Content-Length", strconv.Itoa(size))
	h.Set("Cache-Control", "no-store")
}
