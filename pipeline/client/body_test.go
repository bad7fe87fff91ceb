package client

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pipe/steps"
)

// Of what a site answers to a request for a file, only all of it is the file.
func TestFileFault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		status  int
		head    map[string]string
		want    string
		refused bool
	}{
		{"the file", 200, nil, "", false},
		{"nothing", 204, nil, "answered 204", true},
		{"nothing, and an empty form", 205, nil, "answered 205", true},
		{"a redirect to nowhere", 302, nil, "answered 302", true},
		{"refused", 403, nil, "answered 403", true},
		{"failed", 503, nil, "answered 503", true},
		{"a part", 206, map[string]string{"Content-Range": "bytes 0-99/200"}, "a part", false},
		{"a part that is told as the whole", 200, map[string]string{"Content-Range": "bytes 100-199/200"}, "a part", false},
		{"a part of unknown size", 206, map[string]string{"Content-Range": "bytes 0-99/*"}, "a part", false},
		{"several parts", 206, map[string]string{"Content-Type": "multipart/byteranges; boundary=x"}, "a part", false},
		{"a part that is all of it", 206, map[string]string{"Content-Range": "bytes 0-199/200"}, "", false},
		{"an encoding of the site's own", 200, map[string]string{"Content-Encoding": "br"}, "encoded as br", false},
		{"no encoding, by name", 200, map[string]string{"Content-Encoding": "identity"}, "", false},
	} {
		answer := &http.Response{StatusCode: c.status, Header: http.Header{}}
		for name, value := range c.head {
			answer.Header.Set(name, value)
		}
		err := FileFault(answer, "https://site.example/file?secret=1")
		var status *steps.StatusError
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret")):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		case c.refused != errors.As(err, &status):
			t.Errorf("%s: a refusal is %v", c.name, c.refused)
		}
	}
}

// An answer that ends with its connection may end anywhere; compressed ones, those
// in chunks and those whose size is told may not.
func TestOpenEnd(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/open":
			conn, out, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			_, _ = out.WriteString("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\na,b\n")
			_ = out.Flush()
		case "/chunks":
			_ = http.NewResponseController(w).Flush()
		}
		_, _ = io.WriteString(w, "a,b\n")
	}))
	defer site.Close()
	for path, want := range map[string]bool{"/open": true, "/chunks": false, "/length": false} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if got := OpenEnd(answer); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
		_ = answer.Body.Close()
	}
}
