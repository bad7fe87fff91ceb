package practice

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// pageSize is how many rows the grid shows at a time.
const pageSize = 25

// GridDelay is how long the grid's script waits after a key for the next one, before it
// asks for the rows.
const GridDelay = 150 * time.Millisecond

// gridPage is one page of the rows that match a filter. Page counts from 1.
type gridPage struct {
	Rows               []Vehicle
	Page, Pages, Total int
}

type inventoryPage struct {
	pageData
	Grid     gridPage
	Variants []Variant
}

// find lists the vehicles whose stock number begins with the filter. A page
// beyond the last is the last, as when the filter has shortened the list.
func (s *stock) find(filter string, page int) gridPage {
	match := s.matching(filter)
	g := gridPage{Total: len(match), Pages: max(1, (len(match)+pageSize-1)/pageSize)}
	g.Page = min(max(1, page), g.Pages)
	from := (g.Page - 1) * pageSize
	g.Rows = match[from:min(from+pageSize, len(match))]
	return g
}

// matching lists the vehicles whose stock number begins with the filter.
func (s *stock) matching(filter string) []Vehicle {
	var match []Vehicle
	for _, v := range s.vehicles {
		if strings.HasPrefix(v.Reference, filter) {
			match = append(match, v)
		}
	}
	return match
}

// slice gives n vehicles from a number on, and tells whether there are more.
func (s *stock) slice(from, n int) (part []Vehicle, more bool) {
	from = min(max(0, from), len(s.vehicles))
	to := min(from+n, len(s.vehicles))
	return s.vehicles[from:to], to < len(s.vehicles)
}

// inventory shows the first rows whatever filter the browser remembers: the
// page's script applies that one afterwards.
func (s *Site) inventory(w http.ResponseWriter, r *http.Request) {
	s.delay(r, inventoryRoute, "", s.opts.PageLatency)
	show(w, http.StatusOK, "inventory.html", inventoryPage{
		pageData: pageData{Title: "Vehicle Inventory", User: s.userOf(r)},
		Grid:     s.stock.find("", 1), Variants: variants,
	})
}

// rows answers the grid's script with the rows as HTML, and with the numbers
// for the pager in headers.
func (s *Site) rows(w http.ResponseWriter, r *http.Request) {
	filter := strings.ToUpper(strings.TrimSpace(r.URL.Query().Get("stock")))
	if len(filter) > 64 {
		filter = filter[:64] // randomFaults remembers every filter
	}
	t := s.faults.draw(rowsRoute, filter)
	if s.respondWithFault(w, r, t.fault) {
		return
	}
	wait(r, s.opts.AjaxLatency.at(t.fraction))
	page, _ := strconv.Atoi(r.URL.Query().Get("page")) // none is the first
	g := s.stock.find(filter, page)
	h := w.Header()
	h.Set("X-Grid-Page", strconv.Itoa(g.Page))
	h.Set("X-Grid-Pages", strconv.Itoa(g.Pages))
	h.Set("X-Grid-Total", strconv.Itoa(g.Total))
	show(w, http.StatusOK, "rows", g)
}

// exportFile sends the whole list, whatever the filter.
func (s *Site) exportFile(w http.ResponseWriter, r *http.Request) {
	s.delay(r, exportRoute, "", s.opts.PageLatency)
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="InventoryExport.csv"`)
	h.Set("Content-Length", strconv.Itoa(len(s.export)))
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(s.export) // fails only for a client that has left
}

// exportCSV writes rows as spreadsheets like them, with CRLF line ends.
func exportCSV(rows []Vehicle) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	records := [][]string{{
		"Stock Number", "VIN", "Year", "Make", "Model", "Price", "Color", "Days In Stock",
	}}
	for _, v := range rows {
		records = append(records, []string{
			v.Reference, v.VIN, strconv.Itoa(v.Year), v.Make, v.Model,
			strconv.Itoa(v.Price), v.Color, strconv.Itoa(v.Days),
		})
	}
	if err := w.WriteAll(records); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
