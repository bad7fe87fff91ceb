package practice

import (
	"net"
	"net/http"
	"strconv"
	"time"
)

// respondWithFault carries out a fault that needs no PDF, and tells whether it did: the
// request has then had its answer, if any.
func (s *Site) respondWithFault(w http.ResponseWriter, r *http.Request, f fault) bool {
	switch f {
	case serverError, rateLimited, hang, reset:
		s.counter.add(func(c *Counts) { c.Faults[string(f)]++ })
	}
	switch f {
	case serverError:
		show(w, http.StatusInternalServerError, "error.html", "Object reference not set to an instance of an object.")
	case rateLimited:
		seconds := (s.opts.Faults.RetryAfter + time.Second - 1) / time.Second
		w.Header().Set("Retry-After", strconv.Itoa(int(seconds)))
		show(w, http.StatusTooManyRequests, "error.html", "Too many requests. Please wait and try again.")
	case hang:
		wait(r, s.opts.Faults.HangFor)
		show(w, http.StatusGatewayTimeout, "error.html", "The request timed out.")
	case reset:
		resetConnection(w)
	default:
		return false
	}
	return true
}

// resetConnection closes the connection so that the client sees it reset, not
// ended: that is what closing without lingering does.
func resetConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // the next best
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // then it is closed the ordinary way
	}
	_ = conn.Close()
}
