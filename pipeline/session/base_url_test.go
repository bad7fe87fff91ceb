package session

import (
	"strings"
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
		if c == nil || c.Origin == nil {
			t.Fatalf("%q: credentials for %+v", more, c)
		}
		if got := [3]string{c.Username, c.Password, *c.Origin}; got != want || *opts.BaseURL != "https://site.test/app" {
			t.Errorf("%q: credentials %q, relative to %s; want %q", more, got, *opts.BaseURL, want)
		}
	}
}

// Where no origin is known, nobody is told the credentials, as any would be: the
// context is not opened.
func TestCredentialsWithoutOrigin(t *testing.T) {
	t.Parallel()
	const own = "browser: {context: {credentials: {username: you, password: hidden, origin: '${{ env.GATE }}'}}}\n"
	for _, c := range []struct{ base, gate, more, says string }{
		{base: "", says: "base_url: it is empty"},
		{base: "", more: "browser: {context: {credentials: {username: you, password: hidden}}}\n", says: "base_url: it is empty"},
		{base: "file:///srv/site", says: "base_url: it is no address of a web site"},
		{base: "data:text/html,x", says: "base_url: it is no address of a web site"},
		{base: "me:hidden@site.test", says: "base_url: it is no address"},
		{base: "https:///app", says: "base_url: it has no host"},
		{base: "https://me:hidden@:443/app", says: "base_url: it has no host"},
		{base: "https://site.test", gate: "you:hidden@gate.test", more: own, says: "is no origin"},
		{base: "https://site.test", gate: "", more: own, says: "is no origin"},
	} {
		env := func(name string) (string, bool) { return map[string]string{"SITE": c.base, "GATE": c.gate}[name], true }
		spec, err := specs.Parse("x.yaml", []byte("name: x\nkey: ${{ item.a }}\nsource: {items: [{a: b}]}\nbase_url: ${{ env.SITE }}\n"+c.more),
			specs.Options{Verbs: steps.Verbs(), Env: env})
		if err != nil {
			t.Fatal(err)
		}
		opts, err := ContextOptions(spec)(0, 0)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%q, %q: %v, want %q", c.base, c.gate, err, c.says)
		}
		if opts.HttpCredentials != nil {
			t.Errorf("%q, %q: credentials for %v", c.base, c.gate, opts.HttpCredentials.Origin)
		}
	}
}
