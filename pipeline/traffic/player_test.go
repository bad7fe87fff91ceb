package traffic_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pipe/pipeline/traffic"
)

// A request has the answer of the one that was recorded; another time or another random
// value is none of its own, all else is, and what was not recorded is told with the
// difference.
func TestPlayerMatches(t *testing.T) {
	t.Parallel()
	const page = "http://site.test/page"
	now := time.Now()
	for name, c := range map[string]struct {
		recorded []string
		asked    []string
		want     []string
		missing  string
	}{
		"in order, the last again":     {[]string{"GET " + page, "GET " + page}, []string{"GET " + page, "GET " + page, "GET " + page}, []string{"answer 1", "answer 2", "answer 2"}, ""},
		"by its query, in any order":   {[]string{"GET " + page + "?id=1&b=2", "GET " + page + "?id=2&b=2"}, []string{"GET " + page + "?b=2&id=2", "GET " + page + "?b=2&id=1"}, []string{"answer 2", "answer 1"}, ""},
		"a time in milliseconds":       {[]string{"GET " + page + "?_=1746446400000"}, []string{fmt.Sprintf("GET %s?_=%d", page, now.UnixMilli())}, []string{"answer 1"}, ""},
		"a day":                        {[]string{"POST " + page + " day=2025-05-05&id=7"}, []string{"POST " + page + " id=7&day=" + now.Format(time.DateOnly)}, []string{"answer 1"}, ""},
		"a day that is not today":      {[]string{"POST " + page + " day=2024-01-01"}, []string{"POST " + page + " day=" + now.Format(time.DateOnly)}, nil, `recorded with form day "2024-01-01"`},
		"a random value":               {[]string{"GET " + page + "?r=0.123456789"}, []string{"GET " + page + "?r=0.987654321"}, []string{"answer 1"}, ""},
		"a token of the page's own":    {[]string{"GET " + page + "?t=placeholder-token-0007"}, []string{"GET " + page + "?t=6a1ff4e20f514c0b"}, []string{"answer 1"}, ""},
		"a secret that a field cuts":   {[]string{"POST " + page + " pin=placeholder-02"}, []string{"POST " + page + " pin=plac"}, []string{"answer 1"}, ""},
		"a secret that is another":     {[]string{"POST " + page + " pin=placeholder-02"}, []string{"POST " + page + " pin=placeholder-01"}, nil, `recorded with form pin "placeholder-02"`},
		"another item":                 {[]string{"GET " + page + "?id=1"}, []string{"GET " + page + "?id=2"}, nil, `GET http://site.test/page?id=2 (recorded with id "1", not "2")`},
		"one parameter more":           {[]string{"GET " + page + "?id=1"}, []string{"GET " + page + "?id=1&more=1"}, nil, "other parameters: more"},
		"another body":                 {[]string{"POST " + page + " a=1"}, []string{"POST " + page + " a=2"}, nil, `recorded with form a "1", not "2"`},
		"another address":              {[]string{"GET " + page}, []string{"GET http://site.test/other"}, nil, "GET http://site.test/other"},
		"another method":               {[]string{"GET " + page}, []string{"DELETE " + page}, nil, "DELETE http://site.test/page"},
		"another host, none is called": {[]string{"GET " + page}, []string{"GET http://localhost:1/page"}, nil, "GET http://localhost:1/page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			player := traffic.NewPlayer(recorded(t, c.recorded...), nil)
			var got []string
			for _, one := range c.asked {
				method, rest, _ := strings.Cut(one, " ")
				address, body, _ := strings.Cut(rest, " ")
				r := httptest.NewRequest(method, address, strings.NewReader(body))
				if body != "" {
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				}
				w := httptest.NewRecorder()
				player.ServeHTTP(w, r)
				if w.Code == http.StatusOK {
					got = append(got, w.Body.String())
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("answered %v, want %v", got, c.want)
			}
			missing := fmt.Sprint(player.Missing())
			if c.missing == "" && missing != "[]" || !strings.Contains(missing, c.missing) {
				t.Errorf("missing %s, want %q", missing, c.missing)
			}
		})
	}
}

// A request is under way until its answer is whole.
func TestPlayerCounts(t *testing.T) {
	t.Parallel()
	player := traffic.NewPlayer(recorded(t, "POST http://site.test/list a=1"), nil)
	body, asking := io.Pipe()
	r := httptest.NewRequest(http.MethodPost, "http://site.test/list", body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var done sync.WaitGroup
	done.Go(func() { player.ServeHTTP(httptest.NewRecorder(), r) })
	if _, err := io.WriteString(asking, "a=1"); err != nil { // it has been read
		t.Fatal(err)
	}
	if asked, underWay := player.Requests(); asked != 1 || !underWay {
		t.Errorf("%d requests, under way: %v", asked, underWay)
	}
	_ = asking.Close()
	done.Wait()
	if asked, underWay := player.Requests(); asked != 1 || underWay || len(player.Missing()) > 0 {
		t.Errorf("%d requests, under way: %v, missing: %v", asked, underWay, player.Missing())
	}
}

// A value that the site has given is no random one of the page's: it tells items apart.
func TestPlayerKnowsWhatTheSiteSaid(t *testing.T) {
	t.Parallel()
	const id = "6a1ff4e2-0f51-4c0b-9f43-1f0d1f6b8a10"
	a := recorded(t, "GET http://site.test/list", "GET http://site.test/item?id="+id)
	a.Exchanges()[0].Body = []byte("item " + id)
	player := traffic.NewPlayer(a, nil)
	w := httptest.NewRecorder()
	player.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://site.test/item?id=00000000-0f51-4c0b-9f43-1f0d1f6b8a10", nil))
	if w.Code != http.StatusBadRequest || len(player.Missing()) != 1 {
		t.Errorf("answered %d %s, missing %v", w.Code, w.Body, player.Missing())
	}
}
