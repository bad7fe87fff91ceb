package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/playwright-community/playwright-go"
)

// proxyAddress gives a proxy's address, with user and password.
func proxyAddress(p *playwright.Proxy) (*url.URL, error) {
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
	return u, nil
}

// proxyFor gives the proxy for each request.
func proxyFor(u *url.URL, p *playwright.Proxy) func(*http.Request) (*url.URL, error) {
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
	}
}

// refusedByProxy is the error of a proxy that does not do what it is asked for.
func refusedByProxy(answer *http.Response) error {
	switch answer.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusProxyAuthRequired:
		return proxyError{errors.New("the proxy refuses its user and password, or wants some: see browser.context.proxy")}
	default:
		return proxyError{fmt.Errorf("the proxy answered %d", answer.StatusCode)}
	}
}

// bypasses tells whether a host is asked without the proxy: by its name, or by
// the end of it, as .example.com or *.example.com.
func bypasses(rule, host string) bool {
	rule = strings.TrimPrefix(rule, "*")
	return rule != "" && (strings.EqualFold(rule, host) ||
		strings.HasPrefix(rule, ".") && strings.HasSuffix(strings.ToLower(host), strings.ToLower(rule)))
}
