package traffic_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"pipe/pipeline/traffic"
)

// Secrets, personal values and tokens are out of everything, by one placeholder each.
func TestScrub(t *testing.T) {
	t.Parallel()
	const password, buyer = `p/s "w&rd'+`, "Jörg Ansorge 42"
	a := recorded(t, "POST http://site.test/login?user="+url.QueryEscape("me@mail.test")+" p="+url.QueryEscape(password), "GET http://site.test/of/"+url.PathEscape(buyer))
	all := a.Exchanges()
	all[0].RequestHeader.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("me@mail.test:"+password)))
	all[0].RequestHeader.Set("Cookie", "session=0123456789abcdef")
	all[0].Header.Set("Set-Cookie", "session=0123456789abcdef; Path=/")
	all[0].Body = []byte(`{"csrfToken":"abcdefgh12","session":"0123456789abcdef","buyer":"J\u00f6rg Ansorge 42","echo":"abcdefgh12"}`)
	all[1].Body = zipped(t, map[string]string{"sheet.xml": "<c>" + buyer + "</c>"})
	scrubber := traffic.NewScrubber(map[string]string{"PASSWORD": password, "USER": "me@mail.test"}, nil)
	scrubber.Personal("item.buyer", buyer, "", "ab")
	out, err := scrubber.Scrub(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if scrubber.TooShort != 1 {
		t.Errorf("%d values are too short, want 1", scrubber.TooShort)
	}
	if leaks := scrubber.Leaks(t.Context(), a); len(leaks) < 4 {
		t.Errorf("of what was recorded only %v are found", leaks)
	}
	if leaks := scrubber.Leaks(t.Context(), out); len(leaks) > 0 {
		t.Errorf("left: %v", leaks)
	}
	if leaks := scrubber.Leaks(t.Context(), out, "x "+base64.StdEncoding.EncodeToString([]byte("of "+buyer))); !slices.Equal(leaks, []string{"a value of item.buyer"}) {
		t.Errorf("found %v in what is beside it", leaks)
	}
	body := string(out.Exchanges()[0].Body)
	if _, echo, _ := strings.Cut(body, `"echo":"`); strings.Count(body, strings.TrimSuffix(echo, `"}`)) != 2 {
		t.Errorf("the token is not the same in both places: %s", body)
	}
	path, err := url.PathUnescape(strings.TrimPrefix(out.Exchanges()[1].URL.EscapedPath(), "/of/"))
	if err != nil || len(path) != len(buyer) || path == buyer {
		t.Errorf("the buyer has become %q, %v", path, err)
	}
	if members := unzipped(t, out.Exchanges()[1].Body); members["sheet.xml"] != "<c>"+path+"</c>" {
		t.Errorf("the sheet has %q", members["sheet.xml"])
	}
	if user := scrubber.Placeholders()["USER"]; !strings.Contains(user, "@") || out.Exchanges()[0].URL.Query().Get("user") != user {
		t.Errorf("the user is %q, asked is %s", user, out.Exchanges()[0].URL)
	}
}

// What stands for a secret, a cookie or a token is the same for one that is longer, and
// nothing beside it tells how long that was.
func TestScrubTellsNoLength(t *testing.T) {
	t.Parallel()
	har := func(length int) string {
		secrets := map[string]string{}
		body := "to=" + fmt.Sprint(length > 0)
		for name, value := range map[string]string{
			"PASSWORD": strings.Repeat("9", length), "USER": strings.Repeat("u", length) + "@mail.test", "SEED": strings.Repeat("JBSWY3DP", length),
			"KEY": "otpauth://totp/site?secret=" + strings.Repeat("KRSXG5BA", length),
		} {
			secrets[name] = value
		}
		for _, name := range []string{"KEY", "PASSWORD", "SEED", "USER"} {
			body += "&" + name + "=" + url.QueryEscape(secrets[name])
		}
		a := recorded(t, "POST http://site.test/login "+body)
		e := a.Exchanges()[0]
		e.RequestHeader.Set("Content-Length", strconv.Itoa(len(body)))
		e.RequestHeader.Set("X-Csrf-Token", strings.Repeat("x", length))
		e.Header.Set("Set-Cookie", "sid="+strings.Repeat("s", length)+"; HttpOnly")
		e.Header.Set("Content-Length", strconv.Itoa(length+1000))
		e.Body, e.Cut = []byte("hello "+secrets["PASSWORD"]), true
		e.Header.Set("X-Said", base64.StdEncoding.EncodeToString([]byte(secrets["USER"]+":"+secrets["PASSWORD"])))
		out, err := traffic.NewScrubber(secrets, nil).Scrub(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := out.Write(&text); err != nil {
			t.Fatal(err)
		}
		return text.String()
	}
	short := har(9)
	for _, length := range []int{10, 11, 40} {
		if long := har(length); long != short {
			t.Errorf("of %d characters:\n%s\nof 9:\n%s", length, long, short)
		}
	}
	said := base64.StdEncoding.EncodeToString([]byte("placeholder-04@example.com:placeholder-02"))
	for _, want := range []string{said, "sid=placeholder-token-0001; HttpOnly", "PASSWORD=placeholder-02&", strconv.Itoa(len("hello placeholder-02") - len("hello ") + 1000)} {
		if !strings.Contains(short, want) {
			t.Errorf("there is no %q in:\n%s", want, short)
		}
	}
}

// A PDF with a personal text becomes a small one with the other text, one without stays.
func TestScrubPDF(t *testing.T) {
	t.Parallel()
	a := recorded(t, "GET http://site.test/1", "GET http://site.test/2")
	all := a.Exchanges()
	all[0].Body, all[1].Body = []byte("%PDF-1.4 Anna Beispiel"), []byte("%PDF-1.4 nobody")
	scrubber := traffic.NewScrubber(nil, nil)
	scrubber.Personal("item.buyer", "Anna Beispiel")
	scrubber.ReadPDF = func(_ context.Context, pdf []byte) (string, int, error) {
		return strings.TrimPrefix(string(pdf), "%PDF-1.4 "), 2, nil
	}
	out, err := scrubber.Scrub(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if string(out.Exchanges()[1].Body) != "%PDF-1.4 nobody" {
		t.Error("a PDF with nothing of it is another")
	}
	pdf := string(out.Exchanges()[0].Body)
	other := scrubber.Text("Anna Beispiel")
	if !strings.HasPrefix(pdf, "%PDF-") || strings.Contains(pdf, "Anna") || !strings.Contains(pdf, other) || !strings.Contains(pdf, "/Count 2") {
		t.Errorf("the PDF with %q is %q", other, pdf)
	}
}

// One-time codes are the same as those of the placeholder.
func TestCodes(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{"OTP": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}
	at := time.Date(2025, 5, 5, 12, 0, 0, 0, time.UTC)
	code, err := totp.GenerateCode(secrets["OTP"], at)
	if err != nil {
		t.Fatal(err)
	}
	a := recorded(t, "POST http://site.test/otp code="+code)
	scrubber := traffic.NewScrubber(secrets, traffic.Codes(secrets, at, at))
	out, err := scrubber.Scrub(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if body := string(out.Exchanges()[0].RequestBody); body != "code=000000" {
		t.Errorf("recorded %q", body)
	}
	later := at.AddDate(1, 0, 0)
	other, err := totp.GenerateCode(scrubber.Placeholders()["OTP"], later)
	if err != nil {
		t.Fatalf("the placeholder %q makes no codes: %v", scrubber.Placeholders()["OTP"], err)
	}
	if same := traffic.SameCodes(traffic.Codes(scrubber.Placeholders(), later, later))(other); same != "000000" {
		t.Errorf("the code of the placeholder is taken for %q", same)
	}
}

func zipped(t *testing.T, members map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range members {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unzipped(t *testing.T, archive []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if _, err := text.ReadFrom(rc); err != nil {
			t.Fatal(err)
		}
		_ = rc.Close()
		out[f.Name] = text.String()
	}
	return out
}
