package practice

import (
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var stockCell = regexp.MustCompile(`<td class="stock">([^<]+)</td>`)

func stockNumbers(html string) []string {
	var refs []string
	for _, m := range stockCell.FindAllStringSubmatch(html, -1) {
		refs = append(refs, m[1])
	}
	return refs
}

func references(vehicles []Vehicle) []string {
	var refs []string
	for _, v := range vehicles {
		refs = append(refs, v.Reference)
	}
	return refs
}

func TestGrid(t *testing.T) {
	s := start(t, Options{Vehicles: 60})
	v := enter(t, s)
	all := references(s.Vehicles())
	page := v.get("/inventory")
	page.wants(t, 200, "/inventory", `id="grid"`, `id="StockNumber"`, `<label for="StockNumber">Stock Number</label>`,
		`id="clear-filters" class="button" style="display:none"`, ">Export</button>", "Export All Columns", "Export to CSV")
	if got := stockNumbers(page.body); !slices.Equal(got, all[:25]) {
		t.Errorf("first page: %v", got)
	}
	for path, want := range map[string][]string{
		"?stock=" + all[40]:                  {all[40]},
		"?stock=" + strings.ToLower(all[40]): {all[40]},
		"?stock=":                            all[:25],
		"?stock=&page=3":                     all[50:],
		"?stock=&page=99":                    all[50:],
		"?stock=&page=-1":                    all[:25],
	} {
		a := v.get("/inventory/rows" + path)
		if got := stockNumbers(a.body); a.status != 200 || !slices.Equal(got, want) {
			t.Errorf("rows%s: %d %v, want %v", path, a.status, got, want)
		}
	}
	two := v.get("/inventory/rows?stock=" + all[0][:2])
	for _, ref := range stockNumbers(two.body) {
		if ref[:2] != all[0][:2] {
			t.Errorf("%s does not begin with %s", ref, all[0][:2])
		}
	}
	v.get("/inventory/rows?stock=none").wants(t, 200, "/inventory/rows?stock=none",
		`<tr><td class="empty" colspan="9">No vehicles found</td></tr>`)
	one := v.get("/inventory/rows?stock=" + all[1])
	one.wants(t, 200, one.path, `<img title="Bookout"`, "/vehicle/")
	if one.header.Get("X-Grid-Total") != "1" || one.header.Get("X-Grid-Pages") != "1" {
		t.Errorf("pager: %v", one.header)
	}
}

func TestVehiclePage(t *testing.T) {
	s := start(t, Options{Missing: 1})
	v, car := enter(t, s), s.Vehicles()[3]
	path := "/vehicle/" + car.Reference
	v.get(path).wants(t, 200, path, `<td id="reference">`+car.Reference+"<", `<td id="vin">`+car.VIN+"<",
		`<td id="price">`+dollars(car.Price)+"<", "Back to inventory", "Print/Email Reports",
		`id="report-modal" class="modal" style="display:none"`)
	v.get(path+"/reports").wants(t, 200, path+"/reports", "Create PDF",
		fmt.Sprintf("window.open('/GetPdfReport?id=%d')", car.ID), `type="checkbox"`)
	gone := "/vehicle/" + s.MissingReferences()[0]
	v.get(gone).wants(t, 404, gone)
	v.get(gone+"/reports").wants(t, 404, gone+"/reports")
	if got := s.Counts().Opened; len(got) != 1 || got[car.Reference] != 1 {
		t.Errorf("opened: %v", got)
	}
}

func TestExport(t *testing.T) {
	s := start(t, Options{Vehicles: 40, Missing: 3, Duplicates: 2})
	a := enter(t, s).get("/inventory/export.csv")
	if d := a.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("disposition: %q", d)
	}
	const header = "Stock Number,VIN,Year,Make,Model,Price,Color,Days In Stock\r\n"
	if !strings.HasPrefix(a.body, header) || strings.Count(a.body, "\r\n") != 46 || strings.Count(a.body, "\n") != 46 {
		t.Fatalf("export:\n%s", a.body)
	}
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	for _, row := range rows[1:] {
		seen[row[0]]++
	}
	for _, ref := range slices.Concat(references(s.Vehicles()), s.MissingReferences()) {
		if seen[ref] == 0 {
			t.Errorf("%s is not in the export", ref)
		}
	}
	if len(seen) != 43 {
		t.Errorf("%d different references, want 43", len(seen))
	}
	for _, row := range rows[len(rows)-2:] {
		if seen[row[0]] != 2 {
			t.Errorf("the last rows are no duplicates: %v", row)
		}
	}
}

func TestStock(t *testing.T) {
	const n = 3000
	o := Options{Vehicles: n, Missing: 50, Seed: 7}
	s := newStock(o)
	pattern := regexp.MustCompile(`^\d\d[A-Z]\d{4}$`)
	vin := regexp.MustCompile(`^[0-9A-HJ-NPR-Z]{17}$`)
	refs, vins := make(map[string]bool), make(map[string]bool)
	for _, v := range slices.Concat(s.vehicles, s.missing) {
		if !pattern.MatchString(v.Reference) || !vin.MatchString(v.VIN) || vinCheck(v.VIN) != v.VIN[8] || v.Price <= 0 {
			t.Errorf("bad vehicle: %+v", v)
		}
		refs[v.Reference], vins[v.VIN] = true, true
	}
	if len(refs) != n+50 || len(vins) != n+50 {
		t.Errorf("%d references and %d VINs, want %d", len(refs), len(vins), n+50)
	}
	if again := newStock(o); !slices.Equal(again.exported(o), s.exported(o)) {
		t.Error("the same seed gave another stock")
	}
	if vinCheck("1M8GDM9AXKP042788") != 'X' { // the regulation's own example
		t.Error("check digit is wrong")
	}
}

func TestLatency(t *testing.T) {
	s := start(t, Options{AjaxLatency: Latency{Min: 40 * time.Millisecond, Max: 60 * time.Millisecond}})
	v, begun := enter(t, s), time.Now()
	v.get("/inventory/rows?stock=2")
	if took := time.Since(begun); took < 40*time.Millisecond {
		t.Errorf("rows took %s", took)
	}
	l := Latency{Min: time.Second, Max: 3 * time.Second}
	if l.at(0) != time.Second || l.at(0.5) != 2*time.Second || (Latency{Min: 5}).at(0.9) != 5 {
		t.Error("a latency's fraction is wrong")
	}
}
