package client

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/sourcegraph/conc"

	"pipe/steps"
)

// proxyRelay stands between a browser and its proxy, where either that or a site wants
// a login, and adds the proxy's. Playwright knows one login for both: it would tell the
// proxy's to every site that asks, and the site's to the proxy.
type proxyRelay struct {
	upstream *url.URL
	listener net.Listener
	// failed is told that the proxy does not serve.
	failed func()

	ctx  context.Context
	stop context.CancelFunc
	work conc.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool // nil once it is closed
}

// relayLimit bounds the way to the proxy, and the wait for the head of a request.
const relayLimit = 30 * time.Second

// The wait after a connection that could not be taken, as net/http's server waits.
const (
	minAcceptWait = 5 * time.Millisecond
	maxAcceptWait = time.Second
)

// maxRequestHead bounds the head of a request, in bytes.
const maxRequestHead = 1 << 20

// newProxyRelay listens on this machine's own address, until close.
func newProxyRelay(ctx context.Context, upstream *url.URL, failed func()) (*proxyRelay, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the browser's way to its proxy: %w", err)
	}
	r := &proxyRelay{upstream: upstream, listener: listener, failed: failed, conns: map[net.Conn]bool{}}
	r.ctx, r.stop = context.WithCancel(context.WithoutCancel(ctx))
	r.work.Go(r.accept)
	return r, nil
}

// accept takes the browser's connections. Where the machine has none to give, such as
// no file for one, the next is waited for longer each time.
func (r *proxyRelay) accept() {
	wait := minAcceptWait
	for {
		conn, err := r.listener.Accept()
		switch {
		case err == nil:
			wait = minAcceptWait
			r.work.Go(func() { r.serve(conn) })
		case errors.Is(err, net.ErrClosed) || steps.Pause(r.ctx, wait) != nil:
			return
		default:
			wait = min(2*wait, maxAcceptWait)
		}
	}
}

func (r *proxyRelay) address() string { return "http://" + r.listener.Addr().String() }

// close ends all that goes through the relay.
func (r *proxyRelay) close() {
	r.stop()
	_ = r.listener.Close()
	r.mu.Lock()
	for conn := range r.conns {
		_ = conn.Close()
	}
	r.conns = nil
	r.mu.Unlock()
	r.work.Wait()
}

// keep has a connection closed with the relay, false when that is closed already.
func (r *proxyRelay) keep(conn net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.conns == nil {
		_ = conn.Close()
		return false
	}
	r.conns[conn] = true
	return true
}

func (r *proxyRelay) drop(conn net.Conn) {
	r.mu.Lock()
	delete(r.conns, conn)
	r.mu.Unlock()
	_ = conn.Close()
}

// serve relays one connection of the browser's. What comes back goes on byte by
// byte, its end too.
func (r *proxyRelay) serve(conn net.Conn) {
	if !r.keep(conn) {
		return
	}
	defer r.drop(conn)
	proxy, err := r.dial()
	if err != nil {
		if r.ctx.Err() == nil {
			r.failed()
		}
		return
	}
	if !r.keep(proxy) {
		return
	}
	var back conc.WaitGroup
	back.Go(func() {
		defer r.drop(conn)
		answers := bufio.NewReader(proxy)
		if head, err := answers.Peek(len("HTTP/1.1 407")); err == nil && bytes.HasSuffix(head, []byte(" 407")) {
			r.failed() // nor is the browser asked for a login
			return
		}
		_, _ = io.Copy(conn, answers)
	})
	_ = r.forward(proxy, bufio.NewReader(conn)) // who asks sees that the connection ends
	if c, ok := proxy.(interface{ CloseWrite() error }); ok {
		_ = c.CloseWrite()
	}
	back.Wait()
	r.drop(proxy)
}

func (r *proxyRelay) dial() (net.Conn, error) {
	host := r.upstream.Host
	if r.upstream.Port() == "" {
		host = net.JoinHostPort(r.upstream.Hostname(), map[string]string{"http": "80", "https": "443"}[r.upstream.Scheme])
	}
	dialer := &net.Dialer{Timeout: relayLimit}
	if r.upstream.Scheme == "https" {
		return (&tls.Dialer{NetDialer: dialer}).DialContext(r.ctx, "tcp", host)
	}
	return dialer.DialContext(r.ctx, "tcp", host)
}

// forward sends requests on, each with the proxy's user and password. After one that
// opens a tunnel, what follows is not for the proxy.
func (r *proxyRelay) forward(to io.Writer, from *bufio.Reader) error {
	login := ""
	if user := r.upstream.User; user != nil {
		password, _ := user.Password()
		login = proxyLogin + " Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)) + "\r\n"
	}
	for {
		head, err := readHead(from)
		if err != nil {
			return err
		}
		req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(head)))
		if err != nil {
			return err
		}
		if _, err := io.WriteString(to, string(bytes.TrimSuffix(head, []byte("\r\n")))+login+"\r\n"); err != nil {
			return err
		}
		if req.Method == http.MethodConnect || len(req.TransferEncoding) > 0 || req.Header.Get("Upgrade") != "" {
			_, err = io.Copy(to, from)
			return err
		}
		if _, err := io.CopyN(to, from, req.ContentLength); err != nil {
			return err
		}
	}
}

const proxyLogin = "Proxy-Authorization:"

// readHead reads the head of a request, with the empty line at its end, and without
// what the browser has to say to the proxy.
func readHead(from *bufio.Reader) ([]byte, error) {
	var head, line []byte
	for len(head)+len(line) < maxRequestHead {
		part, err := from.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return nil, err
		case len(line) < len(proxyLogin) || !strings.EqualFold(string(line[:len(proxyLogin)]), proxyLogin):
			head = append(head, line...)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			return head, nil
		}
		line = line[:0]
	}
	return nil, errors.New("the head of the request is too long")
}
