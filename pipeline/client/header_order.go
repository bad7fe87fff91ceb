package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
)

// headerOrder is the order in which Chromium writes headers in HTTP/1.1, in small
// letters; net/http has that of the alphabet. Others come before Accept, where the
// browser writes what a page sets.
var headerOrder = []string{
	"host", "connection", "content-length", "pragma", "cache-control", "authorization", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform",
	"upgrade-insecure-requests", "user-agent", "origin", "content-type", "", "accept", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-user",
	"sec-fetch-dest", "referer", "accept-encoding", "accept-language", "cookie",
}

// orderHeaders has a transport write the headers of HTTP/1.1 in the browser's order.
// HTTP/2, and what goes to a site through a proxy's tunnel, stays as net/http has it.
func orderHeaders(t *http.Transport) {
	dial := t.DialContext
	t.DialContext = func(ctx context.Context, network, at string) (net.Conn, error) {
		c, err := dial(ctx, network, at)
		if err != nil {
			return nil, err
		}
		return &orderedConn{Conn: c}, nil
	}
	t.DialTLSContext = func(ctx context.Context, network, at string) (net.Conn, error) {
		c, err := dial(ctx, network, at)
		if err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(ctx, t.TLSHandshakeTimeout)
		defer cancel()
		safe := tls.Client(c, configFor(t.TLSClientConfig, at))
		if err := safe.HandshakeContext(ctx); err != nil {
			_ = c.Close()
			return nil, err
		}
		if safe.ConnectionState().NegotiatedProtocol == "h2" {
			return safe, nil
		}
		return &orderedConn{Conn: safe}, nil
	}
}

// configFor is that of a connection to an address.
func configFor(of *tls.Config, at string) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if of != nil {
		config = of.Clone()
	}
	if host, _, err := net.SplitHostPort(at); err == nil && config.ServerName == "" {
		config.ServerName = host
	}
	if len(config.NextProtos) == 0 {
		config.NextProtos = []string{"h2", "http/1.1"}
	}
	return config
}

// orderedConn is a connection whose requests get their headers in order. What is none
// of HTTP/1.1 in the clear goes through as it is.
type orderedConn struct {
	net.Conn
	// head is what is there of a request's headers, left how much of its body is to
	// come; other is true once it is none.
	head  []byte
	left  int64
	other bool
	// early is true where the next request has its Content-Type before User-Agent.
	early bool
}

func (c *orderedConn) Write(p []byte) (int, error) {
	if c.other {
		return c.Conn.Write(p)
	}
	written := 0
	for written < len(p) {
		rest := p[written:]
		if c.left > 0 {
			n, err := c.Conn.Write(rest[:min(int64(len(rest)), c.left)])
			c.left -= int64(n)
			written += n
			if err != nil {
				return written, err
			}
			continue
		}
		if err := c.add(rest, &written); err != nil {
			return written, err
		}
	}
	return written, nil
}

// add takes in what belongs to a request's headers, and sends them once all are there.
func (c *orderedConn) add(rest []byte, written *int) error {
	before := len(c.head)
	c.head = append(c.head, rest...)
	if !requests(c.head) {
		return c.through(written, len(rest))
	}
	end := bytes.Index(c.head, []byte("\r\n\r\n"))
	if end < 0 {
		*written += len(rest)
		return nil
	}
	end += len("\r\n\r\n")
	size, known := bodySize(c.head[:end])
	if !known {
		return c.through(written, len(rest))
	}
	sent := inOrder(c.head[:end], c.early)
	*written += end - before
	c.head, c.left, c.early = nil, size, false
	_, err := c.Conn.Write(sent)
	return err
}

// through sends all as it is from here on.
func (c *orderedConn) through(written *int, n int) error {
	c.other = true
	*written += n
	_, err := c.Conn.Write(c.head)
	c.head = nil
	return err
}

// requests tells whether bytes begin a request in the clear, that is none to a proxy
// for a tunnel.
func requests(head []byte) bool {
	for _, method := range []string{"GET ", "POST ", "HEAD ", "PUT ", "PATCH ", "DELETE ", "OPTIONS "} {
		n := min(len(head), len(method))
		if string(head[:n]) == method[:n] {
			return true
		}
	}
	return false
}

// bodySize is the announced size of what follows; one that is sent in pieces has none.
func bodySize(head []byte) (int64, bool) {
	for line := range strings.SplitSeq(string(head), "\r\n") {
		name, value, _ := strings.Cut(line, ": ")
		switch textproto.CanonicalMIMEHeaderKey(name) {
		case "Transfer-Encoding", "Upgrade":
			return 0, false
		case "Content-Length":
			n, err := strconv.ParseInt(value, 10, 64)
			return n, err == nil
		}
	}
	return 0, true
}

// inOrder gives headers in the browser's order.
func inOrder(head []byte, early bool) []byte {
	lines := strings.Split(strings.TrimSuffix(string(head), "\r\n\r\n"), "\r\n")
	place := func(line string) int {
		name, _, _ := strings.Cut(line, ":")
		at := slices.Index(headerOrder, strings.ToLower(name))
		switch {
		case early && strings.EqualFold(name, "content-type"):
			return 2*slices.Index(headerOrder, "user-agent") - 1
		case at < 0:
			return 2 * slices.Index(headerOrder, "")
		}
		return 2 * at
	}
	slices.SortStableFunc(lines[1:], func(a, b string) int { return place(a) - place(b) })
	return []byte(strings.Join(lines, "\r\n") + "\r\n\r\n")
}
