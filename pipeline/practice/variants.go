package practice

import (
	"encoding/json"
	"net/http"
	"slices"
)

// Variant is a part of the site that is built in another way than the rest, as
// sites of other makers are: other pages before the same vehicles.
type Variant struct {
	// Path is where it is, such as "/forms", and its pages below that.
	Path string
	// Title is what the site calls it.
	Title string
	// About says how it is built.
	About string

	routes func(*Site, *http.ServeMux)
}

// Variants are the site's, in the order of the links to them.
func Variants() []Variant { return slices.Clone(variants) }

var variants = []Variant{
	{"/forms", "Title Office", "classic forms: search, results, request, receipt, a page each", (*Site).formsRoutes},
	{"/app", "Lot Manager", "a single-page app with addresses of its own", (*Site).appRoutes},
	{"/feed", "Auction Feed", "a list that grows while it is scrolled", (*Site).feedRoutes},
	{"/frames", "Service Desk", "a page made of frames, one of which shows the report", (*Site).framesRoutes},
	{"/shadow", "Showroom", "web components, one within the other's shadow", (*Site).shadowRoutes},
	{"/api", "Partner API", "JSON in pages of a few, with a thin page before it", (*Site).apiRoutes},
	{"/documents", "Deal Jackets", "several documents for each vehicle", (*Site).documentsRoutes},
	{"/mfa", "Vault", "a login that asks for a one-time code", (*Site).mfaRoutes},
	{"/post", "Statements", "forms that post into a new tab, with a token that holds once", (*Site).postRoutes},
	{"/blobs", "Report Builder", "files that a script makes in the page", (*Site).blobsRoutes},
	{"/archive", "Records Room", "files as older systems leave them: odd ends, names in old encodings", (*Site).archiveRoutes},
	{"/counter", "Service Counter", "a window that is used again, pages that wait, save and print by themselves", (*Site).counterRoutes},
	{"/list", "Stock Book", "a paged table that cannot be exported", (*Site).listRoutes},
	{"/lists", "Yard Books", "lists of many makes: grids, pagers, buttons for more, rows that move", (*Site).listsRoutes},
	{"/mailroom", "Mail Room", "pages that fetch other things beside the document, and two documents for one click", (*Site).mailRoomRoutes},
	{"/overseas", "Overseas Desk", "lots whose numbers need escaping, dates in German, a key in a header, files on another host", (*Site).overseasRoutes},
	{"/bench", "Test Bench", "a vehicle that the login has open, whichever page asks", (*Site).benchRoutes},
	{"/orders", "Order Desk", "a form that orders something each time that it is sent", (*Site).ordersRoutes},
	{"/club", "Car Club", "poorer pages for those whose session has ended, a silent sign-on, accounts that get locked", (*Site).clubRoutes},
	{"/window", "Pick-up Window", "routes after #, under a survey, that go on loading; fields that write as they like; a page in the file's place", (*Site).windowRoutes},
}

// variantPage is what the pages of the variants need.
type variantPage struct {
	pageData
	Vehicles []Vehicle
	Vehicle  Vehicle
	// Token is for the forms that want one, Error what was wrong with the last.
	Token, Error string
}

func (s *Site) framed(r *http.Request, title string) pageData {
	return pageData{Title: title, User: s.userOf(r)}
}

// shell serves a page with all vehicles that match the query's stock.
func (s *Site) shell(name, title string) http.HandlerFunc {
	return s.page(func(w http.ResponseWriter, r *http.Request) {
		s.delay(r, variantRoute, name, s.opts.PageLatency)
		show(w, http.StatusOK, name, variantPage{pageData: s.framed(r, title), Vehicles: s.stock.matching(r.FormValue("stock"))})
	})
}

// vehiclePage serves the page of the vehicle that the path names.
func (s *Site) vehiclePage(name string) http.HandlerFunc {
	return s.page(s.byReference(s.opened(s.sheet(name))))
}

func (s *Site) sheet(name string) forVehicle {
	return func(w http.ResponseWriter, r *http.Request, v Vehicle) {
		show(w, http.StatusOK, name, variantPage{pageData: s.framed(r, "Vehicle "+v.Reference), Vehicle: v})
	}
}

// sends serves a report of the vehicle that the path names.
func (s *Site) sends(as fileFormat) http.HandlerFunc { return s.page(s.byReference(s.answer(as))) }

// byReference finds the vehicle that the path names.
func (s *Site) byReference(next forVehicle) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if v, known := s.wanted(w, r); known {
			next(w, r, v)
		}
	}
}

// data answers a script of the page with all vehicles.
func (s *Site) data(w http.ResponseWriter, r *http.Request) {
	s.delay(r, variantRoute, "data", s.opts.AjaxLatency)
	tell(w, factsOf(s.stock.vehicles))
}

// facts are a vehicle as scripts get it.
type facts struct {
	Stock string `json:"stock"`
	VIN   string `json:"vin"`
	Year  int    `json:"year"`
	Make  string `json:"make"`
	Model string `json:"model"`
	Color string `json:"color"`
	Price int    `json:"price"`
	Days  int    `json:"days"`
	ID    int    `json:"id"`
}

func factsOf(vehicles []Vehicle) []facts {
	all := make([]facts, len(vehicles))
	for i, v := range vehicles {
		all[i] = facts{v.Reference, v.VIN, v.Year, v.Make, v.Model, v.Color, v.Price, v.Days, v.ID}
	}
	return all
}

func tellVehicle(w http.ResponseWriter, _ *http.Request, v Vehicle) {
	tell(w, factsOf([]Vehicle{v})[0])
}

func tell(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v) // fails only for a client that has left
}
