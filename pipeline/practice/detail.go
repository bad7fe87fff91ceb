package practice

import (
	"html/template"
	"net/http"
)

// reportsModal is the inside of the modal. Create is the button by which the
// report comes, as the site's form of delivery has it.
type reportsModal struct {
	Vehicle
	Create template.HTML
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

// opened shows a vehicle, after as long as pages take and unless a fault
// strikes.
func (s *Site) opened(next forVehicle) forVehicle {
	return func(w http.ResponseWriter, r *http.Request, v Vehicle) {
		// Whoever opens the page has given up what began on it before.
		s.counter.endDownload(v.Reference)
		t := s.faults.draw(vehicleRoute, v.Reference)
		if s.respondWithFault(w, r, t.fault) {
			return
		}
		wait(r, s.opts.PageLatency.at(t.fraction))
		s.counter.add(func(c *Counts) { c.Opened[v.Reference]++ })
		next(w, r, v)
	}
}

// reports answers the vehicle page's script with the inside of its modal.
func (s *Site) reports(w http.ResponseWriter, r *http.Request, v Vehicle) {
	s.counter.beginDownload(v.Reference)
	s.delay(r, reportsRoute, v.Reference, s.opts.ModalLatency)
	told(r, s.opts.OnModal, &s.modalsShown)
	create, err := createButton(s.DeliveryOf(v.Reference), v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	show(w, http.StatusOK, "reports.html", reportsModal{Vehicle: v, Create: create})
}

func (s *Site) notFound(w http.ResponseWriter, r *http.Request) {
	show(w, http.StatusNotFound, "not_found.html", pageData{Title: "Page Not Found", User: s.userOf(r)})
}
