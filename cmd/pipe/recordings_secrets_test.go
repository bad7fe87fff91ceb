package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"pipe/pipeline/practice"
	"pipe/pipeline/traffic"
)

var (
	cookie = regexp.MustCompile(`(?i)"name": "cookie"`)
	// issued is a session, or a token, as the practice site makes it.
	issued     = regexp.MustCompile(`\b[A-Z2-7]{26}\b`)
	tokenField = regexp.MustCompile(`<input type="hidden" name="token" value="([^"]*)"`)
	stands     = regexp.MustCompile(`^placeholder-token-[0-9]{4,}$`)
)

// sessionsIn are what the practice site has given out that is in a recording as it was:
// cookies, tokens of forms, and whatever else looks so.
func sessionsIn(a *traffic.Archive) (found []string, replaced int) {
	for _, e := range a.Exchanges() {
		var values []string
		for _, c := range (&http.Response{Header: e.Header}).Cookies() {
			if c.MaxAge >= 0 {
				values = append(values, c.Value)
			}
		}
		for _, c := range (&http.Request{Header: e.RequestHeader}).Cookies() {
			values = append(values, c.Value)
		}
		for _, token := range tokenField.FindAllSubmatch(e.Body, -1) {
			values = append(values, string(token[1]))
		}
		if form, err := url.ParseQuery(string(e.RequestBody)); err == nil {
			values = append(values, form["token"]...)
		}
		for _, value := range values {
			if stands.MatchString(value) {
				replaced++
			} else {
				found = append(found, e.Method+" "+e.URL.Path+" "+value)
			}
		}
		header, _ := json.Marshal([]http.Header{e.RequestHeader, e.Header})
		for _, text := range [][]byte{header, []byte(e.URL.String()), e.RequestBody, e.Body} {
			for _, one := range issued.FindAll(text, -1) {
				found = append(found, e.Method+" "+e.URL.Path+" holds "+string(one))
			}
		}
	}
	return found, replaced
}

// What sessionsIn finds is all that the practice site gives out, and what a recording has
// instead is not among it.
func TestSessionsInRecording(t *testing.T) {
	t.Parallel()
	site, err := practice.Start(t.Context(), practice.Options{Vehicles: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = site.Close() })
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	archive := &traffic.Archive{}
	proxy, err := traffic.Start(t.Context(), &traffic.Recorder{Site: transport, Archive: archive})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = proxy.Close() })
	through, err := url.Parse(proxy.Address())
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	visitor := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(through), DisableKeepAlives: true}, Jar: jar}
	token := ""
	do := func(resp *http.Response, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if _ = resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if found := tokenField.FindSubmatch(body); found != nil {
			token = string(found[1])
		}
	}
	v := site.Vehicles()[0]
	do(visitor.PostForm(site.URL()+"/login", url.Values{"username": {practice.DefaultUser}, "password": {practice.DefaultPassword}}))
	do(visitor.Get(site.URL() + "/post?stock=" + v.Reference))
	do(visitor.PostForm(site.URL()+"/post/statement", url.Values{"id": {strconv.Itoa(v.ID)}, "token": {token}}))
	address, err := url.Parse(site.URL())
	if err != nil || len(jar.Cookies(address)) != 1 {
		t.Fatalf("the cookies are %v, %v", jar.Cookies(address), err)
	}
	session := jar.Cookies(address)[0].Value
	found, replaced := sessionsIn(archive)
	for _, value := range []string{"POST /login " + session, "GET /post " + session, "GET /post " + token, "POST /post/statement " + token, "POST /post/statement holds " + token} {
		if !slices.Contains(found, value) {
			t.Errorf("%q is not found in what was recorded, but %q", value, found)
		}
	}
	if replaced > 0 {
		t.Errorf("%d values are replaced already", replaced)
	}
	scrubbed, err := traffic.NewScrubber(nil, nil).Scrub(t.Context(), archive)
	if err != nil {
		t.Fatal(err)
	}
	if found, replaced := sessionsIn(scrubbed); len(found) > 0 || replaced < 3 {
		t.Errorf("%d values are replaced, left are %q", replaced, found)
	}
}

// The recordings hold nothing of what the practice site keeps secret.
func TestRecordingsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	scrubber := traffic.NewScrubber(map[string]string{
		"DEALER_USERNAME": practice.DefaultUser, "DEALER_PASSWORD": practice.DefaultPassword, "DEALER_OTP": practice.DefaultSeed,
	}, nil)
	for name, folder := range recordings(t) {
		archive, want, err := traffic.Load(folder)
		if err != nil {
			t.Error(err)
			continue
		}
		text, err := want.Text()
		if err != nil {
			t.Fatal(err)
		}
		if leaks := scrubber.Leaks(t.Context(), archive, string(text)); len(leaks) > 0 {
			t.Errorf("%s: the recording holds %v", name, leaks)
		}
		if found, replaced := sessionsIn(archive); len(found) > 0 || replaced == 0 {
			t.Errorf("%s: %d cookies and tokens are replaced, left are %q", name, replaced, found)
		}
		har, err := os.ReadFile(filepath.Join(folder, traffic.ArchiveFile))
		if err != nil {
			t.Fatal(err)
		}
		if cookie.Match(har) {
			t.Errorf("%s: the recording has the cookies of requests", name)
		}
		if len(har) > 1<<20 {
			t.Errorf("%s: the recording has %d KB", name, len(har)>>10)
		}
	}
}
