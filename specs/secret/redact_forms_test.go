package secret_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"pipe/specs/secret"
)

// A secret is taken out however it is encoded, wherever in what is encoded it stands.
func TestRedactForms(t *testing.T) {
	t.Parallel()
	const value = `p/s "w&rd'<ü>+`
	s := secret.New(func(string) (string, bool) { return value, true })
	s.Lookup("PASS")
	marshalled, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{
		"plain": value, "query": url.QueryEscape(value), "path": url.PathEscape(value), "query in query": url.QueryEscape(url.QueryEscape(value)),
		"component":      "p%2Fs%20%22w%26rd'%3C%C3%BC%3E%2B",
		"lower escapes":  strings.ToLower(url.QueryEscape(value)),
		"html":           html.EscapeString(value),
		"a document":     `p/s "w&amp;rd'&lt;ü&gt;+`,
		"an attribute":   `p/s &quot;w&amp;rd'<ü>+`,
		"a JSON text":    strings.Trim(string(marshalled), `"`),
		"a script's":     `p/s \"w&rd'<ü>+`,
		"slashes":        `p\/s \"w&rd'<ü>+`,
		"ASCII JSON":     `p/s \"w&rd'<\u00fc>+`,
		"Go":             strings.Trim(strconv.Quote(value), `"`),
		"hexadecimal":    hex.EncodeToString([]byte("before " + value + " after")),
		"HEXADECIMAL":    strings.ToUpper(hex.EncodeToString([]byte(value))),
		"base64 alone":   base64.StdEncoding.EncodeToString([]byte(value)),
		"raw URL base64": base64.RawURLEncoding.EncodeToString([]byte(value)),
	}
	for before := range 5 {
		for after := range 4 {
			text := strings.Repeat("a", before) + value + strings.Repeat("z", after)
			texts[fmt.Sprintf("base64 between %d and %d", before, after)] = base64.StdEncoding.EncodeToString([]byte(text))
		}
	}
	for how, text := range texts {
		got := s.Redact("{" + text + "}")
		if !strings.Contains(got, "***") {
			t.Errorf("%s: %s is left as %s", how, text, got)
		}
		// Of base64 and of hexadecimal the neighbours' signs are left.
		if !strings.Contains(how, "base64 between") && how != "hexadecimal" && got != "{***}" {
			t.Errorf("%s: %s is left as %s", how, text, got)
		}
	}
}

// What is no secret of the store's can be taken out beside those that are.
func TestRedactMore(t *testing.T) {
	t.Parallel()
	s := secret.New(func(string) (string, bool) { return "hush-hush", true })
	s.Lookup("TOKEN")
	got := s.Redactor("cookie/value").Redact("hush-hush, cookie/value, cookie%2Fvalue; hush")
	if want := "***, ***, ***; hush"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := s.Redact("cookie/value"); got != "cookie/value" {
		t.Errorf("the store's own: got %q", got)
	}
}

func BenchmarkRedact(b *testing.B) {
	s := secret.New(func(name string) (string, bool) { return "practice-" + name, true })
	for _, name := range []string{"user", "password", "token"} {
		s.Lookup(name)
	}
	text := strings.Repeat("<td class=cell><a href=https://site.test/page>a page</a> of <b>nothing</b> in particular</td>\n", 20_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.Redact(text)
	}
}

// Where a value is replaced by another, each of its encodings becomes that of the other.
func TestReplacements(t *testing.T) {
	t.Parallel()
	const value, by = `p/s "w&rd'<ü>+`, "PLACEHOLDERPLAC" // as many bytes
	replacer := strings.NewReplacer(secret.Replacements(value, by)...)
	encodings := map[string]func(string) string{
		"plain": func(v string) string { return v }, "query": url.QueryEscape, "path": url.PathEscape, "html": html.EscapeString,
		"base64": func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) },
		"hex":    func(v string) string { return hex.EncodeToString([]byte(v)) },
		"json":   func(v string) string { b, _ := json.Marshal(v); return string(b) },
	}
	for name, encode := range encodings {
		if got, want := replacer.Replace("a "+encode(value)+" b"), "a "+encode(by)+" b"; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
