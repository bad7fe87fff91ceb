package practice

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
)

// The deal jackets: a report, a sticker and a list for each vehicle.
func (s *Site) documentsRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /documents", s.shell("documents.html", "Deal Jackets"))
	m.HandleFunc("GET /documents/list", s.page(s.exportFile))
	m.HandleFunc("GET /documents/{reference}", s.vehiclePage("documents_jacket.html"))
	m.HandleFunc("GET /documents/{reference}/bookout", s.sends(inlinePDF))
	m.HandleFunc("GET /documents/{reference}/sticker", s.sends(stickerPDF))
	m.HandleFunc("GET /documents/{reference}/equipment", s.sends(equipmentList))
}

// What the jackets hold beside the report.
var (
	stickerPDF    = fileFormat{kind: "application/pdf", disposition: `attachment; filename="Sticker.pdf"`, content: sticker, document: "sticker"}
	equipmentList = fileFormat{kind: "text/csv; charset=utf-8", disposition: `attachment; filename="Equipment.csv"`, content: equipmentCSV, document: "equipment"}
)

// sticker is what hangs in the vehicle's window: one page.
func sticker(v Vehicle) ([]byte, error) {
	p := fpdf.New("L", "pt", "Letter", "")
	p.SetCompression(false)
	p.SetCatalogSort(true)
	p.SetCreationDate(printed)
	p.SetModificationDate(printed)
	p.SetTitle("Window Sticker "+v.Reference, false)
	p.AddPage()
	p.SetFont("Helvetica", "B", 34)
	p.Text(margin, 90, fmt.Sprintf("%d %s %s", v.Year, v.Make, v.Model))
	p.SetFont("Helvetica", "", 18)
	for i, line := range []string{
		"Stock Number: " + v.Reference, "VIN: " + v.VIN, "Color: " + v.Color,
		"Days In Stock: " + strconv.Itoa(v.Days), "Our Price: " + dollars(v.Price),
	} {
		p.Text(margin, 150+float64(i)*30, line)
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		return nil, fmt.Errorf("making sticker of %s: %w", v.Reference, err)
	}
	return b.Bytes(), nil
}
