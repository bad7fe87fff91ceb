package practice

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	pdfPage  = regexp.MustCompile(`/Type /Page\b[^s]`)
	pdfImage = regexp.MustCompile(`/Subtype /Image`)
)

func TestPDF(t *testing.T) {
	s := start(t, Options{})
	v := enter(t, s)
	seen, lengths := make(map[string]bool), make(map[int]bool)
	for _, car := range s.Vehicles() {
		a := v.get(pdfPath(car))
		if a.status != 200 || !strings.HasPrefix(a.body, "%PDF-") || !strings.HasSuffix(strings.TrimSpace(a.body), "%%EOF") {
			t.Fatalf("%s: %d, %d bytes", car.Reference, a.status, len(a.body))
		}
		pages := len(pdfPage.FindAllString(a.body, -1))
		lengths[pages] = true
		if strings.Count(a.body, "(Stock Number: "+car.Reference+")") != pages ||
			strings.Count(a.body, "(VIN: "+car.VIN+")") != pages || !pdfImage.MatchString(a.body) {
			t.Errorf("%s: not on each of %d pages", car.Reference, pages)
		}
		if pages < 2 || pages > 4 || seen[a.body] {
			t.Errorf("%s: %d pages, seen before: %t", car.Reference, pages, seen[a.body])
		}
		seen[a.body] = true
	}
	if len(lengths) != 3 {
		t.Errorf("numbers of pages: %v", lengths)
	}
	car := s.Vehicles()[0]
	a := v.get(pdfPath(car))
	if !seen[a.body] {
		t.Error("the second asking gave other bytes")
	}
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "Cache-Control": "no-store",
		"Content-Disposition": `inline; filename="BookoutReport.pdf"`,
		"Content-Length":      strconv.Itoa(len(a.body)),
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, path := range []string{"/GetPdfReport?id=1", "/GetPdfReport", "/GetPdfReport?id=x"} {
		v.get(path).wants(t, 404, path)
	}
	c := s.Counts()
	if c.Produced[car.Reference] != 2 || c.Served[car.Reference] != 2 || len(c.Served) != 30 || c.PDFMax != 1 {
		t.Errorf("counts: %+v", c)
	}
}

func TestCountsOfWhatIsUnderWay(t *testing.T) {
	seen, made := make(chan struct{}), make(chan int, 4)
	s := start(t, Options{OnReport: func(ctx context.Context, n int) {
		select {
		case <-seen:
		case <-ctx.Done():
		}
		made <- n
	}})
	v := enter(t, s)
	var all sync.WaitGroup
	for _, car := range s.Vehicles()[:4] {
		all.Go(func() { v.get(pdfPath(car)) })
	}
	eventually(t, func() bool { c := s.Counts(); return c.PDFNow == 4 && c.RequestsNow == 4 })
	if c := s.Counts(); len(c.Produced) != 4 || len(c.Served) != 0 {
		t.Errorf("counts under way: %+v", c)
	}
	s.ResetCounts()
	if c := s.Counts(); c.PDFNow != 4 || c.PDFMax != 4 || len(c.Produced) != 0 {
		t.Errorf("counts after a reset: %+v", c)
	}
	close(seen)
	all.Wait()
	if sum := <-made + <-made + <-made + <-made; sum != 1+2+3+4 {
		t.Errorf("the reports were not counted from 1 to 4")
	}
	eventually(t, func() bool { c := s.Counts(); return c.PDFNow == 0 && c.RequestsNow == 0 })
	if c := s.Counts(); c.PDFMax != 4 || c.RequestsMax != 4 || len(c.Served) != 4 {
		t.Errorf("counts at the end: %+v", c)
	}
}

func TestAbandonedPDFIsProducedAndNotServed(t *testing.T) {
	s := start(t, Options{PDFLatency: Latency{Min: time.Minute}})
	v := enter(t, s)
	car := s.Vehicles()[0]
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	ended := make(chan error, 1)
	go func() {
		_, err := v.tryGet(ctx, pdfPath(car))
		ended <- err
	}()
	eventually(t, func() bool { return s.Counts().PDFNow == 1 })
	leave()
	if err := <-ended; err == nil {
		t.Fatal("the PDF came at once")
	}
	eventually(t, func() bool { return s.Counts().PDFNow == 0 })
	if c := s.Counts(); c.Produced[car.Reference] != 1 || c.Served[car.Reference] != 0 {
		t.Errorf("counts: %+v", c)
	}
}

func eventually(t *testing.T, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}
