package secret_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/specs/secret"
)

func TestSecretsFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secrets")
	text := "# a comment\n\nUSER=me\nexport PASS = \"p@ss word\"\nQUOTE='it''s'\nEMPTY=\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := secret.New(func(name string) (string, bool) { return "from the environment", name == "USER" || name == "OTHER" })
	if err := s.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"USER": "me", "PASS": "p@ss word", "QUOTE": "it''s", "EMPTY": "", "OTHER": "from the environment",
	} {
		if got, ok := s.Lookup(name); !ok || got != want {
			t.Errorf("%s is %q, %v; want %q", name, got, ok, want)
		}
	}
	if _, ok := s.Lookup("NOWHERE"); ok {
		t.Error("a secret that is nowhere was found")
	}
	if err := os.WriteFile(path, []byte("A=1\nno sign\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.ReadFile(path); err == nil || !strings.Contains(err.Error(), ":2: want NAME=value") || strings.Contains(err.Error(), "no sign") {
		t.Errorf("got %v", err)
	}
}

// A secret is taken out of a text however it is written there.
func TestRedact(t *testing.T) {
	t.Parallel()
	values := map[string]string{"PASS": `a&b "c"/d`, "LONG": `a&b "c"/d and more`, "SHORT": "ab", "UNUSED": "innocent"}
	s := secret.New(func(name string) (string, bool) { v, ok := values[name]; return v, ok })
	for _, name := range []string{"PASS", "LONG", "SHORT"} {
		s.Lookup(name)
	}
	for text, want := range map[string]string{
		`typed a&b "c"/d twice a&b "c"/d`: "typed *** twice ***",
		`a&b "c"/d and more`:              "***",
		`?p=a%26b+%22c%22%2Fd&x=1`:        "?p=***&x=1",
		`/a&b%20%22c%22%2Fd/`:             "/***/",
		`{"p":"a&b \"c\"/d"}`:             `{"p":"***"}`,
		`<b>a&amp;b &#34;c&#34;/d</b>`:    "<b>***</b>",
		"ab and innocent words":           "ab and innocent words",
	} {
		if got := s.Redact(text); got != want {
			t.Errorf("%s\nbecame %s\nwant   %s", text, got, want)
		}
	}
	var none *secret.Store
	if got := none.Redact("text"); got != "text" {
		t.Errorf("got %q", got)
	}
}
