package secret

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Redact replaces every secret in a text by ***: plain, or as URLs, HTML, JSON, scripts,
// base64 and hexadecimal have it; and users with their passwords in addresses.
// Values of one or two characters are left: they would eat all text.
func (s *Store) Redact(text string) string {
	if s == nil || text == "" {
		return text
	}
	return s.all().Redact(text)
}

// Redactor takes the secrets of now out of texts, as Redact does, and more values that are
// to be treated as such.
func (s *Store) Redactor(more ...string) *Redactor {
	if s == nil {
		return newRedactor(more, nil)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	values, codes := s.values()
	return newRedactor(append(values, more...), codes)
}

// all is the redactor of the store's own, made anew where there are other secrets than
// before.
func (s *Store) all() *Redactor {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, c := range s.codes {
		if time.Now().After(c.until) {
			delete(s.codes, name)
			s.redactor = nil
		}
	}
	if s.redactor == nil {
		s.redactor = newRedactor(s.values())
	}
	return s.redactor
}

func (s *Store) values() (values, codes []string) {
	for _, v := range s.used {
		values = append(values, v)
	}
	for _, c := range s.codes {
		codes = append(codes, c.value)
	}
	return values, codes
}

// Redactor takes values out of texts. It is safe for concurrent use.
type Redactor struct {
	forms    []string
	replacer *strings.Replacer
}

// newRedactor is for values in all their forms, and for codes as they are.
func newRedactor(values, codes []string) *Redactor {
	r := &Redactor{}
	for _, v := range values {
		if len(v) > 2 {
			r.forms = append(r.forms, forms(v)...)
		}
	}
	for _, c := range codes {
		if c != "" {
			r.forms = append(r.forms, c)
		}
	}
	// The longest first: one secret may hold another.
	slices.SortFunc(r.forms, longestFirst)
	r.forms = slices.Compact(r.forms)
	pairs := make([]string, 0, 2*len(r.forms))
	for _, form := range r.forms {
		pairs = append(pairs, form, "***")
	}
	r.replacer = strings.NewReplacer(pairs...)
	return r
}

func longestFirst(a, b string) int {
	return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
}

// Forms are what is taken out, the longest first.
func (r *Redactor) Forms() []string { return r.forms }

// Redact replaces the values by ***, as [Store.Redact] does.
func (r *Redactor) Redact(text string) string {
	return r.replacer.Replace(hideLogins(text))
}

// hideLogins replaces users with their passwords in the addresses of a text by ***.
func hideLogins(text string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "://")
		if !found {
			break
		}
		out.WriteString(before + "://")
		end := strings.IndexAny(after, " \t\n\f\r/?#\"'<>")
		if end < 0 {
			end = len(after)
		}
		authority := after[:end]
		at, colon := strings.Index(authority, "@"), strings.Index(authority, ":")
		if scheme := before != "" && isSchemeEnd(before[len(before)-1]); scheme && colon >= 0 && colon < at {
			out.WriteString("***")
			after = after[strings.LastIndex(authority, "@"):]
		}
		text = after
	}
	if out.Len() == 0 {
		return text
	}
	out.WriteString(text)
	return out.String()
}

// isSchemeEnd tells whether an address's scheme may end so.
func isSchemeEnd(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '.' || c == '-'
}
