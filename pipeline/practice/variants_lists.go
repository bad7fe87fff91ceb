package practice

import (
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
)

// The yard's books: the same vehicles in lists of many makes. Each is to give them
// all, or to say that it cannot.
func (s *Site) listsRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /lists", s.shell("lists.html", "Yard Books"))
	m.HandleFunc("GET /lists/report/{reference}", s.sends(inlinePDF))
	m.HandleFunc("GET /lists/rows", s.ajax(s.listRows()))
	for _, kind := range []string{"grid", "loading", "gaps", "more", "leaving", "flaky", "broken", "split"} {
		m.HandleFunc("GET /lists/"+kind, s.page(s.scriptedList(kind)))
	}
	for _, kind := range []string{"postback", "window", "arrows", "stuck", "round", "short"} {
		m.HandleFunc("/lists/"+kind, s.page(s.pagedList(kind, func() []Vehicle { return s.stock.vehicles })))
	}
	m.HandleFunc("GET /lists/sold", s.page(s.soldList("sold", 0, 2)))
	m.HandleFunc("GET /lists/sold-of", s.page(s.soldList("sold-of", 0, 2)))
	m.HandleFunc("GET /lists/withdrawn", s.page(s.soldList("withdrawn", listStep, 3)))
	m.HandleFunc("GET /lists/make/{make}", s.page(s.makeList))
}

// listPager is a page of a list, with the numbers that its pager shows.
type listPager struct {
	variantPage
	Kind string
	// Page is this one of Last; From and To are its rows, of Total.
	Page, Last, From, To, Total int
	// Numbers are those shown, and Before and Behind the pages that "..." leads to.
	Numbers        []int
	Before, Behind int
	Makes          []string
}

// numbersShown is how many numbers a pager shows at a time.
const numbersShown = 3

func (s *Site) pagedList(kind string, vehicles func() []Vehicle) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.delay(r, variantRoute, kind, s.opts.PageLatency)
		all := vehicles()
		p := listPager{variantPage: variantPage{pageData: s.framed(r, "Yard Books")}, Kind: kind, Total: len(all)}
		p.Last = (len(all) + listStep - 1) / listStep
		page, _ := strconv.Atoi(r.FormValue("page")) // none is the first
		if kind == "round" && page > p.Last {
			page = 1
		}
		p.Page = min(max(1, page), p.Last)
		p.From, p.To = (p.Page-1)*listStep+1, min(p.Page*listStep, len(all))
		p.Vehicles = all[p.From-1 : p.To]
		first := (p.Page-1)/numbersShown*numbersShown + 1
		for n := first; n < first+numbersShown && n <= p.Last; n++ {
			p.Numbers = append(p.Numbers, n)
		}
		p.Before = first - 1
		if first+numbersShown <= p.Last {
			p.Behind = first + numbersShown
		}
		if kind == "short" {
			p.Total++ // one is withheld
		}
		show(w, http.StatusOK, "lists_paged.html", p)
	}
}

// soldList is a list of which a vehicle is sold as soon as somebody asks for a page:
// those behind it move up.
func (s *Site) soldList(kind string, gone, page int) http.HandlerFunc {
	var sold atomic.Bool
	show := s.pagedList(kind, func() []Vehicle {
		if sold.Load() {
			return without(s.stock.vehicles, gone)
		}
		return s.stock.vehicles
	})
	return func(w http.ResponseWriter, r *http.Request) {
		if asked, err := strconv.Atoi(r.FormValue("page")); err == nil && asked >= page {
			sold.Store(true)
		}
		show(w, r)
	}
}

func without(vehicles []Vehicle, at int) []Vehicle {
	return slices.Delete(slices.Clone(vehicles), at, at+1)
}

// makeList is the list of one make.
func (s *Site) makeList(w http.ResponseWriter, r *http.Request) {
	s.pagedList("make", func() []Vehicle {
		var of []Vehicle
		for _, v := range s.stock.vehicles {
			if v.Make == r.PathValue("make") {
				of = append(of, v)
			}
		}
		return of
	})(w, r)
}

// scriptedList is a list that a script makes of what it asks for.
func (s *Site) scriptedList(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := listPager{variantPage: variantPage{pageData: s.framed(r, "Yard Books"), Vehicles: s.stock.vehicles}, Kind: kind, Total: len(s.stock.vehicles)}
		for _, v := range s.stock.vehicles {
			if !slices.Contains(p.Makes, v.Make) {
				p.Makes = append(p.Makes, v.Make)
			}
		}
		name := map[string]string{"grid": "lists_grid.html", "loading": "lists_grid.html", "gaps": "lists_grid.html", "split": "lists_split.html"}[kind]
		if name == "" {
			name = "lists_more.html"
		}
		show(w, http.StatusOK, name, p)
	}
}

// listRows answers the scripts with some vehicles. From the third page on that of a
// flaky list is refused once, that of a broken one always, and of one that is leaving
// the first vehicle has left.
func (s *Site) listRows() http.HandlerFunc {
	var refused, left atomic.Bool
	return func(w http.ResponseWriter, r *http.Request) {
		s.delay(r, variantRoute, "rows", s.opts.AjaxLatency)
		from, _ := strconv.Atoi(r.FormValue("from"))
		n, _ := strconv.Atoi(r.FormValue("n"))
		kind := r.FormValue("kind")
		if from >= 2*listStep && (kind == "broken" || kind == "flaky" && !refused.Swap(true)) {
			http.Error(w, "the yard is busy", http.StatusServiceUnavailable)
			return
		}
		page, rest := s.stock.slice(from, n)
		if kind == "leaving" {
			if from >= 2*listStep {
				left.Store(true)
			}
			if left.Load() {
				page, rest = s.stock.slice(from+1, n)
			}
		}
		w.Header().Set("X-More", strconv.FormatBool(rest))
		tell(w, factsOf(page))
	}
}
