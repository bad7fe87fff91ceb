package web_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/web"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// listen serves a spec of which nothing is kept.
func listen(t *testing.T) (*web.Server, *web.Live) {
	t.Helper()
	live := web.NewLive()
	s, err := web.Listen(t.Context(), web.Options{Addr: "127.0.0.1:0", Token: "a token for the test", Specs: []*web.Spec{{ID: "a", Name: "a", Live: live}}})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close(t.Context())) })
	return s, live
}

// listener asks for events, and gives what comes of it.
func listener(t *testing.T, s *web.Server) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Addr().String())
	check(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "GET /api/events?spec=a HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer a token for the test\r\n\r\n", s.Addr())
	check(t, err)
	return conn
}

// A run waits for nobody who looks at it: who reads nothing misses states, and who reads
// has the newest one in the end. The server ends though both are still there.
func TestSlowListener(t *testing.T) {
	t.Parallel()
	s, live := listen(t)
	listener(t, s) // and never reads
	reading := listener(t, s)
	answer, err := http.ReadResponse(bufio.NewReader(reading), nil)
	check(t, err)
	live.Begin(nil, false, time.Now())
	live.Observe(pipeline.Event{Kind: pipeline.RunStarted, Time: time.Now(), Run: 1, Workers: []string{"c1p1"}, Pages: 1})
	const most = 20_000
	began := time.Now()
	for n := range most {
		live.Observe(pipeline.Event{
			Kind: pipeline.AttemptFailed, Time: time.Now(), Worker: "c1p1", Key: fmt.Sprint(n + 1), Reason: strings.Repeat("long ", 2000), Totals: &pipeline.Totals{In: most},
		})
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("%d events took %v", most, took)
	}
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	check(t, reading.SetReadDeadline(time.Now().Add(time.Minute)))
	for lines.Scan() {
		text, is := strings.CutPrefix(lines.Text(), "data: ")
		if !is {
			continue
		}
		var states map[string]struct {
			Version int
			Failure *struct{ Key string }
		}
		check(t, json.Unmarshal([]byte(text), &states))
		if f := states["a"].Failure; f != nil && f.Key == fmt.Sprint(most) {
			return
		}
	}
	t.Fatalf("the last state does not come: %v", lines.Err())
}
