package secret_test

import (
	"testing"

	"pipe/specs/secret"
)

// Users with their passwords are taken out of addresses, whoever has written
// them.
func TestRedactLogins(t *testing.T) {
	t.Parallel()
	s := secret.New(func(string) (string, bool) { return "", false })
	for text, want := range map[string]string{
		"opening http://me:p@ss@site.test/a@b:c: refused":    "opening http://***@site.test/a@b:c: refused",
		"proxy socks5://u:p@proxy:1080, postgres://u:p@db/x": "proxy socks5://***@proxy:1080, postgres://***@db/x",
		"https://site.test:8080/a?mail=me:you@x.test":        "https://site.test:8080/a?mail=me:you@x.test",
		"https://site.test/me:you@x":                         "https://site.test/me:you@x",
	} {
		if got := s.Redact(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
