package practice

import (
	"errors"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// struck asks twice: the fault of rate 1 strikes first, and then heals.
func struck(t *testing.T, f Faults, kind fault, paths func(Vehicle) []string, check func(t *testing.T, a answer, err error)) {
	t.Helper()
	s := start(t, Options{Faults: f})
	v := enter(t, s)
	car := s.Vehicles()[5]
	for _, path := range paths(car) {
		a, err := v.tryGet(t.Context(), path)
		check(t, a, err)
		if a := v.get(path); a.status != 200 || !strings.Contains(a.body, car.Reference) {
			t.Errorf("%s %s: the second asking gave %d", kind, path, a.status)
		}
	}
	c := s.Counts()
	if len(c.Faults) != 1 || c.Faults[string(kind)] != len(paths(car)) {
		t.Errorf("faults: %v", c.Faults)
	}
	if c.Produced[car.Reference] != 1 || c.Served[car.Reference] != 1 {
		t.Errorf("%s: produced and served: %v %v", kind, c.Produced, c.Served)
	}
}

func everywhere(v Vehicle) []string {
	return []string{"/vehicle/" + v.Reference, "/inventory/rows?stock=" + v.Reference, pdfPath(v)}
}

func onlyPDF(v Vehicle) []string { return []string{pdfPath(v)} }

func TestTransportFaults(t *testing.T) {
	struck(t, Faults{ServerError: 1}, serverError, everywhere, func(t *testing.T, a answer, err error) {
		if err != nil || a.status != 500 {
			t.Errorf("server error: %d, %v", a.status, err)
		}
	})
	f := Faults{RateLimited: 1, RetryAfter: 1500 * time.Millisecond}
	struck(t, f, rateLimited, everywhere, func(t *testing.T, a answer, err error) {
		if err != nil || a.status != 429 || a.header.Get("Retry-After") != "2" {
			t.Errorf("rate limit: %d, %v, %v", a.status, a.header, err)
		}
	})
	f = Faults{Hang: 1, HangFor: 30 * time.Millisecond}
	struck(t, f, hang, everywhere, func(t *testing.T, a answer, err error) {
		if err != nil || a.status != 504 {
			t.Errorf("hang: %d, %v", a.status, err)
		}
	})
}

// A client asks again on its own when a connection that it had kept alive is
// reset before any byte has come, and would hide the fault: so this one has none.
func TestReset(t *testing.T) {
	s := start(t, Options{Faults: Faults{Reset: 1}})
	v := enter(t, s)
	v.client.CloseIdleConnections()
	path := pdfPath(s.Vehicles()[0])
	if _, err := v.tryGet(t.Context(), path); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("reset: %v", err)
	}
	v.get(path).wants(t, 200, path, s.Vehicles()[0].Reference)
	if c := s.Counts(); c.Faults["reset"] != 1 {
		t.Errorf("counts: %+v", c)
	}
}

func TestPDFFaults(t *testing.T) {
	struck(t, Faults{HTMLAsPDF: 1}, htmlAsPDF, onlyPDF, func(t *testing.T, a answer, err error) {
		if err != nil || a.status != 200 || a.header.Get("Content-Type") != "application/pdf" || !strings.Contains(a.body, "<html") {
			t.Errorf("html: %d, %v, %v", a.status, a.header, err)
		}
	})
	struck(t, Faults{TruncatedPDF: 1}, truncatedPDF, onlyPDF, func(t *testing.T, a answer, err error) {
		if !errors.Is(err, io.ErrUnexpectedEOF) || a.status != 200 || len(a.body) < 2000 {
			t.Errorf("truncated: %d, %d bytes, %v", a.status, len(a.body), err)
		}
	})
	struck(t, Faults{SelfClosingTab: 1}, selfClosingTab, onlyPDF, func(t *testing.T, a answer, err error) {
		if err != nil || a.status != 200 || !strings.Contains(a.body, "window.close()") {
			t.Errorf("closing: %d, %v", a.status, err)
		}
	})
	struck(t, Faults{WrongPDF: 1}, wrongPDF, onlyPDF, func(t *testing.T, a answer, err error) {
		if err != nil || !strings.HasPrefix(a.body, "%PDF-") {
			t.Errorf("wrong: %d, %v", a.status, err)
		}
	})
}

// These look like a report's answer in all but the bytes.
func TestBadBytes(t *testing.T) {
	for kind, bad := range map[fault]struct {
		faults    Faults
		mime      string
		size      int
		beginning string
		part      string
	}{
		emptyAnswer: {Faults{Empty: 1}, "application/pdf", 0, "", ""},
		signInPage:  {Faults{LoginPage: 1}, "text/html; charset=utf-8", -1, "<!DOCTYPE html", "Dealer Sign In"},
		viewerPage:  {Faults{ViewerPage: 1}, "application/pdf", 601, "<!doctype html>", `type="application/pdf"`},
		zeroPages:   {Faults{ZeroPages: 1}, "application/pdf", -1, "%PDF-1.4", "/Count 0"},
	} {
		struck(t, bad.faults, kind, onlyPDF, func(t *testing.T, a answer, err error) {
			if err != nil || a.status != 200 || a.header.Get("Content-Type") != bad.mime {
				t.Errorf("%s: %d, %v, %v", kind, a.status, a.header, err)
			}
			if !strings.HasPrefix(a.body, bad.beginning) || !strings.Contains(a.body, bad.part) || (bad.size >= 0 && len(a.body) != bad.size) {
				t.Errorf("%s: %d bytes: %s", kind, len(a.body), a.body)
			}
		})
	}
	struck(t, Faults{HalfThenHang: 1, HangFor: 30 * time.Millisecond}, halfThenHang, onlyPDF, func(t *testing.T, a answer, err error) {
		if !errors.Is(err, io.ErrUnexpectedEOF) || a.status != 200 || len(a.body) < 2000 {
			t.Errorf("half: %d, %d bytes, %v", a.status, len(a.body), err)
		}
	})
}

func TestWrongPDFIsAnotherVehicles(t *testing.T) {
	for _, n := range []int{1, 2} {
		s := start(t, Options{Vehicles: n, Faults: Faults{WrongPDF: 1}})
		car := s.Vehicles()[n-1]
		a := enter(t, s).get(pdfPath(car))
		if strings.Contains(a.body, car.Reference) || !strings.Contains(a.body, "(Stock Number: ") {
			t.Errorf("of %d vehicles, the wrong one was not", n)
		}
	}
}

func TestDice(t *testing.T) {
	f := Faults{ServerError: 0.1, RateLimited: 0.1, HTMLAsPDF: 0.1, WrongPDF: 0.1}
	roll := func(seed uint64) []draw {
		var all []draw
		d := newRandomFaults(seed, f)
		for _, ref := range []string{"24K0173", "24K0174", "24K0175", "24K0176"} {
			for range 500 {
				all = append(all, d.draw(pdfRoute, ref))
			}
		}
		return all
	}
	first := roll(1)
	if !slices.Equal(first, roll(1)) {
		t.Error("the same seed gave other faults")
	}
	if slices.Equal(first, roll(2)) {
		t.Error("another seed gave the same faults")
	}
	seen := make(map[fault]int)
	for i, th := range first {
		seen[th.fault]++
		if i%500 > 0 && th.fault != noFault && first[i-1].fault != noFault {
			t.Errorf("throw %d strikes twice in a row", i)
		}
	}
	// A rate of 0.4 that skips the throw after each hit strikes 0.4/1.4 of all.
	for _, k := range []fault{serverError, rateLimited, htmlAsPDF, wrongPDF} {
		if n := seen[k]; n < 90 || n > 200 {
			t.Errorf("%s struck %d times of 2000, want about 143", k, n)
		}
	}
	d := newRandomFaults(1, Faults{ServerError: 1, WrongPDF: 1})
	for _, r := range []route{loginRoute, inventoryRoute, exportRoute, reportsRoute} {
		if th := d.draw(r, ""); th.fault != noFault {
			t.Errorf("%s was struck by %s", r, th.fault)
		}
	}
	if th := newRandomFaults(1, Faults{WrongPDF: 1}).draw(vehicleRoute, "24K0173"); th.fault != noFault {
		t.Errorf("a vehicle page was struck by %s", th.fault)
	}
}

// Half of a report may come without a word of how long it is.
func TestCutAndRefused(t *testing.T) {
	for kind, f := range map[fault]Faults{cutChunks: {CutChunks: 1}, cutGzip: {CutGzip: 1}} {
		struck(t, f, kind, onlyPDF, func(t *testing.T, a answer, err error) {
			if !errors.Is(err, io.ErrUnexpectedEOF) || a.status != 200 || a.header.Get("Content-Length") != "" {
				t.Errorf("%s: %d, %v, %v", kind, a.status, a.header, err)
			}
		})
	}
	for kind, want := range map[fault]struct {
		faults Faults
		status int
	}{part: {Faults{Part: 1}, 206}, noContent: {Faults{NoContent: 1}, 204}, refused: {Faults{Refused: 1}, 403}} {
		struck(t, want.faults, kind, onlyPDF, func(t *testing.T, a answer, err error) {
			if err != nil || a.status != want.status {
				t.Errorf("%s: %d, %v", kind, a.status, err)
			}
		})
	}
}
