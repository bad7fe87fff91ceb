package traffic

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// token is a value that a site has given a session.
type token struct{ value, what string }

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
		if plain, err := url.QueryUnescape(value); err == nil && plain != value && len(plain) >= leastToken {
			all = append(all, token{plain, what})
		}
		if len(value) >= leastToken {
			all = append(all, token{value, what})
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
	for name, values := range e.RequestHeader {
		if strings.HasPrefix(name, "X-") && regexpToken.MatchString(name) {
			add(values[0], "the header "+name)
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
