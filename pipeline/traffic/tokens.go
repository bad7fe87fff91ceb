package traffic

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// token is a value that a site has given a session, as it stands there and unescaped.
type token struct {
	forms []string
	what  string
}

const (
	leastToken  = 8
	leastCookie = 12
)

var (
	tokenName = `[\w.:-]*(?i:csrf|xsrf|requestverification|authenticity|nonce|token|sessionid|session_id|jwt|api_?key|client_secret|password)[\w.:-]*` //nolint:gosec // names of fields
	// <input name="csrf" value="…">, in either order, and <meta name="csrf-token" content="…">.
	inMarkup = regexp.MustCompile(`<(?i:input|meta)\b[^>]*?\bname=["']?` + tokenName + `["']?[^>]*?\b(?:value|content)=["']([^"']+)["']`)
	reversed = regexp.MustCompile(`<(?i:input|meta)\b[^>]*?\b(?:value|content)=["']([^"']+)["'][^>]*?\bname=["']?` + tokenName)
	inJSON   = regexp.MustCompile(`"` + tokenName + `"\s*:\s*"([^"\\]+)"`)
)

// tokensOf are the cookies and tokens of an exchange by which a site knows a session.
func tokensOf(e *Exchange) []token {
	var all []token
	add := func(value, what string) {
		t := token{what: what}
		if plain, err := url.QueryUnescape(value); err == nil && plain != value && len(plain) >= leastToken {
			t.forms = append(t.forms, plain)
		}
		if len(value) >= leastToken {
			t.forms = append(t.forms, value)
		}
		if len(t.forms) > 0 {
			all = append(all, t)
		}
	}
	answered, asked := &http.Response{Header: e.Header}, &http.Request{Header: e.RequestHeader}
	for _, c := range append(answered.Cookies(), asked.Cookies()...) {
		if len(c.Value) >= leastCookie || c.HttpOnly {
			add(c.Value, "the cookie "+c.Name)
		}
	}
	if _, bearer, is := strings.Cut(e.RequestHeader.Get("Authorization"), " "); is {
		add(bearer, "an Authorization header")
	}
	for _, name := range slices.Sorted(mapsKeys(e.RequestHeader)) {
		if strings.HasPrefix(name, "X-") && regexpToken.MatchString(name) {
			add(e.RequestHeader.Get(name), "the header "+name)
		}
	}
	for _, form := range []*regexp.Regexp{inMarkup, reversed, inJSON} {
		for _, found := range form.FindAllStringSubmatch(string(e.Body), -1) {
			add(html.UnescapeString(found[1]), "a token of a page")
		}
	}
	return all
}

var regexpToken = regexp.MustCompile(`^` + tokenName + `$`)
