package specs

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"pipe/specs/expr"
)

// Origin gives what browsers compare of an address: scheme, host and port, but
// no port that goes without saying.
func Origin(u *url.URL) string {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		port = ""
	}
	host := strings.ToLower(u.Hostname())
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	return scheme + "://" + host
}

// OriginOf gives the origin of a written address, "" where it has none.
func OriginOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return Origin(u)
}

// CheckOrigin finds what is wrong with the origin of a client certificate.
func CheckOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return fmt.Errorf("%q is no origin that asks for certificates: want one such as https://example.com", origin)
	}
	return nil
}

// CheckWebOrigin finds what is wrong with an origin that headers or credentials
// go to.
func CheckWebOrigin(origin string) error {
	u, err := url.Parse(origin)
	switch {
	case err != nil || OriginOf(origin) == "" || strings.ContainsAny(u.Hostname(), "* "):
		return fmt.Errorf("%.80q is no origin: want one such as https://api.example.com", WithoutUser(origin))
	case u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("%.80q is more than an origin: want %s", WithoutUser(origin), Origin(u))
	}
	return nil
}

// WithoutUser takes user and password out of an address.
func WithoutUser(address string) string {
	scheme, rest, found := strings.Cut(address, "://")
	if scheme += "://"; !found {
		scheme, rest = "", address
	}
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	return scheme + rest[strings.LastIndexByte(host, '@')+1:]
}

// Base gives what relative addresses are relative to, without the user and the
// password that may stand in it: these are apart, so that no address in a log
// has them.
func (s *Spec) Base() (address string, user *url.Userinfo, err error) {
	if s.BaseURL.Empty() {
		return "", nil, nil
	}
	if address, err = s.BaseURL.Text(s.Values); err == nil {
		address, user, err = baseOf(address)
	}
	if err != nil {
		return "", nil, fmt.Errorf("base_url: %w", err)
	}
	return address, user, nil
}

// baseOf parts a base_url. What is wrong with it is told without it: it may have a
// password in it.
func baseOf(text string) (address string, user *url.Userinfo, err error) {
	u, err := url.Parse(text)
	switch {
	case text == "":
		err = errors.New("it is empty: want an address such as https://example.com")
	case err != nil:
		err = errors.New("it is no address such as https://example.com")
	case u.Scheme != "http" && u.Scheme != "https":
		err = errors.New("it is no address of a web site: want one that begins with http:// or https://")
	case u.Hostname() == "":
		err = errors.New("it has no host: want an address such as https://example.com")
	default:
		return WithoutUser(text), u.User, nil
	}
	return "", nil, err
}

// Origins are those that the spec names: of base_url, and those beside it that
// the values are enough for.
func (s *Spec) Origins(values expr.Values) []string {
	var all []string
	for _, one := range append([]expr.Address{s.BaseURL}, s.Browser.Context.Origins...) {
		address, err := one.Text(values)
		if origin := OriginOf(address); err == nil && origin != "" {
			all = append(all, origin)
		}
	}
	return all
}
