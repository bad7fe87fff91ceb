package client

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// What the site sets for one who asks is sent by all who share the cookies, and the browser
// is to be told of it, but not of what it has already.
func TestSharedCookies(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Saw", r.Header.Get("Cookie"))
		if v := r.URL.Query().Get("set"); v != "" {
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: v, Path: "/"})
		}
	}))
	defer site.Close()
	shared, err := NewCookies()
	if err != nil {
		t.Fatal(err)
	}
	via, err := NewTransport(ContextOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		set, saw string
		fresh    int
	}{{"", "", 0}, {"1", "", 1}, {"", "sid=1", 1}, {"2", "sid=1", 1}, {"", "sid=2", 1}} {
		answer, err := (&Request{URL: site.URL + "/?set=" + c.set}).DoWith(t.Context(), shared, via)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if got := answer.Header.Get("Saw"); got != c.saw || len(shared.fresh) != c.fresh {
			t.Errorf("setting %q: the site saw %q, want %q; %d are new to the browser, want %d", c.set, got, c.saw, len(shared.fresh), c.fresh)
		}
	}
	shared.told[idOf(shared.fresh[0])], shared.fresh = toldCookie{"2", -1}, nil
	answer, err := (&Request{URL: site.URL + "/?set=2"}).DoWith(t.Context(), shared, via)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if len(shared.fresh) != 0 {
		t.Errorf("the browser is told of what it has: %v", shared.fresh)
	}
	shared.Forget()
	if answer, err = (&Request{URL: site.URL}).DoWith(t.Context(), shared, via); err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if got := answer.Header.Get("Saw"); got != "" {
		t.Errorf("after all is forgotten the site saw %q", got)
	}
}
