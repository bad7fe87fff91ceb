package practice

import (
	"archive/zip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// comings say of each form how its report comes: what the modal holds, and the
// steps from there, ID standing for the vehicle's number and REF for its
// reference.
var comings = map[string]struct {
	modal []string
	// between is a page that leads on, to what.
	between, to string
	report      string
	disposition string
}{
	"popup":        {modal: []string{"window.open(", "<button"}, report: "/GetPdfReport?id=ID", disposition: "inline"},
	"post":         {modal: []string{`method="post"`, `target="_blank"`, `value="ID"`, `type="submit"`}, report: "POST /GetPdfReport", disposition: "inline"},
	"same-tab":     {modal: []string{"location.href="}, report: "/GetPdfReport?id=ID", disposition: "inline"},
	"link":         {modal: []string{`<a id="report"`, `role="button"`, `href="/GetPdfReport?id=ID"`}, report: "/GetPdfReport?id=ID", disposition: "inline"},
	"download":     {modal: []string{`<a id="create-pdf"`, `role="button"`, `href="/DownloadPdfReport?id=ID"`}, report: "/DownloadPdfReport?id=ID", disposition: "attachment"},
	"tab-download": {modal: []string{"window.open("}, report: "/DownloadPdfReport?id=ID", disposition: "attachment"},
	"xhr":          {modal: []string{"fetch(", "report-ready"}, report: "/GetPdfReport?id=ID", disposition: "inline"},
	"xhr-blob":     {modal: []string{"XMLHttpRequest", "window.open(window.URL.createObjectURL("}, report: "/GetPdfReport?id=ID", disposition: "inline"},
	"blob":         {modal: []string{"createObjectURL", "a.download ="}, report: "/GetPdfReportContent?id=ID"},
	"data":         {modal: []string{"data:application/pdf;base64,", "a.download ="}, report: "/GetPdfReportContent?id=ID"},
	"frame":        {modal: []string{"iframe"}, report: "/GetPdfReport?id=ID", disposition: "inline"},
	"embed":        {modal: []string{"embed type=application/pdf"}, report: "/GetPdfReport?id=ID", disposition: "inline"},
	"object":       {modal: []string{"object type=application/pdf data="}, report: "/GetPdfReport?id=ID", disposition: "inline"},
	"preparing": {
		modal: []string{"window.open("}, between: "/PreparePdfReport?id=ID", to: "location.href = '/DownloadPdfReport?id=ID'",
		report: "/DownloadPdfReport?id=ID", disposition: "attachment",
	},
	"refresh": {
		modal: []string{"window.open("}, between: "/PreparePdfReport?id=ID&refresh=1", to: `content="1;url=/GetPdfReport?id=ID"`,
		report: "/GetPdfReport?id=ID", disposition: "inline",
	},
	"second-tab": {
		modal: []string{"window.open("}, between: "/OpenPdfReport?id=ID", to: "window.open('/GetPdfReport?id=ID')",
		report: "/GetPdfReport?id=ID", disposition: "inline",
	},
	"dialog": {modal: []string{"confirm(", "window.open("}, report: "/GetPdfReport?id=ID", disposition: "inline"},
	"zip":    {modal: []string{"location.href="}, report: "/GetReportPackage?id=ID", disposition: "attachment"},
	"print":  {modal: []string{"window.open("}, report: "/vehicle/REF/print"},
}

func TestDeliveries(t *testing.T) {
	for _, form := range Deliveries() {
		t.Run(form, func(t *testing.T) {
			coming, ok := comings[form]
			if !ok {
				t.Fatal("no test says how this report comes")
			}
			s := start(t, Options{Delivery: form})
			v := enter(t, s)
			car := s.Vehicles()[3]
			fill := strings.NewReplacer("ID", fmt.Sprint(car.ID), "REF", car.Reference).Replace
			path := "/vehicle/" + car.Reference + "/reports"
			modal := v.get(path)
			modal.wants(t, 200, path, ">Create PDF</")
			for _, part := range coming.modal {
				modal.wants(t, 200, path, fill(part))
			}
			if coming.between != "" {
				v.get(fill(coming.between)).wants(t, 200, fill(coming.between), fill(coming.to))
				modal.wants(t, 200, path, strings.ReplaceAll(fill(coming.between), "&", "&amp;"))
			}
			if c := s.Counts(); c.DownloadNow != 1 || len(c.Produced) != 0 {
				t.Errorf("with the modal open: %+v", c)
			}
			a := v.report(fill(coming.report), car)
			if got, _, _ := strings.Cut(a.header.Get("Content-Disposition"), ";"); a.status != 200 || got != coming.disposition {
				t.Errorf("got %d, disposition %q", a.status, got)
			}
			holds(t, form, a.body, car)
			eventually(t, func() bool { return s.Counts().DownloadNow == 0 })
			if c := s.Counts(); c.Produced[car.Reference] != 1 || c.Served[car.Reference] != 1 || c.DownloadMax != 1 {
				t.Errorf("with the report here: %+v", c)
			}
		})
	}
	if len(comings) != len(Deliveries()) {
		t.Errorf("there are only %v", Deliveries())
	}
}

// report asks for a report by its address, "POST " first where it goes by a form.
func (v *visitor) report(address string, car Vehicle) answer {
	v.t.Helper()
	if path, ok := strings.CutPrefix(address, "POST "); ok {
		return v.post(path, url.Values{"id": {fmt.Sprint(car.ID)}})
	}
	return v.get(address)
}

// holds unwraps a report and wants the vehicle's reference and VIN in it.
func holds(t *testing.T, form, body string, car Vehicle) {
	t.Helper()
	contents := []string{body}
	switch form {
	case "blob", "data":
		var report struct{ Name, Content string }
		if err := json.Unmarshal([]byte(body), &report); err != nil || report.Name != reportName {
			t.Fatalf("%v, named %q", err, report.Name)
		}
		b, err := base64.StdEncoding.DecodeString(report.Content)
		if err != nil {
			t.Fatal(err)
		}
		contents = []string{string(b)}
	case "zip":
		contents = unzipped(t, body)
		if len(contents) != 2 || contents[0] == contents[1] {
			t.Errorf("the package holds %d files", len(contents))
		}
	}
	for _, content := range contents {
		if !strings.Contains(content, car.Reference) || !strings.Contains(content, car.VIN) {
			t.Errorf("another vehicle's: %.200q", content)
		}
	}
	if form != "print" && !strings.HasPrefix(contents[0], "%PDF-") {
		t.Errorf("no PDF: %.40q", contents[0])
	}
}

func unzipped(t *testing.T, body string) []string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var contents []string
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, string(b))
	}
	return contents
}

func TestMixedDelivery(t *testing.T) {
	s := start(t, Options{Delivery: MixedDelivery, Vehicles: 34})
	v := enter(t, s)
	seen := make(map[string]int)
	for _, car := range s.Vehicles() {
		form := s.DeliveryOf(car.Reference)
		seen[form]++
		path := "/vehicle/" + car.Reference + "/reports"
		v.get(path).wants(t, 200, path, strings.ReplaceAll(comings[form].modal[0], "ID", fmt.Sprint(car.ID)))
	}
	if len(seen) != 17 || seen["post"] != 2 || seen["zip"]+seen["print"] > 0 {
		t.Errorf("forms: %v", seen)
	}
}

func TestUnknownDelivery(t *testing.T) {
	_, err := Start(t.Context(), Options{Delivery: "pigeon"})
	if err == nil || !strings.Contains(err.Error(), `no form is called "pigeon"; there are blob, data, `) {
		t.Errorf("got %v", err)
	}
	if !slices.Contains(Deliveries(), DefaultDelivery) {
		t.Errorf("no %s among %v", DefaultDelivery, Deliveries())
	}
}

// A download is under way from the modal to the answer, whatever the answer,
// and no longer once its page was left for the vehicle's page again.
func TestDownloadsUnderWay(t *testing.T) {
	s := start(t, Options{Faults: Faults{HTMLAsPDF: 1}})
	v := enter(t, s)
	cars := s.Vehicles()[:3]
	for _, car := range cars {
		v.get("/vehicle/" + car.Reference + "/reports")
		v.get("/vehicle/" + car.Reference + "/reports") // as when the person closes it and opens it again
	}
	if c := s.Counts(); c.DownloadNow != 3 || c.DownloadMax != 3 {
		t.Errorf("three modals are open: %+v", c)
	}
	s.ResetCounts()
	v.get(pdfPath(cars[0]))
	v.get("/vehicle/" + cars[1].Reference)
	eventually(t, func() bool { return s.Counts().DownloadNow == 1 })
	if c := s.Counts(); c.DownloadMax != 3 {
		t.Errorf("one modal is open: %+v", c)
	}
}

// The faults that spoil the bytes strike whatever the form.
func TestFaultsOfDeliveries(t *testing.T) {
	for form, coming := range comings {
		s := start(t, Options{Delivery: form, Faults: Faults{WrongPDF: 1}})
		v := enter(t, s)
		car := s.Vehicles()[0]
		address := strings.NewReplacer("ID", fmt.Sprint(car.ID), "REF", car.Reference).Replace(coming.report)
		holds(t, form, v.report(address, car).body, s.Vehicles()[1])
		holds(t, form, v.report(address, car).body, car)
		if c := s.Counts(); c.Faults["wrong_pdf"] != 1 || c.Produced[car.Reference] != 1 {
			t.Errorf("%s: %+v", form, c)
		}
	}
}

func TestHalfThenHang(t *testing.T) {
	s := start(t, Options{Faults: Faults{HalfThenHang: 1}})
	v := enter(t, s)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+pdfPath(s.Vehicles()[0]), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := v.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	begins := make([]byte, 5)
	if _, err := io.ReadFull(resp.Body, begins); err != nil || resp.StatusCode != http.StatusOK || string(begins) != "%PDF-" {
		t.Errorf("got %d, %q, %v", resp.StatusCode, begins, err)
	}
	leave()
	if rest, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("it came whole, %d bytes", len(rest))
	}
	eventually(t, func() bool { return s.Counts().PDFNow == 0 })
}
