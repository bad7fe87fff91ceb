package client

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/playwright-community/playwright-go"
)

// proxyFor gives the proxy for each request.
func proxyFor(p *playwright.Proxy) (func(*http.Request) (*url.URL, error), error) {
	server := p.Server
	if !strings.Contains(server, "://") {
		server = "http://" + server
	}
	u, err := url.Parse(server)
	if err != nil {
		return nil, errors.New("browser.context.proxy: the server is no address such as http://proxy:3128")
	}
	if p.Username != nil {
		password := ""
		if p.Password != nil {
			password = *p.Password
		}
		u.User = url.UserPassword(*p.Username, password)
	}
	var bypass []string
	if p.Bypass != nil {
		bypass = strings.Split(*p.Bypass, ",")
	}
	return func(req *http.Request) (*url.URL, error) {
		host := req.URL.Hostname()
		if slices.ContainsFunc(bypass, func(rule string) bool { return bypasses(strings.TrimSpace(rule), host) }) {
			return nil, nil
		}
		return u, nil
	}, nil
}

// bypasses tells whether a host is asked without the proxy: by its name, or by
// the end of it, as .example.com or *.example.com.
func bypasses(rule, host string) bool {
	rule = strings.TrimPrefix(rule, "*")
	return rule != "" && (strings.EqualFold(rule, host) ||
		strings.HasPrefix(rule, ".") && strings.HasSuffix(strings.ToLower(host), strings.ToLower(rule)))
}
