package session

import (
	"testing"

	"pipe/specs"
	"pipe/steps"
)

// User and password of base_url are credentials for its origin, and stand in no
// address; those of the spec go before.
func TestUserInBaseURL(t *testing.T) {
	t.Parallel()
	for more, want := range map[string][3]string{
		"": {"me", "p@ss", "https://site.test"},
		"browser: {context: {credentials: {username: you, password: pw}}}\n":                                    {"you", "pw", "https://site.test"},
		"browser: {context: {credentials: {username: you, password: pw, origin: 'https://gate.test:8443/'}}}\n": {"you", "pw", "https://gate.test:8443"},
	} {
		spec, err := specs.Parse("x.yaml", []byte("name: x\nkey: ${{ item.a }}\nsource: {items: [{a: b}]}\nbase_url: https://me:p%40ss@site.test/app\n"+more), specs.Options{Verbs: steps.Verbs()})
		if err != nil {
			t.Fatal(err)
		}
		opts, err := ContextOptions(spec)(0, 0)
		if err != nil {
			t.Fatal(err)
		}
		c := opts.HttpCredentials
		if got := [3]string{c.Username, c.Password, *c.Origin}; got != want || *opts.BaseURL != "https://site.test/app" {
			t.Errorf("%q: credentials %q, relative to %s; want %q", more, got, *opts.BaseURL, want)
		}
	}
}
