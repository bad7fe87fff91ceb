package practice

import (
	"bytes"
	"net/http"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// The mail room: beside what is asked for its pages fetch other things, and one
// click brings two documents.
func (s *Site) mailRoomRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /mailroom", s.shell("mailroom.html", "Mail Room"))
	m.HandleFunc("GET /mailroom/{reference}", s.page(s.byReference(s.opened(s.mailRoomPage))))
	m.HandleFunc("GET /mailroom/hub", s.page(s.heartbeat))
	m.HandleFunc("GET /mailroom/thumbnail", s.page(thumbnail))
	m.HandleFunc("GET /mailroom/ahead/{reference}", s.sends(reportAhead))
	m.HandleFunc("GET /mailroom/report/{reference}", s.sends(inlinePDF))
	m.HandleFunc("GET /mailroom/sticker/{reference}", s.sends(stickerPDF))
	m.HandleFunc("GET /mailroom/equipment/{reference}", s.sends(equipmentList))
	m.HandleFunc("GET /mailroom/certificate/{reference}", s.page(s.byReference(s.certificateIfAny)))
}

var (
	// reportAhead is what a page fetches before anybody asks for it.
	reportAhead    = fileFormat{kind: "application/pdf", content: Report, document: "ahead"}
	certificatePDF = fileFormat{kind: "application/pdf", content: certificate, document: "certificate"}
)

// mailRoomPage shows a vehicle, with the one after it.
func (s *Site) mailRoomPage(w http.ResponseWriter, r *http.Request, v Vehicle) {
	all := s.stock.vehicles
	show(w, http.StatusOK, "mailroom_vehicle.html", struct {
		variantPage
		Next Vehicle
	}{variantPage{pageData: s.framed(r, "Vehicle "+v.Reference), Vehicle: v}, all[v.ID%len(all)]})
}

// heartbeat is what a long poll ends with as a rule, under the type that such
// servers use.
func (s *Site) heartbeat(w http.ResponseWriter, r *http.Request) {
	wait(r, 100*time.Millisecond)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(`{"type":6}` + "\x1e"))
}

// thumbnail is a preview, under the same type.
func thumbnail(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(photo)
}

// HasCertificate tells whether a vehicle has a certificate, which not each has.
func HasCertificate(v Vehicle) bool { return v.ID%2 == 0 }

func (s *Site) certificateIfAny(w http.ResponseWriter, r *http.Request, v Vehicle) {
	if !HasCertificate(v) {
		http.Error(w, "no certificate", http.StatusNotFound)
		return
	}
	s.answer(certificatePDF)(w, r, v)
}

func certificate(v Vehicle) ([]byte, error) {
	p := fpdf.New("P", "pt", "Letter", "")
	p.SetCompression(false)
	p.SetCatalogSort(true)
	p.SetCreationDate(printed)
	p.SetModificationDate(printed)
	p.AddPage()
	p.SetFont("Helvetica", "B", 24)
	p.Text(margin, 90, "Certificate of "+v.Reference)
	p.Text(margin, 130, "VIN: "+v.VIN)
	var b bytes.Buffer
	err := p.Output(&b)
	return b.Bytes(), err
}
