package traffic

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Exchange is a request, and what it was answered.
type Exchange struct {
	Started time.Time
	Method  string
	URL     *url.URL
	// RequestHeader and RequestBody are what was asked.
	RequestHeader http.Header
	RequestBody   []byte
	// Status, Header and Body are the answer, its body as it is without a
	// Content-Encoding. Status 0 is none: the site closed the connection.
	Status int
	Header http.Header
	Body   []byte
	// Length is true where the site said how long the body is.
	Length bool
	// Cut is true where the connection broke before the answer's end; the header has the
	// length then that the site has said, and else none.
	Cut bool
}

// Archive is the traffic of one run, in the order in which it was asked. It is safe for
// concurrent use.
type Archive struct {
	mu        sync.Mutex
	exchanges []*Exchange
}

// Exchanges are all that are in it.
func (a *Archive) Exchanges() []*Exchange {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]*Exchange(nil), a.exchanges...)
}

// Add puts one at the end.
func (a *Archive) Add(e *Exchange) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.exchanges = append(a.exchanges, e)
}

// Drop takes one out again.
func (a *Archive) Drop(e *Exchange) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.exchanges = slices.DeleteFunc(a.exchanges, func(other *Exchange) bool { return other == e })
}
