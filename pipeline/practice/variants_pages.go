package practice

import (
	"net/http"
	"strconv"
)

// The title office: a page a step, and what was posted leads on to the next.
func (s *Site) formsRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /forms", s.shell("forms.html", "Title Office"))
	m.HandleFunc("POST /forms/list", s.page(s.exportFile))
	m.HandleFunc("GET /forms/results", s.shell("forms_results.html", "Search Results"))
	m.HandleFunc("GET /forms/request/{reference}", s.vehiclePage("forms_request.html"))
	m.HandleFunc("POST /forms/request/{reference}", s.page(s.byReference(s.request)))
	m.HandleFunc("GET /forms/receipt/{reference}", s.page(s.byReference(s.sheet("forms_receipt.html"))))
	m.HandleFunc("POST /forms/receipt/{reference}", s.sends(attachedPDF))
}

// request takes the form of a request when it is filled in, and shows it again
// with what is missing when not.
func (s *Site) request(w http.ResponseWriter, r *http.Request, v Vehicle) {
	s.delay(r, variantRoute, "request", s.opts.PageLatency)
	missing := ""
	switch {
	case r.PostFormValue("purpose") == "":
		missing = "Please choose a purpose."
	case r.PostFormValue("document") != "bookout":
		missing = "Please choose the bookout report: title deeds are sent by mail only."
	case r.PostFormValue("entitled") == "":
		missing = "Please confirm that you are entitled to the document."
	}
	if missing != "" {
		show(w, http.StatusOK, "forms_request.html", variantPage{pageData: s.framed(r, "Request"), Vehicle: v, Error: missing})
		return
	}
	http.Redirect(w, r, "/forms/receipt/"+v.Reference, http.StatusSeeOther)
}

// The lot manager: one page for all its addresses, the rest is its script's.
func (s *Site) appRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /app", s.shell("app.html", "Lot Manager"))
	m.HandleFunc("GET /app/{path...}", s.shell("app.html", "Lot Manager"))
	m.HandleFunc("GET /app/data/vehicles", s.ajax(s.data))
	m.HandleFunc("GET /app/data/vehicles/{reference}", s.ajax(s.byReference(s.opened(tellVehicle))))
	m.HandleFunc("GET /app/data/reports/{reference}", s.sends(attachedPDF))
}

// feedStep is how many cards the feed brings at a time.
const feedStep = 3

func (s *Site) feedRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /feed", s.shell("feed.html", "Auction Feed"))
	m.HandleFunc("GET /feed/cards", s.ajax(s.cards))
	m.HandleFunc("GET /feed/report/{reference}", s.sends(inlinePDF))
}

// cards answers the feed's script with the cards from a number on, as HTML.
func (s *Site) cards(w http.ResponseWriter, r *http.Request) {
	from, _ := strconv.Atoi(r.FormValue("from")) // none is the first
	s.delay(r, variantRoute, "cards", s.opts.AjaxLatency)
	page, rest := s.stock.slice(from, feedStep)
	w.Header().Set("X-More", strconv.FormatBool(rest))
	show(w, http.StatusOK, "cards", variantPage{Vehicles: page})
}

// The service desk: each frame is a page of its own.
func (s *Site) framesRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /frames", s.shell("frames.html", "Service Desk"))
	m.HandleFunc("GET /frames/index", s.shell("frames_index.html", "Index"))
	m.HandleFunc("GET /frames/list", s.page(s.exportFile))
	m.HandleFunc("GET /frames/blank", s.shell("frames_blank.html", "Service Desk"))
	m.HandleFunc("GET /frames/vehicle/{reference}", s.vehiclePage("frames_vehicle.html"))
	m.HandleFunc("GET /frames/report/{reference}", s.sends(inlinePDF))
}

func (s *Site) shadowRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /shadow", s.shell("shadow.html", "Showroom"))
	m.HandleFunc("GET /shadow/list", s.page(s.exportFile))
	m.HandleFunc("GET /shadow/data/vehicles", s.ajax(s.data))
	m.HandleFunc("GET /shadow/data/vehicles/{reference}", s.ajax(s.byReference(s.opened(tellVehicle))))
	m.HandleFunc("GET /shadow/report/{reference}", s.sends(inlinePDF))
}

// apiStep is how many vehicles a page of the API has.
const apiStep = 3

func (s *Site) apiRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /api", s.shell("api.html", "Partner API"))
	m.HandleFunc("GET /api/v1/vehicles", s.ajax(s.apiVehicles))
	m.HandleFunc("GET /api/v1/vehicles/{reference}", s.ajax(s.byReference(s.opened(tellVehicle))))
	m.HandleFunc("GET /api/v1/vehicles/{reference}/report", s.ajax(s.byReference(s.answer(attachedPDF))))
}

// apiPage is a page of the API. Next is where the next one begins; without it
// there is none.
type apiPage struct {
	Vehicles []facts `json:"vehicles"`
	Total    int     `json:"total"`
	Next     int     `json:"next,omitempty"`
}

func (s *Site) apiVehicles(w http.ResponseWriter, r *http.Request) {
	from, _ := strconv.Atoi(r.FormValue("from"))
	s.delay(r, variantRoute, "api", s.opts.AjaxLatency)
	page, rest := s.stock.slice(from, apiStep)
	answer := apiPage{Vehicles: factsOf(page), Total: len(s.stock.vehicles)}
	if rest {
		answer.Next = from + apiStep
	}
	tell(w, answer)
}

// The report builder: its script makes the file of what it is told.
func (s *Site) blobsRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /blobs", s.shell("blobs.html", "Report Builder"))
	m.HandleFunc("GET /blobs/data/vehicles", s.ajax(s.data))
	m.HandleFunc("GET /blobs/data/reports/{reference}", s.ajax(s.byReference(s.answer(textPDF))))
}

// listStep is how many vehicles a page of the stock book has.
const listStep = 3

type listPage struct {
	variantPage
	Page  int
	Pages []int
}

func (s *Site) listRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /list", s.page(s.list))
	m.HandleFunc("GET /list/vehicle/{reference}", s.vehiclePage("list_vehicle.html"))
	m.HandleFunc("GET /list/report/{reference}", s.sends(inlinePDF))
}

// list shows a page of the stock book; one that is not there is the last.
func (s *Site) list(w http.ResponseWriter, r *http.Request) {
	s.delay(r, variantRoute, "list", s.opts.PageLatency)
	p := listPage{variantPage: variantPage{pageData: s.framed(r, "Stock Book")}}
	for n := range (len(s.stock.vehicles) + listStep - 1) / listStep {
		p.Pages = append(p.Pages, n+1)
	}
	page, _ := strconv.Atoi(r.FormValue("page"))
	p.Page = min(max(1, page), len(p.Pages))
	p.Vehicles, _ = s.stock.slice((p.Page-1)*listStep, listStep)
	show(w, http.StatusOK, "list.html", p)
}
