package practice

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// printed is on every report in place of the time: the same vehicle's report
// has the same bytes whenever it is made.
var printed = time.Date(2025, time.January, 15, 8, 30, 0, 0, time.UTC)

// The page is US letter; lengths are in points.
const (
	margin    = 48.0
	textWidth = 612 - 2*margin
	lineStep  = 16.0
)

var photo = asset("car.jpg")

var equipment = []string{
	"Air Conditioning", "Alloy Wheels", "Anti-Lock Brakes", "Backup Camera",
	"Blind Spot Monitor", "Bluetooth", "Cruise Control", "Fog Lamps",
	"Heated Seats", "Keyless Entry", "Leather Seats", "Navigation",
	"Panoramic Roof", "Power Lift Gate", "Power Windows", "Premium Sound",
	"Remote Start", "Running Boards", "Third Row Seat", "Tow Package",
}

// Report makes a vehicle's book-out report: two to four pages, each with its
// reference and VIN. The text is not compressed, so that a plain search in the
// bytes finds it.
func Report(v Vehicle) ([]byte, error) {
	// Drawn from the vehicle alone, so that it is the same at each asking.
	r := &reportPDF{
		Fpdf: fpdf.New("P", "pt", "Letter", ""), v: v,
		rng: rand.New(rand.NewPCG(uint64(v.ID), 0x9d_f)),
	}
	pages := []func(){r.summary, r.equipment, r.condition, r.notes}
	r.pages = 2 + r.rng.IntN(3)
	r.SetCompression(false)
	r.SetCatalogSort(true) // the order of a map would change the bytes
	r.SetCreationDate(printed)
	r.SetModificationDate(printed)
	r.SetTitle("Bookout Report "+v.Reference, false)
	r.SetMargins(margin, margin, margin)
	r.SetAutoPageBreak(false, 0)
	for i, page := range pages[:r.pages] {
		r.AddPage()
		r.frame(i + 1)
		page()
	}
	var b bytes.Buffer
	if err := r.Output(&b); err != nil {
		return nil, fmt.Errorf("making report of %s: %w", v.Reference, err)
	}
	return b.Bytes(), nil
}

type reportPDF struct {
	*fpdf.Fpdf
	v     Vehicle
	rng   *rand.Rand
	pages int
}

// frame draws what all pages have, and leaves the pen below the heading.
func (r *reportPDF) frame(page int) {
	r.LinearGradient(margin, margin, textWidth, 30, 27, 73, 128, 90, 140, 200, 0, 0, 1, 0)
	r.SetTextColor(255, 255, 255)
	r.SetFont("Helvetica", "B", 15)
	r.Text(margin+10, margin+20, "Practice Motors - Bookout Report")
	r.SetTextColor(0, 0, 0)
	r.SetFont("Helvetica", "", 9)
	r.Text(margin, 750, "Stock Number: "+r.v.Reference)
	r.Text(margin+130, 750, "VIN: "+r.v.VIN)
	r.Text(margin+300, 750, "Printed "+printed.Format("01/02/2006 3:04 PM"))
	r.Text(margin+460, 750, fmt.Sprintf("Page %d of %d", page, r.pages))
	r.Line(margin, 738, margin+textWidth, 738)
	r.SetXY(margin, margin+44)
}

func (r *reportPDF) heading(s string) {
	r.SetFont("Helvetica", "B", 12)
	r.CellFormat(textWidth, 22, s, "", 1, "L", false, 0, "")
	r.SetFont("Helvetica", "", 10)
}

// row draws one line of a table; every other one is shaded.
func (r *reportPDF) row(shaded bool, widths []float64, cells ...string) {
	r.SetFillColor(232, 239, 247)
	for i, c := range cells {
		r.CellFormat(widths[i], lineStep, c, "1", 0, "L", shaded, 0, "")
	}
	r.Ln(lineStep)
}

func (r *reportPDF) summary() {
	v := r.v
	r.heading(fmt.Sprintf("%d %s %s", v.Year, v.Make, v.Model))
	for i, fact := range [][2]string{
		{"Stock Number", v.Reference},
		{"VIN", v.VIN},
		{"Year", strconv.Itoa(v.Year)},
		{"Make", v.Make},
		{"Model", v.Model},
		{"Color", v.Color},
		{"Asking Price", dollars(v.Price)},
		{"Days In Stock", strconv.Itoa(v.Days)},
		{"Mileage", strconv.Itoa(4000 + r.rng.IntN(90_000))},
	} {
		r.row(i%2 == 1, []float64{130, 180}, fact[0], fact[1])
	}
	r.Ln(lineStep)
	r.RegisterImageOptionsReader("car", fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(photo))
	r.ImageOptions("car", margin, r.GetY(), 280, 0, true, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
	r.Ln(lineStep)
	r.heading("Values")
	for i, guide := range []string{"Retail", "Trade-In", "Loan", "Auction"} {
		value := v.Price * (100 - 6*i) / 100
		r.row(i%2 == 1, []float64{130, 90, 90}, guide, dollars(value), dollars(value-r.rng.IntN(900)))
	}
}

func (r *reportPDF) equipment() {
	r.heading("Equipment of " + r.v.Reference)
	widths := []float64{40, 260, 90, 90}
	r.SetFont("Helvetica", "B", 10)
	r.row(true, widths, "No.", "Item", "Installed", "Value")
	r.SetFont("Helvetica", "", 10)
	for i, item := range equipment {
		fitted, value := "No", ""
		if r.rng.IntN(3) > 0 {
			fitted, value = "Yes", dollars(50+25*r.rng.IntN(60))
		}
		r.row(i%2 == 1, widths, strconv.Itoa(i+1), item, fitted, value)
	}
}

func (r *reportPDF) condition() {
	r.heading("Condition of " + r.v.Reference)
	grades := []string{"Excellent", "Good", "Fair", "Needs attention"}
	parts := []string{"Paint", "Glass", "Tires", "Brakes", "Engine", "Transmission", "Interior", "Electrical"}
	for i, part := range parts {
		r.row(i%2 == 1, []float64{180, 180}, part, grades[r.rng.IntN(len(grades))])
	}
}

func (r *reportPDF) notes() {
	r.heading("Notes")
	r.MultiCell(textWidth, lineStep, "Values are estimates for practice and bind nobody. "+
		"The vehicle was inspected on the day it came into stock. Equipment was read from its "+
		"VIN and confirmed by sight where it could be.", "", "L", false)
	r.Ln(lineStep)
	r.Cell(textWidth, lineStep, "Approved by ______________________     Date ______________")
}
