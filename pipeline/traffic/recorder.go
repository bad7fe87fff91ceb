package traffic

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"
	"sync"
	"time"
)

// bodyMost is how big a body is at most that is recorded.
const bodyMost = 64 << 20

// Recorder passes requests on to the site, and keeps them with their answers.
type Recorder struct {
	// Site asks the site; it follows no redirects.
	Site http.RoundTripper
	// Archive is where they are kept.
	Archive *Archive

	mu sync.Mutex
	// left are the requests that could not be recorded, each with why.
	left []string
}

// Left says what could not be recorded.
func (r *Recorder) Left() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.left
}

func (r *Recorder) leave(req *http.Request, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = append(r.left, fmt.Sprintf("%s %s: %s", req.Method, req.URL.Redacted(), why))
}

// notPassedOn are headers of one connection alone, and those by which an answer would
// depend on what came before: a recording has whole answers.
var notPassedOn = []string{
	"Proxy-Connection", "Proxy-Authorization", "Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding",
	"Accept-Encoding", "If-None-Match", "If-Modified-Since",
}

// ServeHTTP asks the site. The answer goes on as it comes.
func (r *Recorder) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	if in.Header.Get("Upgrade") != "" {
		r.upgrade(w, in)
		return
	}
	asked, err := io.ReadAll(http.MaxBytesReader(w, in.Body, bodyMost))
	if err != nil {
		r.leave(in, "its body is too big, or does not end")
		http.Error(w, "the request is too big to be recorded", http.StatusRequestEntityTooLarge)
		return
	}
	e := &Exchange{Started: time.Now(), Method: in.Method, URL: in.URL, RequestHeader: in.Header.Clone(), RequestBody: asked}
	r.Archive.Add(e) // in the order of asking
	out := in.Clone(in.Context())
	out.RequestURI, out.Body, out.ContentLength = "", io.NopCloser(bytes.NewReader(asked)), int64(len(asked))
	if len(asked) == 0 {
		out.Body = nil
	}
	for _, name := range notPassedOn {
		out.Header.Del(name)
	}
	answer, err := r.Site.RoundTrip(out)
	if err != nil {
		// As the site: nothing comes. The exchange has no status.
		if in.Context().Err() != nil {
			r.Archive.Drop(e)
		}
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = answer.Body.Close() }()
	if r.pass(w, answer, e); !e.Cut {
		return
	}
	if in.Context().Err() != nil {
		if e.Cut = false; !strings.HasPrefix(e.Header.Get("Content-Type"), "text/event-stream") {
			r.Archive.Drop(e) // who asked did not want it
		}
	}
	panic(http.ErrAbortHandler)
}

// pass hands an answer on, and keeps it.
func (r *Recorder) pass(w http.ResponseWriter, answer *http.Response, e *Exchange) {
	header := answer.Header.Clone()
	for _, name := range notPassedOn {
		header.Del(name)
	}
	e.Status, e.Length = answer.StatusCode, answer.ContentLength >= 0
	e.Header = header.Clone()
	e.Header.Del("Content-Length")
	for name, values := range header {
		w.Header()[name] = values
	}
	if e.Length {
		w.Header().Set("Content-Length", strconv.FormatInt(answer.ContentLength, 10))
	}
	w.WriteHeader(answer.StatusCode)
	var kept bytes.Buffer
	// Whoever asked may have gone: what the site has to say is kept all the same.
	_, err := io.Copy(io.MultiWriter(&kept, &flushed{to: w}), io.LimitReader(answer.Body, bodyMost))
	e.Body, e.Cut = kept.Bytes(), err != nil || kept.Len() == bodyMost
	if e.Cut && e.Length {
		e.Header.Set("Content-Length", strconv.FormatInt(answer.ContentLength, 10))
	}
}

// flushed passes on what it is given at once, and drops it once nobody reads.
type flushed struct {
	to   http.ResponseWriter
	gone bool
}

func (f *flushed) Write(p []byte) (int, error) {
	if f.gone {
		return len(p), nil
	}
	if _, err := f.to.Write(p); err != nil {
		f.gone = true
		return len(p), nil //nolint:nilerr // who asked has gone, the recording goes on
	}
	if err := http.NewResponseController(f.to).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		f.gone = true
	}
	return len(p), nil
}

// upgrade passes a web socket through, which cannot be recorded.
func (r *Recorder) upgrade(w http.ResponseWriter, in *http.Request) {
	r.leave(in, strings.ToLower(in.Header.Get("Upgrade"))+" is not recorded, and refused in the test")
	r.Archive.Add(&Exchange{Started: time.Now(), Method: in.Method, URL: in.URL, RequestHeader: in.Header.Clone(), Status: http.StatusNotImplemented, Header: http.Header{}})
	proxy := httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}, Transport: r.Site}
	proxy.ServeHTTP(w, in)
}
