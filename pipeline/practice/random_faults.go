package practice

import (
	"encoding/binary"
	"hash/fnv"
	"sync"
)

// fault is a kind of fault by the name that Counts.Faults gives it.
type fault string

const (
	noFault        fault = ""
	serverError    fault = "server_error"
	rateLimited    fault = "rate_limited"
	hang           fault = "hang"
	reset          fault = "reset"
	htmlAsPDF      fault = "html_as_pdf"
	truncatedPDF   fault = "truncated_pdf"
	selfClosingTab fault = "self_closing_tab"
	wrongPDF       fault = "wrong_pdf"
	emptyAnswer    fault = "empty"
	signInPage     fault = "login_page"
	viewerPage     fault = "viewer_page"
	zeroPages      fault = "zero_pages"
	halfThenHang   fault = "half_then_hang"
	cutChunks      fault = "cut_chunks"
	cutGzip        fault = "cut_gzip"
	part           fault = "part"
	noContent      fault = "no_content"
	refused        fault = "refused"
)

type faultRate struct {
	kind    fault
	rate    float64
	pdfOnly bool
}

// rates are in a fixed order, because the order decides which fault a given
// random draw stands for.
func (f Faults) rates() []faultRate {
	return []faultRate{
		{serverError, f.ServerError, false},
		{rateLimited, f.RateLimited, false},
		{hang, f.Hang, false},
		{reset, f.Reset, false},
		{htmlAsPDF, f.HTMLAsPDF, true},
		{truncatedPDF, f.TruncatedPDF, true},
		{selfClosingTab, f.SelfClosingTab, true},
		{wrongPDF, f.WrongPDF, true},
		{emptyAnswer, f.Empty, true},
		{signInPage, f.LoginPage, true},
		{viewerPage, f.ViewerPage, true},
		{zeroPages, f.ZeroPages, true},
		{halfThenHang, f.HalfThenHang, true},
		{cutChunks, f.CutChunks, true},
		{cutGzip, f.CutGzip, true},
		{part, f.Part, true},
		{noContent, f.NoContent, true},
		{refused, f.Refused, true},
	}
}

// route is a path without the part that names a vehicle.
type route string

const (
	loginRoute     route = "login"
	inventoryRoute route = "inventory"
	exportRoute    route = "export"
	rowsRoute      route = "rows"
	vehicleRoute   route = "vehicle"
	reportsRoute   route = "reports"
	pdfRoute       route = "pdf"
	variantRoute   route = "variant"
)

// faulty tells whether faults may strike the route at all.
func (r route) faulty() bool {
	return r == vehicleRoute || r == rowsRoute || r == pdfRoute
}

// draw is what chance decides for one request.
type draw struct {
	fault    fault
	fraction float64 // from 0 to below 1, where the delay lies in its Latency
}

// randomFaults decide each request's fate from the seed, the route, the reference and
// how many times that pair was asked for: never from the clock or the order in
// which different vehicles are asked for, so that concurrent runs of the same
// items meet the same faults.
type randomFaults struct {
	seed  uint64
	rates []faultRate

	mu    sync.Mutex
	faces map[drawKey]memory
}

type drawKey struct {
	route     route
	reference string
}

type memory struct {
	asked  uint64
	struck bool // the last time
}

func newRandomFaults(seed uint64, faults Faults) *randomFaults {
	return &randomFaults{seed: seed, rates: faults.rates(), faces: make(map[drawKey]memory)}
}

func (d *randomFaults) draw(r route, reference string) draw {
	key := drawKey{r, reference}
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.faces[key]
	m.asked++
	t := draw{fault: noFault, fraction: d.fraction("latency", key, m.asked)}
	if r.faulty() && !m.struck {
		t.fault = d.pick(r, d.fraction("fault", key, m.asked))
	}
	m.struck = t.fault != noFault
	d.faces[key] = m
	return t
}

// pick lays the rates end to end from 0 and takes the one that x falls on;
// rates that reach beyond 1 together leave the last of them less.
func (d *randomFaults) pick(r route, x float64) fault {
	for _, f := range d.rates {
		if f.pdfOnly && r != pdfRoute {
			continue
		}
		if x < f.rate {
			return f.kind
		}
		x -= f.rate
	}
	return noFault
}

// fraction is a number from 0 to below 1 that depends on its arguments alone.
func (d *randomFaults) fraction(purpose string, key drawKey, asked uint64) float64 {
	h := fnv.New64a()
	var b [8]byte
	for _, n := range []uint64{d.seed, asked} {
		binary.LittleEndian.PutUint64(b[:], n)
		h.Write(b[:])
	}
	for _, s := range []string{purpose, string(key.route), key.reference} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return float64(mix(h.Sum64())>>11) / (1 << 53)
}

// mix spreads the hash over all bits (the finish of SplitMix64): FNV alone
// gives neighbouring references neighbouring numbers.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
