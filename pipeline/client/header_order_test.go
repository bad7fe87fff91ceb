package client

import (
	"bytes"
	"net"
	"testing"
)

// sink is a connection that keeps what is written.
type sink struct {
	net.Conn
	all bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) { return s.all.Write(p) }

// Requests on one connection get their headers in the browser's order, however they
// are cut, and bodies and what is no request go through as they are.
func TestHeaderOrder(t *testing.T) {
	t.Parallel()
	const post = "POST /a HTTP/1.1\r\nHost: x\r\nUser-Agent: u\r\nContent-Length: 8\r\nAccept: */*\r\nContent-Type: t\r\nX-Own: 1\r\n\r\nA: b\r\n\r\n"
	const get = "GET /b HTTP/1.1\r\nHost: x\r\nUser-Agent: u\r\nCookie: c\r\nConnection: keep-alive\r\nReferer: r\r\n\r\n"
	const ordered = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\nUser-Agent: u\r\nContent-Type: t\r\nX-Own: 1\r\nAccept: */*\r\n\r\nA: b\r\n\r\n" +
		"GET /b HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nUser-Agent: u\r\nReferer: r\r\nCookie: c\r\n\r\n"
	const tunnel, pieces = "CONNECT x:443 HTTP/1.1\r\nUser-Agent: u\r\nHost: x\r\n\r\n\x16\x03", "POST / HTTP/1.1\r\nUser-Agent: u\r\nTransfer-Encoding: chunked\r\nHost: x\r\n\r\n0\r\n\r\n"
	for sent, want := range map[string]string{post + get: ordered, tunnel: tunnel, pieces: pieces, "\x16\x03\x01": "\x16\x03\x01"} {
		for size := 1; size <= len(sent); size++ {
			got := &sink{}
			c := &orderedConn{Conn: got}
			for rest := []byte(sent); len(rest) > 0; {
				n := min(size, len(rest))
				if wrote, err := c.Write(rest[:n]); err != nil || wrote != n {
					t.Fatalf("wrote %d of %d, %v", wrote, n, err)
				}
				rest = rest[n:]
			}
			if got.all.String() != want {
				t.Fatalf("in pieces of %d: got\n%s\nwant\n%s", size, got.all.String(), want)
			}
		}
	}
}
