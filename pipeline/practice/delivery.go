package practice

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	// DefaultDelivery is a new tab that shows the PDF.
	DefaultDelivery = "popup"
	// MixedDelivery gives each vehicle a form of its own, by turns: all that
	// bring one PDF, which a zip and a page to be printed do not.
	MixedDelivery = "mixed"
)

// createPrefix begins the names of the templates in create.html, one a form.
const createPrefix = "create-"

// Deliveries are the names of the forms in which the site can deliver a report,
// whose modal is worked in the same way in all of them.
func Deliveries() []string {
	var names []string
	for _, t := range templates.Templates() {
		if form, ok := strings.CutPrefix(t.Name(), createPrefix); ok {
			names = append(names, form)
		}
	}
	slices.Sort(names)
	return names
}

// DeliveryOf is the form in which a vehicle's report is delivered.
func (s *Site) DeliveryOf(reference string) string {
	if s.opts.Delivery != MixedDelivery {
		return s.opts.Delivery
	}
	forms := slices.DeleteFunc(Deliveries(), func(form string) bool { return form == "zip" || form == "print" })
	return forms[s.stock.byReference[reference]%len(forms)]
}

// createButton is the button by which a vehicle's report comes.
func createButton(delivery string, v Vehicle) (template.HTML, error) {
	b, err := rendered(createPrefix+delivery, v)
	return template.HTML(b), err
}

// reportRoutes are all ways to a report. They are open whatever the form that
// the site's pages use.
func (s *Site) reportRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /GetPdfReport", s.page(s.byID(s.answer(inlinePDF))))
	m.HandleFunc("POST /GetPdfReport", s.page(s.byID(s.answer(inlinePDF))))
	m.HandleFunc("GET /DownloadPdfReport", s.page(s.byID(s.answer(attachedPDF))))
	m.HandleFunc("GET /GetPdfReportContent", s.ajax(s.byID(s.answer(textPDF))))
	m.HandleFunc("GET /GetReportPackage", s.page(s.byID(s.answer(zipped))))
	m.HandleFunc("GET /vehicle/{reference}/print", s.sends(printPage))
	m.HandleFunc("GET /PreparePdfReport", s.page(s.byID(between("preparing.html"))))
	m.HandleFunc("GET /OpenPdfReport", s.page(s.byID(between("second_tab.html"))))
}

// forVehicle answers a request for the vehicle that it names.
type forVehicle func(w http.ResponseWriter, r *http.Request, v Vehicle)

// byID finds the vehicle by the number in the query or in the form.
func (s *Site) byID(next forVehicle) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.FormValue("id"))
		i, known := s.stock.byID[id]
		if err != nil || !known {
			s.notFound(w, r)
			return
		}
		next(w, r, s.stock.vehicles[i])
	}
}

// betweenPage is a page that stands between the button and the report.
type betweenPage struct {
	Vehicle Vehicle
	Refresh bool
}

func between(name string) forVehicle {
	return func(w http.ResponseWriter, r *http.Request, v Vehicle) {
		show(w, http.StatusOK, name, betweenPage{Vehicle: v, Refresh: r.FormValue("refresh") != ""})
	}
}
