package practice

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The overseas desk: lots whose numbers are no words of an address, in a table
// that writes dates and prices as Germans do. A key in a header opens it, and its
// papers are on another host, which is not to learn the key.
func (s *Site) overseasRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /overseas", s.page(s.deskOnly(s.overseasTable)))
	m.HandleFunc("GET /overseas/lots/{lot}", s.page(s.deskOnly(s.byLot(s.opened(s.overseasLot)))))
	m.HandleFunc("GET /overseas/report", s.page(s.deskOnly(s.byLot(s.toStore("report")))))
	m.HandleFunc("GET /overseas/sticker", s.page(s.deskOnly(s.byLot(s.toStore("sticker")))))
	m.HandleFunc("GET /overseas/", s.page(s.astray))
	m.HandleFunc("GET /store/report/{reference}/{signature}", s.fromStore(inlinePDF))
	m.HandleFunc("GET /store/sticker/{reference}/{signature}", s.fromStore(stickerPDF))
	m.HandleFunc("GET /store/logo.svg", s.storeLogo)
}

// DeskHeader and DeskKey are what the overseas desk wants of each request.
const (
	DeskHeader = "X-Desk-Key"
	DeskKey    = "overseas-key-4711"
)

// LotOf is the number by which the overseas desk knows a vehicle.
func LotOf(v Vehicle) string {
	return fmt.Sprintf("Los %s/%s #%d?ä+ö & 100%%", v.Reference[:2], v.Reference[2:], v.ID%10)
}

// ArrivedOn is the day since which a vehicle is in stock.
func ArrivedOn(v Vehicle) time.Time {
	return printed.UTC().Truncate(24*time.Hour).AddDate(0, 0, -v.Days)
}

// overseasVehicle is a vehicle as the desk writes of it.
type overseasVehicle struct {
	Vehicle
	Lot, Arrived, Asking string
}

func overseas(v Vehicle) overseasVehicle {
	months := []string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}
	day := ArrivedOn(v)
	return overseasVehicle{
		v, LotOf(v),
		fmt.Sprintf("%d. %s %d", day.Day(), months[day.Month()-1], day.Year()),
		fmt.Sprintf("%d.%03d,50 €", v.Price/1000, v.Price%1000),
	}
}

type overseasPage struct {
	pageData
	Vehicles []overseasVehicle
	// Store is the origin of the host where the papers are.
	Store string
}

func (s *Site) overseasTable(w http.ResponseWriter, r *http.Request) {
	s.delay(r, variantRoute, "overseas", s.opts.PageLatency)
	p := overseasPage{pageData: s.framed(r, "Overseas Desk"), Store: storeOf(r)}
	for _, v := range s.stock.vehicles {
		p.Vehicles = append(p.Vehicles, overseas(v))
	}
	show(w, http.StatusOK, "overseas.html", p)
}

func (s *Site) overseasLot(w http.ResponseWriter, r *http.Request, v Vehicle) {
	show(w, http.StatusOK, "overseas_lot.html", overseasPage{pageData: s.framed(r, "Lot "+LotOf(v)), Store: storeOf(r), Vehicles: []overseasVehicle{overseas(v)}})
}

// deskOnly lets those through who have the key.
func (s *Site) deskOnly(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(DeskHeader) != DeskKey {
			http.Error(w, "the desk wants its key: practise with "+DeskHeader+": "+DeskKey, http.StatusForbidden)
			return
		}
		next(w, r)
	}
}

// byLot finds the vehicle of the lot that the path or the query names.
func (s *Site) byLot(next forVehicle) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		lot := r.PathValue("lot")
		if lot == "" {
			lot = r.FormValue("lot")
		}
		for _, v := range s.stock.vehicles {
			if LotOf(v) == lot {
				next(w, r, v)
				return
			}
		}
		s.astray(w, r)
	}
}

// astray answers who asks for what the desk does not have.
func (s *Site) astray(w http.ResponseWriter, r *http.Request) {
	s.counter.add(func(c *Counts) { c.Astray++ })
	s.notFound(w, r)
}

// storeOf is the origin of the store: this same server, by its other name.
func storeOf(r *http.Request) string {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = r.Host, "80"
	}
	other := "localhost"
	if strings.EqualFold(host, other) {
		other = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(other, port)
}

// toStore leads to an address that opens one paper to whoever has it.
func (s *Site) toStore(paper string) forVehicle {
	return func(w http.ResponseWriter, r *http.Request, v Vehicle) {
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, storeOf(r)+"/store/"+paper+"/"+v.Reference+"/"+s.signature(v), http.StatusFound)
	}
}

func (s *Site) signature(v Vehicle) string {
	sum := sha256.Sum256([]byte(strconv.FormatUint(s.opts.Seed, 10) + v.VIN))
	return hex.EncodeToString(sum[:8])
}

// fromStore serves a paper to those who have its address, signed in or not.
func (s *Site) fromStore(as fileFormat) http.HandlerFunc {
	return s.store(s.byReference(func(w http.ResponseWriter, r *http.Request, v Vehicle) {
		if r.PathValue("signature") != s.signature(v) {
			http.Error(w, "the signature is wrong", http.StatusForbidden)
			return
		}
		s.answer(as)(w, r, v)
	}))
}

func (s *Site) storeLogo(w http.ResponseWriter, r *http.Request) {
	s.store(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18"/></svg>`))
	})(w, r)
}

// store counts the requests that bring what is meant for the desk alone.
func (s *Site) store(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(DeskHeader) != "" || r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			s.counter.add(func(c *Counts) { c.Leaked++ })
		}
		s.counter.add(func(c *Counts) { c.Stored++ })
		next(w, r)
	}
}
