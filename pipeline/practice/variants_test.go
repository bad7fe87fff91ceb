package practice

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// reports say of each variant the way to a vehicle's report: "POST " first where a
// form is sent, ID standing for the vehicle's number, REF for its reference and LOT for that overseas.
var reports = map[string]string{
	"/forms":     "POST /forms/receipt/REF",
	"/app":       "/app/data/reports/REF",
	"/feed":      "/feed/report/REF",
	"/frames":    "/frames/report/REF",
	"/shadow":    "/shadow/report/REF",
	"/api":       "/api/v1/vehicles/REF/report",
	"/documents": "/documents/REF/bookout",
	"/mfa":       "/mfa/report/REF",
	"/post":      "POST /post/statement",
	"/blobs":     "/blobs/data/reports/REF",
	"/list":      "/list/report/REF",
	"/lists":     "/lists/report/REF",
	"/mailroom":  "/mailroom/report/REF",
	"/counter":   "/counter/report/REF",
	"/archive":   "/archive/REF/report",
	"/bench":     "/bench/report/REF",
	"/orders":    "/orders/REF/report",
	"/window":    "/window/report/REF",
	"/club":      "/club/report/REF",
	"/overseas":  "/overseas/report?lot=LOT",
}

// Each variant has a page that says who is signed in, links to it, and a report of
// each vehicle that is the vehicle's own and counts once.
func TestVariants(t *testing.T) {
	for _, variant := range Variants() {
		t.Run(variant.Title, func(t *testing.T) {
			s := start(t, Options{Vehicles: 7})
			stranger := visit(t, s)
			if at := stranger.get(variant.Path).path; !strings.HasSuffix(at, "/login") {
				t.Errorf("a stranger is let in at %s", at)
			}
			v := enter(t, s)
			if variant.Path == "/mfa" {
				v.code(t)
			}
			v.get("/inventory").wants(t, 200, "/inventory", fmt.Sprintf("<a href=%q", variant.Path), variant.Title)
			v.get(variant.Path).wants(t, 200, variant.Path, `id="user">`+DefaultUser, "<title>"+variant.Title)
			for _, car := range s.Vehicles()[:2] {
				way := strings.NewReplacer("REF", car.Reference, "LOT", url.QueryEscape(LotOf(car))).Replace(reports[variant.Path])
				if way == "" {
					t.Fatal("no test says where its reports are")
				}
				form := ""
				if variant.Path == "/blobs" {
					form = "blob"
				}
				holds(t, form, v.variantReport(way, car).body, car)
				if c := s.Counts(); c.Produced[car.Reference] != 1 || c.Served[car.Reference] != 1 {
					t.Errorf("%s was produced %d times, served %d", car.Reference, c.Produced[car.Reference], c.Served[car.Reference])
				}
			}
			missing := strings.ReplaceAll(reports[variant.Path], "REF", "00X0000")
			if a, posted := strings.CutPrefix(missing, "POST "); posted {
				if got := v.post(a, url.Values{"id": {"1"}}).status; got != 404 {
					t.Errorf("a report of no vehicle: %d", got)
				}
			} else {
				v.get(missing).wants(t, 404, missing)
			}
		})
	}
}

// variantReport asks for a report as the variant's page does.
func (v *visitor) variantReport(way string, car Vehicle) answer {
	v.t.Helper()
	path, posted := strings.CutPrefix(way, "POST ")
	if strings.HasPrefix(path, "/bench/") {
		v.post("/bench", url.Values{"stock": {car.Reference}})
	}
	if !posted {
		return v.get(path)
	}
	return v.post(path, url.Values{"id": {fmt.Sprint(car.ID)}, "token": {v.token()}})
}

// token is the one in the forms of a fresh page of statements.
func (v *visitor) token() string {
	v.t.Helper()
	_, rest, _ := strings.Cut(v.get("/post").body, `name="token" value="`)
	token, _, _ := strings.Cut(rest, `"`)
	return token
}

// code takes a visitor who has signed in through the vault's second question.
func (v *visitor) code(t *testing.T) string {
	t.Helper()
	code, err := totp.GenerateCode(DefaultSeed, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	v.post("/mfa/code", url.Values{"code": {code}}).wants(t, 200, "/mfa", `id="vault"`)
	return code
}

func TestForms(t *testing.T) {
	s := start(t, Options{Vehicles: 5})
	v := enter(t, s)
	car := s.Vehicles()[2]
	v.get("/forms/results?stock="+car.Reference).wants(t, 200, "/forms/results?stock="+car.Reference, car.VIN, "/forms/request/"+car.Reference)
	v.get("/forms/results?stock=none").wants(t, 200, "/forms/results?stock=none", `class="empty"`)
	path := "/forms/request/" + car.Reference
	v.get(path).wants(t, 200, path, "I am entitled to this document", car.VIN)
	whole := url.Values{"document": {"bookout"}, "purpose": {"audit"}, "entitled": {"yes"}}
	for field := range whole {
		part := url.Values{}
		for k, values := range whole {
			if k != field {
				part[k] = values
			}
		}
		v.post(path, part).wants(t, 200, path, `class="error"`)
	}
	v.post(path, whole).wants(t, 200, "/forms/receipt/"+car.Reference, car.VIN, "Download document")
	if list := v.post("/forms/list", nil); !strings.HasPrefix(list.body, "Stock Number,VIN") {
		t.Errorf("the list is %.60q", list.body)
	}
}

// The feed brings all vehicles, a few at a time, and says when that was all.
func TestFeed(t *testing.T) {
	s := start(t, Options{Vehicles: 8})
	v := enter(t, s)
	seen := 0
	for from := 0; from < 8; from += feedStep {
		a := v.get(fmt.Sprintf("/feed/cards?from=%d", from))
		for _, car := range s.Vehicles()[from:min(from+feedStep, 8)] {
			if strings.Contains(a.body, fmt.Sprintf("data-stock=%q", car.Reference)) && strings.Contains(a.body, car.VIN) {
				seen++
			}
		}
		if more := a.header.Get("X-More"); more != fmt.Sprint(from+feedStep < 8) {
			t.Errorf("from %d on there is more: %s", from, more)
		}
	}
	if seen != 8 {
		t.Errorf("%d of 8 cards", seen)
	}
	for _, odd := range []string{"99", "-1", "x"} {
		if got := v.get("/feed/cards?from=" + odd).status; got != 200 {
			t.Errorf("from %s: %d", odd, got)
		}
	}
}

func TestAPI(t *testing.T) {
	s := start(t, Options{Vehicles: 7})
	visit(t, s).get("/api/v1/vehicles").wants(t, 401, "/api/v1/vehicles")
	v := enter(t, s)
	var stocks []string
	for from, more := 0, true; more; {
		var page struct {
			Vehicles []struct{ Stock, VIN string }
			Total    int
			Next     *int
		}
		if err := json.Unmarshal([]byte(v.get(fmt.Sprintf("/api/v1/vehicles?from=%d", from)).body), &page); err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Vehicles {
			stocks = append(stocks, one.Stock)
		}
		if more = page.Next != nil; more {
			from = *page.Next
		}
		if page.Total != 7 {
			t.Errorf("%d in all", page.Total)
		}
	}
	var want []string
	for _, car := range s.Vehicles() {
		want = append(want, car.Reference)
	}
	if !slices.Equal(stocks, want) {
		t.Errorf("got %v, want %v", stocks, want)
	}
	path := "/api/v1/vehicles/" + want[0]
	v.get(path).wants(t, 200, path, s.Vehicles()[0].VIN)
	if s.Counts().Opened[want[0]] != 1 {
		t.Error("a vehicle that is asked for counts as opened")
	}
}

// Each document of a jacket is its own and counts by its kind.
func TestDocuments(t *testing.T) {
	s := start(t, Options{Vehicles: 3})
	v := enter(t, s)
	car := s.Vehicles()[1]
	page := v.get("/documents/" + car.Reference)
	for name, count := range map[string]string{
		"bookout": car.Reference, "sticker": car.Reference + " sticker", "equipment": car.Reference + " equipment",
	} {
		path := "/documents/" + car.Reference + "/" + name
		page.wants(t, 200, "/documents/"+car.Reference, path)
		v.get(path).wants(t, 200, path, car.Reference, car.VIN)
		if c := s.Counts(); c.Produced[count] != 1 || c.Served[count] != 1 {
			t.Errorf("%s counts %d as %q", name, c.Produced[count], count)
		}
	}
	a, err := sticker(car)
	b, again := sticker(car)
	if err != nil || again != nil || string(a) != string(b) {
		t.Errorf("a sticker's bytes change: %v, %v", err, again)
	}
}

// The vault wants a code after the password, takes each one once, and lets
// nobody in who has only the password.
func TestVault(t *testing.T) {
	s := start(t, Options{Vehicles: 3})
	v := visit(t, s)
	v.post("/mfa/login", url.Values{"username": {DefaultUser}, "password": {"wrong"}}).wants(t, 200, "/mfa/login", `class="alert"`)
	v.post("/mfa/login", url.Values{"username": {DefaultUser}, "password": {DefaultPassword}}).wants(t, 200, "/mfa/code", "One-time code")
	v.get("/mfa").wants(t, 200, "/mfa/login")
	v.post("/mfa/code", url.Values{"code": {"12345"}}).wants(t, 200, "/mfa/code", "not right")
	code := v.code(t)
	v.get("/mfa").wants(t, 200, "/mfa", s.Vehicles()[0].Reference)

	second := enter(t, s)
	second.get("/mfa").wants(t, 200, "/mfa/login")
	second.post("/mfa/code", url.Values{"code": {code}}).wants(t, 200, "/mfa/code", "has been used")
	v.get("/logout")
	v.get("/mfa").wants(t, 200, "/mfa/login")
}

// A form's token holds once.
func TestToken(t *testing.T) {
	s := start(t, Options{Vehicles: 3})
	v := enter(t, s)
	car := s.Vehicles()[0]
	form := url.Values{"id": {fmt.Sprint(car.ID)}, "token": {v.token()}}
	v.post("/post/statement", form).wants(t, 200, "/post/statement", car.VIN)
	v.post("/post/statement", form).wants(t, 403, "/post/statement", "token")
	v.post("/post/statement", url.Values{"id": {fmt.Sprint(car.ID)}}).wants(t, 403, "/post/statement")
	if n := s.Counts().Produced[car.Reference]; n != 1 {
		t.Errorf("produced %d times", n)
	}
}

// The stock book has all vehicles on its pages, each with a way to the next.
func TestStockBook(t *testing.T) {
	s := start(t, Options{Vehicles: 7})
	v := enter(t, s)
	for page, refs := range [][]Vehicle{s.Vehicles()[:3], s.Vehicles()[3:6], s.Vehicles()[6:]} {
		path := fmt.Sprintf("/list?page=%d", page+1)
		a := v.get(path)
		for _, car := range refs {
			a.wants(t, 200, path, "/list/vehicle/"+car.Reference)
		}
		if next := strings.Contains(a.body, fmt.Sprintf(`rel="next" href="/list?page=%d"`, page+2)); next != (page < 2) {
			t.Errorf("page %d leads on: %v", page+1, next)
		}
	}
	if v.get("/list?page=99").body != v.get("/list?page=3").body {
		t.Error("a page that is not there is the last")
	}
	if v.get("/list?page=-3").body != v.get("/list").body {
		t.Error("a page below 1 is the first")
	}
}
