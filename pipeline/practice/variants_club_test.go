package practice

import (
	"fmt"
	"net/url"
	"testing"
)

// The club shows those whose session has ended poorer pages, and counts them; a wrong
// password too many locks the account, which is counted too.
func TestClub(t *testing.T) {
	s := start(t, Options{Vehicles: 3, SessionRequests: 1, SessionPath: "/club/vehicle/*"})
	v := enter(t, s)
	car := s.Vehicles()[1]
	at := "/club/vehicle/" + car.Reference
	v.get(at).wants(t, 200, at, fmt.Sprintf(`<b id="price">%d</b>`, car.Price), `id="user">`+DefaultUser)
	if n := s.Counts().Guests; n != 0 {
		t.Errorf("%d guests", n)
	}
	v.get(at).wants(t, 200, at, `<b id="price">on request</b>`)
	v.get("/club").wants(t, 200, "/club", car.Reference)
	holds(t, "", v.get("/club/report/"+car.Reference).body, car)
	if n := s.Counts().Guests; n != 3 {
		t.Errorf("%d pages for guests, want 3", n)
	}
	v.get("/club/hall").wants(t, 200, "/club/login/silent", "SAMLResponse")
	v.post("/club/login/silent", url.Values{"SAMLResponse": {"signed"}}).wants(t, 200, "/club/hall", car.Reference)
	try := func(password, says string) {
		t.Helper()
		v.post("/club/login", url.Values{"username": {DefaultUser}, "password": {password}}).wants(t, 200, "/club/login", says)
	}
	try("wrong", "The password is wrong.")
	try("wrong", "the account is locked")
	try(DefaultPassword, "the account is locked")
	if n := s.Counts().Locked; n != 1 {
		t.Errorf("%d accounts locked, want 1", n)
	}
}
