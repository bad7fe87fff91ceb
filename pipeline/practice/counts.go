package practice

import (
	"maps"
	"sync"
)

// Counts are what the site has seen since it started, or since ResetCounts.
// Keys of the maps but Faults are references; other documents than reports have
// theirs behind it, as in "24K0173 sticker".
type Counts struct {
	// Produced counts the reports whose production began: a vehicle's own and
	// whole, whether or not anybody waited for it.
	Produced map[string]int `json:"produced"`
	// Served counts the reports sent whole, to the last byte.
	Served map[string]int `json:"served"`
	// Opened counts the vehicle pages shown.
	Opened map[string]int `json:"opened"`
	// Ordered counts the orders that the order desk has taken.
	Ordered map[string]int `json:"ordered"`

	// TurnedAway has the vehicles for which the pick-up window has shown a page in the
	// document's place.
	TurnedAway map[string]bool `json:"turned_away"`

	Logins  int `json:"logins"`
	Logouts int `json:"logouts"` // by /logout; not sessions that ran out or were ended

	SessionsNow           int `json:"sessions_now"`
	SessionsMax           int `json:"sessions_max"`
	SessionsPerAccountMax int `json:"sessions_per_account_max"`

	RequestsNow int `json:"requests_now"` // all but those for the counts
	RequestsMax int `json:"requests_max"`
	PDFNow      int `json:"pdf_now"` // requests for reports under way, with faults or without
	PDFMax      int `json:"pdf_max"`

	// DownloadNow counts the vehicles whose download is under way: from the
	// opening of the modal until the request for the report was answered,
	// whatever the answer, or the vehicle's page is opened anew.
	DownloadNow int `json:"download_now"`
	DownloadMax int `json:"download_max"`

	// Stored counts the requests to the overseas desk's store, and Leaked those of
	// them that bring what is meant for the desk alone: its key or a cookie.
	Stored int `json:"stored"`
	Leaked int `json:"leaked"`
	// Astray counts the requests for lots that the overseas desk does not have.
	Astray int `json:"astray"`
	// Mixed counts the reports of the test bench that are not of the vehicle which
	// the page shows.
	Mixed int `json:"mixed"`
	// WithoutBrowser counts the pages that were asked for as pages are, by what is no
	// browser.
	WithoutBrowser int `json:"without_browser"`
	// Guests counts what the club showed those whose session had ended, Locked the
	// accounts that it has locked.
	Guests int `json:"guests"`
	Locked int `json:"locked"`

	// Faults counts those that struck, by the names of the fields of Faults:
	// server_error, html_as_pdf and so on.
	Faults map[string]int `json:"faults"`
}

// counter is Counts under a lock. The sessions are counted where they are kept.
type counter struct {
	mu sync.Mutex
	c  Counts
	// downloads are the references that DownloadNow counts.
	downloads map[string]bool
}

func newCounter() *counter {
	t := &counter{downloads: make(map[string]bool)}
	t.reset()
	return t
}

// reset keeps what is under way: the gauges go on, and their peaks start from
// where the gauges stand.
func (t *counter) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	requests, pdfs := t.c.RequestsNow, t.c.PDFNow
	t.c = Counts{
		Produced: make(map[string]int), Served: make(map[string]int),
		Opened: make(map[string]int), Faults: make(map[string]int), Ordered: make(map[string]int), TurnedAway: make(map[string]bool),
		RequestsNow: requests, RequestsMax: requests,
		PDFNow: pdfs, PDFMax: pdfs,
		DownloadNow: len(t.downloads), DownloadMax: len(t.downloads),
	}
}

func (t *counter) snapshot() Counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.c
	c.Produced, c.Served = maps.Clone(c.Produced), maps.Clone(c.Served)
	c.Opened, c.Faults = maps.Clone(c.Opened), maps.Clone(c.Faults)
	c.Ordered, c.TurnedAway = maps.Clone(c.Ordered), maps.Clone(c.TurnedAway)
	return c
}

// add changes the counts under the lock.
func (t *counter) add(change func(c *Counts)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.c)
}

func (t *counter) beginRequest() {
	t.add(func(c *Counts) {
		c.RequestsNow++
		c.RequestsMax = max(c.RequestsMax, c.RequestsNow)
	})
}

func (t *counter) endRequest() { t.add(func(c *Counts) { c.RequestsNow-- }) }

func (t *counter) beginPDF() {
	t.add(func(c *Counts) {
		c.PDFNow++
		c.PDFMax = max(c.PDFMax, c.PDFNow)
	})
}

func (t *counter) endPDF() { t.add(func(c *Counts) { c.PDFNow-- }) }

func (t *counter) beginDownload(reference string) {
	t.add(func(c *Counts) {
		t.downloads[reference] = true
		c.DownloadNow = len(t.downloads)
		c.DownloadMax = max(c.DownloadMax, c.DownloadNow)
	})
}

func (t *counter) endDownload(reference string) {
	t.add(func(c *Counts) {
		delete(t.downloads, reference)
		c.DownloadNow = len(t.downloads)
	})
}
