package capture

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// rawSite keeps each request as it came, the names of its headers in their order.
type rawSite struct {
	URL, Far string
	// answers gives what a request is answered, as it is sent; gate, if set, may answer
	// before, by the whole of its headers.
	answers func(line string) string
	gate    func(head string) string

	mu   sync.Mutex
	said []string
}

func newRawSite(t testing.TB, answers func(line string) string) *rawSite {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	s := &rawSite{URL: fmt.Sprintf("http://127.0.0.1:%d", port), Far: fmt.Sprintf("http://localhost:%d", port), answers: answers}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return s
}

func (s *rawSite) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	in := bufio.NewReader(c)
	var head []string
	size := 0
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if n, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			size, _ = strconv.Atoi(n)
		}
		head = append(head, line)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(in, body); err != nil {
		return
	}
	s.mu.Lock()
	s.said = append(s.said, strings.Join(head, "\n")+"\n"+string(body))
	s.mu.Unlock()
	answer := ""
	if s.gate != nil {
		answer = s.gate(strings.Join(head, "\n"))
	}
	if answer == "" {
		answer = s.answers(head[0])
	}
	_, _ = io.WriteString(c, answer)
}

// take gives the requests since the last time whose address has a word in it.
func (s *rawSite) take(word string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, one := range s.said {
		if line, _, _ := strings.Cut(one, "\n"); strings.Contains(line, word) && !strings.Contains(line, "/favicon.ico") {
			all = append(all, one)
		}
	}
	s.said = nil
	return all
}

// rawAnswer is an answer as it is sent.
func rawAnswer(status int, body string, headers ...string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n%s",
		status, http.StatusText(status), len(body), strings.Join(append(headers, ""), "\r\n"), body)
}
