package traffic

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// headLimit bounds the wait for the first byte in a tunnel, and for a request's head.
	headLimit = 30 * time.Second
	// tlsHandshake is the first byte of a TLS connection.
	tlsHandshake = 0x16
)

// Proxy is an HTTP proxy on this machine that reads all that goes through it, what is in
// TLS too: it shows a certificate of its own making, so whoever goes through it must take
// any. Each request has its whole address, and the handler alone answers it. (The proxies
// that there are as libraries take the length off what they have read, by which a file is
// known to be whole.)
type Proxy struct {
	handler  http.Handler
	listener net.Listener
	// outer serves requests to the proxy, inner those in tunnels.
	outer, inner *http.Server
	tunnels      *tunnels
	certificate  tls.Certificate
	work         sync.WaitGroup
}

// Start listens on the loopback address until Close.
func Start(ctx context.Context, handler http.Handler) (*Proxy, error) {
	certificate, err := ownCertificate()
	if err != nil {
		return nil, fmt.Errorf("making the proxy's certificate: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the traffic of the test: %w", err)
	}
	p := &Proxy{handler: handler, listener: listener, certificate: certificate}
	p.tunnels = &tunnels{conns: make(chan net.Conn), done: make(chan struct{}), addr: listener.Addr()}
	of := func(net.Listener) context.Context { return context.WithoutCancel(ctx) }
	quiet := log.New(io.Discard, "", 0) // who asks sees what is wrong with a connection
	p.outer = &http.Server{Handler: http.HandlerFunc(p.serve), ReadHeaderTimeout: headLimit, BaseContext: of, ErrorLog: quiet}
	p.inner = &http.Server{
		Handler: http.HandlerFunc(p.serveTunnelled), ReadHeaderTimeout: headLimit, BaseContext: of, ErrorLog: quiet,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, tunnelKey{}, tunnelOf(conn))
		},
	}
	p.work.Go(func() { _ = p.outer.Serve(listener) }) // it ends with an error always
	p.work.Go(func() { _ = p.inner.Serve(p.tunnels) })
	return p, nil
}

// Address is where it listens, as http://127.0.0.1:PORT.
func (p *Proxy) Address() string { return "http://" + p.listener.Addr().String() }

// Close ends all that goes through it.
func (p *Proxy) Close() error {
	_ = p.tunnels.Close() // it has no error
	err := errors.Join(p.outer.Close(), p.inner.Close())
	p.work.Wait()
	return err
}

// serve answers a request to the proxy, or opens a tunnel.
func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	p.work.Add(1)
	defer p.work.Done()
	if r.Method != http.MethodConnect {
		if r.URL.Host == "" {
			http.Error(w, "this is a proxy", http.StatusBadRequest)
			return
		}
		p.handler.ServeHTTP(w, r)
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if err := p.open(conn, buffered.Reader, r.Host); err != nil {
		_ = conn.Close()
	}
}

// open serves what is asked in a tunnel to a host, in TLS or not.
func (p *Proxy) open(conn net.Conn, buffered *bufio.Reader, host string) error {
	if err := conn.SetDeadline(time.Now().Add(headLimit)); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n"); err != nil {
		return err
	}
	first, err := buffered.Peek(1)
	if err != nil {
		return err
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	t := &tunnel{Conn: conn, buffered: buffered, scheme: "http", host: host}
	if first[0] != tlsHandshake {
		return p.tunnels.add(t)
	}
	t.scheme = "https"
	return p.tunnels.add(tls.Server(t, &tls.Config{
		Certificates: []tls.Certificate{p.certificate}, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12,
	}))
}

// serveTunnelled answers a request in a tunnel.
func (p *Proxy) serveTunnelled(w http.ResponseWriter, r *http.Request) {
	p.work.Add(1)
	defer p.work.Done()
	t, _ := r.Context().Value(tunnelKey{}).(*tunnel)
	if t == nil {
		return
	}
	r.URL.Scheme, r.URL.Host = t.scheme, withoutPort(t.scheme, t.host)
	p.handler.ServeHTTP(w, r)
}

// withoutPort leaves out the port that is the scheme's own.
func withoutPort(scheme, host string) string {
	name, port, err := net.SplitHostPort(host)
	if err != nil || port != map[string]string{"http": "80", "https": "443"}[scheme] {
		return host
	}
	if (&net.IPAddr{IP: net.ParseIP(name)}).IP.To4() == nil && net.ParseIP(name) != nil {
		return "[" + name + "]"
	}
	return name
}

type tunnelKey struct{}

// tunnel is a connection of which the first bytes have been read ahead.
type tunnel struct {
	net.Conn
	buffered     *bufio.Reader
	scheme, host string
}

func (t *tunnel) Read(p []byte) (int, error) { return t.buffered.Read(p) }

func tunnelOf(conn net.Conn) *tunnel {
	if secure, is := conn.(*tls.Conn); is {
		conn = secure.NetConn()
	}
	t, _ := conn.(*tunnel)
	return t
}

// tunnels is the listener that accepts what comes in tunnels.
type tunnels struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
	addr  net.Addr
}

func (l *tunnels) add(conn net.Conn) error {
	select {
	case l.conns <- conn:
		return nil
	case <-l.done:
		return net.ErrClosed
	}
}

func (l *tunnels) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *tunnels) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *tunnels) Addr() net.Addr { return l.addr }

// ownCertificate makes one that is nobody's: it is taken by who takes any.
func ownCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "recorded traffic"},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
	}
	cert, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{cert}, PrivateKey: key}, nil
}
