// Package testproxy serves HTTP proxies for tests, and ends them with the test. Tests
// alone import it, and it imports none of the project's packages.
package testproxy

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Proxy is a proxy of sites, secure or not. It changes nothing of what they answer.
type Proxy struct {
	// User and Password are whom it serves; without a user it serves everyone.
	User, Password string
	// Used is told of each request that it serves; nil for nobody.
	Used func()

	tunnels sync.WaitGroup
}

// Start serves it, and gives its address.
func (p *Proxy) Start(t testing.TB) string {
	t.Helper()
	server := httptest.NewServer(p)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		p.tunnels.Wait()
	})
	return server.URL
}

// ServeHTTP answers a request of who may use the proxy.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	as := &http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}
	if user, password, _ := as.BasicAuth(); p.User != "" && (user != p.User || password != p.Password) {
		w.Header().Set("Proxy-Authenticate", `Basic realm="proxy"`)
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	if p.Used != nil {
		p.Used()
	}
	host := r.Host
	if r.URL.Port() == "" && r.Method != http.MethodConnect {
		host = net.JoinHostPort(r.URL.Hostname(), "80")
	}
	there, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = there.Close() }()
	if r.Method != http.MethodConnect {
		r.Header.Del("Proxy-Authorization")
		r.Close = true
		if err := r.Write(there); err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
	}
	here, sent, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = here.Close() }()
	if r.Method == http.MethodConnect {
		_, _ = io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
	}
	p.tunnels.Go(func() {
		_, _ = io.Copy(there, sent) // what has been read of it already, first
		_ = there.(*net.TCPConn).CloseWrite()
	})
	_, _ = io.Copy(here, there)
}
