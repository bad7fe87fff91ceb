package practice

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// The account that works when Options.Accounts is empty.
const (
	DefaultUser     = "demo-dealer"
	DefaultPassword = "practice-pass"
)

// maxVehicles bounds Vehicles plus Missing, so that unique references are
// found quickly among all that the pattern allows.
const maxVehicles = 100_000

// Options describe a site. The zero value is a quick and faultless site of 30
// vehicles on a free port of the loopback address.
type Options struct {
	// Addr is the TCP address to listen on; "" means "127.0.0.1:0".
	Addr string
	// Vehicles is how many vehicles are in stock; 0 means 30.
	Vehicles int
	// Seed decides everything that looks random; 0 means 1.
	Seed uint64

	// PageLatency delays the HTML pages and the export.
	PageLatency Latency
	// AjaxLatency delays the rows of the grid.
	AjaxLatency Latency
	// ModalLatency delays the modal of a vehicle page.
	ModalLatency Latency
	// PDFLatency is how long a PDF takes to produce.
	PDFLatency Latency

	// OnModal and OnReport, where they are set, are called before a modal is shown
	// and before a report is made, and may keep it waiting until ctx is done, which
	// is when nobody waits any more. n counts the calls from 1.
	OnModal, OnReport func(ctx context.Context, n int)

	// OnOrder, where it is set, is called when an order has been taken and before it is
	// answered, which it may keep waiting until ctx is done; n counts the orders of the
	// reference, from 1. What it gives, if not 0, is the status of an error in place of
	// the receipt.
	OnOrder func(ctx context.Context, reference string, n int) int

	// Licence shows a licence page after each login, to be accepted.
	Licence bool
	// Accounts are passwords by user name; empty means DefaultUser alone with
	// DefaultPassword.
	Accounts map[string]string
	// SessionsPerAccount is the most sessions that an account may have at a
	// time; 0 means any number.
	SessionsPerAccount int
	// SessionLifetime counts from the login; 0 means for ever.
	SessionLifetime time.Duration
	// SessionRequests is how many requests a session is good for; the next one
	// finds it gone. 0 means any number.
	SessionRequests int
	// SessionPath is the pattern, as path.Match has it, of the paths whose
	// requests SessionRequests counts; "" means all that need a session.
	SessionPath string

	// Missing is how many references the export lists that have no vehicle.
	Missing int
	// Duplicates is how many rows of vehicles the export repeats at its end.
	Duplicates int

	// Prices are other prices than the seed gives, by reference: those of a later
	// day.
	Prices map[string]int

	// Delivery is the form in which a report is delivered, one of Deliveries or
	// MixedDelivery; "" means DefaultDelivery.
	Delivery string

	// Reskin is the name of another dress for the pages, one of Skins; "" means none.
	Reskin string

	// Faults are what goes wrong, and how often.
	Faults Faults
}

// Latency is a span of time from which each answer's delay is taken. The zero
// value is no delay; a Max below Min counts as Min.
type Latency struct {
	Min, Max time.Duration
}

// at is the delay a fraction of the way from Min to Max.
func (l Latency) at(fraction float64) time.Duration {
	if l.Max <= l.Min {
		return l.Min
	}
	return l.Min + time.Duration(fraction*float64(l.Max-l.Min))
}

// Faults are rates from 0 (never) to 1 (whenever it may). One request suffers
// one fault at most, and the one after it for the same path and reference
// none, so that a retry heals; a rate of 1 strikes every other request.
//
// The first four strike vehicle pages, the grid's rows and reports, the others
// reports alone.
type Faults struct {
	ServerError float64 // 500
	RateLimited float64 // 429 with Retry-After
	Hang        float64 // no answer for HangFor, then 504
	// Reset resets the connection before any byte of an answer. Browsers and
	// Go's client hide that when they had kept the connection alive: they ask
	// again by themselves.
	Reset float64

	HTMLAsPDF      float64 // an HTML error page that claims to be a PDF
	TruncatedPDF   float64 // half of the bytes, then the connection is closed
	SelfClosingTab float64 // a page that closes its own tab
	WrongPDF       float64 // another vehicle's PDF
	Empty          float64 // 200 and no byte
	LoginPage      float64 // the login page, with 200
	ViewerPage     float64 // the page that Chromium's viewer is made of, as if it were the PDF
	ZeroPages      float64 // a PDF in good order, without a page
	HalfThenHang   float64 // half of the bytes, then nothing for HangFor
	CutChunks      float64 // half of the bytes in chunks, then the connection is closed
	CutGzip        float64 // the same, compressed
	Part           float64 // 206 and the first bytes, which nobody asked for
	NoContent      float64 // 204
	Refused        float64 // 403 and a reason

	// RetryAfter goes with RateLimited, rounded up to seconds; 0 means 1 s.
	RetryAfter time.Duration
	// HangFor goes with Hang and HalfThenHang; 0 means 60 s.
	HangFor time.Duration
}

func (o Options) withDefaults() Options {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Vehicles == 0 {
		o.Vehicles = 30
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Delivery == "" {
		o.Delivery = DefaultDelivery
	}
	if len(o.Accounts) == 0 {
		o.Accounts = map[string]string{DefaultUser: DefaultPassword}
	}
	if o.Faults.RetryAfter == 0 {
		o.Faults.RetryAfter = time.Second
	}
	if o.Faults.HangFor == 0 {
		o.Faults.HangFor = time.Minute
	}
	// A caller that changes its map later must not change a running site.
	o.Accounts = maps.Clone(o.Accounts)
	return o
}

// check finds everything that is wrong at once.
func (o Options) check() error {
	var errs []error
	for _, c := range []struct {
		name string
		n    int
	}{
		{"vehicles", o.Vehicles},
		{"missing", o.Missing},
		{"duplicates", o.Duplicates},
		{"sessions per account", o.SessionsPerAccount},
		{"session requests", o.SessionRequests},
	} {
		if c.n < 0 || c.n > maxVehicles {
			errs = append(errs, fmt.Errorf("%s: %d is not from 0 to %d", c.name, c.n, maxVehicles))
		}
	}
	if o.Vehicles+o.Missing > maxVehicles {
		errs = append(errs, fmt.Errorf("vehicles and missing: more than %d together", maxVehicles))
	}
	for _, c := range []struct {
		name string
		d    time.Duration
	}{
		{"page latency", o.PageLatency.Min},
		{"ajax latency", o.AjaxLatency.Min},
		{"modal latency", o.ModalLatency.Min},
		{"pdf latency", o.PDFLatency.Min},
		{"session lifetime", o.SessionLifetime},
		{"retry after", o.Faults.RetryAfter},
		{"hang for", o.Faults.HangFor},
	} {
		if c.d < 0 {
			errs = append(errs, fmt.Errorf("%s: %s is below 0", c.name, c.d))
		}
	}
	if names := append(Deliveries(), MixedDelivery); o.Delivery != "" && !slices.Contains(names, o.Delivery) {
		errs = append(errs, fmt.Errorf("delivery: no form is called %q; there are %s", o.Delivery, strings.Join(names, ", ")))
	}
	if o.Reskin != "" {
		if _, err := skinOf(o.Reskin); err != nil {
			errs = append(errs, err)
		}
	}
	if _, err := path.Match(o.SessionPath, ""); err != nil {
		errs = append(errs, fmt.Errorf("session path: %w", err))
	}
	for _, r := range o.Faults.rates() {
		// Written so that NaN is refused as well.
		if !(r.rate >= 0 && r.rate <= 1) {
			errs = append(errs, fmt.Errorf("fault %s: rate %v is not from 0 to 1", r.kind, r.rate))
		}
	}
	return errors.Join(errs...)
}
