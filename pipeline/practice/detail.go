package practice

import "net/http"

type vehiclePage struct {
	frame
	Vehicle Vehicle
}

// wanted is the vehicle that the path names. It answers for those unknown.
func (s *Site) wanted(w http.ResponseWriter, r *http.Request) (Vehicle, bool) {
	i, known := s.stock.byReference[r.PathValue("reference")]
	if !known {
		s.notFound(w, r)
		return Vehicle{}, false
	}
	return s.stock.vehicles[i], true
}

func (s *Site) vehicle(w http.ResponseWriter, r *http.Request) {
	v, known := s.wanted(w, r)
	if !known {
		return
	}
	t := s.dice.throw(vehicleRoute, v.Reference)
	if s.strike(w, r, t.fault) {
		return
	}
	wait(r, s.opts.PageLatency.at(t.fraction))
	s.tally.add(func(c *Counts) { c.Opened[v.Reference]++ })
	show(w, http.StatusOK, "vehicle.html", vehiclePage{
		frame:   frame{Title: "Vehicle " + v.Reference, User: s.userOf(r)},
		Vehicle: v,
	})
}

// reports answers the vehicle page's script with the inside of its modal.
func (s *Site) reports(w http.ResponseWriter, r *http.Request) {
	v, known := s.wanted(w, r)
	if !known {
		return
	}
	s.delay(r, reportsRoute, v.Reference, s.opts.ModalLatency)
	show(w, http.StatusOK, "reports.html", v)
}

func (s *Site) notFound(w http.ResponseWriter, r *http.Request) {
	show(w, http.StatusNotFound, "not_found.html", frame{Title: "Page Not Found", User: s.userOf(r)})
}
