package specs

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Browser chooses the browser, and how its contexts are set up.
type Browser struct {
	Path    expr.Template `yaml:"path" short:"true" scope:"spec" doc:"a browser's path, or chromium, chrome or headless-shell; default: PIPE_BROWSER, else the best there is"`
	Headed  bool          `yaml:"headed" doc:"with a window; --headed does the same"`
	Args    []string      `yaml:"args" doc:"more switches for the browser's command line"`
	Context Context       `yaml:"context" scope:"session" doc:"what the site sees of each browser context"`
}

// Context is what a browser context is opened with. Its expressions know the
// account that the context is for.
type Context struct {
	Credentials  *Credentials   `yaml:"credentials" doc:"user and password for HTTP authentication"`
	Certificates []Certificate  `yaml:"client_certificates" doc:"client certificates, each for one origin"`
	Headers      Headers        `yaml:"headers" doc:"headers that go with every request to the origin of base_url, and to those of origins; to no other, wherever the site leads"`
	Origins      []expr.Address `yaml:"origins" example:"https://api.example.com" doc:"the origins beside that of base_url that are sent headers, those of request steps too"`
	UserAgent    expr.Template  `yaml:"user_agent" doc:"instead of the browser's own"`
	Locale       expr.Template  `yaml:"locale" doc:"such as de-DE: language, numbers and dates"`
	Timezone     expr.Template  `yaml:"timezone" doc:"such as Europe/Berlin"`
	Viewport     *Viewport      `yaml:"viewport" doc:"the size of the page, in pixels"`
	CA           expr.Template  `yaml:"ca" scope:"spec" doc:"a file of certificates in PEM: authorities that are trusted beside the usual ones, as a company's own"`
	AnyTLS       bool           `yaml:"ignore_https_errors" doc:"take whatever certificate the site shows, out of date or another site's too; better give ca"`
	Proxy        []Proxy        `yaml:"proxy" doc:"one proxy, or several that the contexts take in turn; a context whose proxy does not serve it moves to the next"`
}

type plainContext Context

func (c *Context) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	d.decode(n, reflectOf((*plainContext)(c)), at)
	for name, one := range map[string]struct {
		text  expr.Template
		check func(string) error
	}{"locale": {c.Locale, CheckLocale}, "timezone": {c.Timezone, CheckTimezone}} {
		if text, fixed := one.text.Fixed(); fixed {
			if err := one.check(text); err != nil {
				d.FaultAt(d.Pos(document.Find(n, name)), at.field(name).path, "%v", err)
			}
		}
	}
	list := document.Find(n, "origins")
	for i, origin := range c.Origins {
		node := list
		if list.Kind == yaml.SequenceNode {
			node = list.Content[i]
		}
		if text, fixed := origin.Fixed(); fixed {
			d.Refuse(node, CheckWebOrigin(text))
		}
	}
}

// checkOrigins finds a base_url without an origin, and headers and credentials that
// none is named for.
func (d *decoder) checkOrigins(root *yaml.Node, s *Spec) {
	if text, fixed := s.BaseURL.Fixed(); fixed && text != "" {
		if _, _, err := baseOf(text); err != nil {
			d.FaultAt(d.Pos(document.Find(root, "base_url")), "base_url", "%v", err)
		}
	}
	if !s.BaseURL.Empty() {
		return
	}
	c, at := &s.Browser.Context, document.Find(document.Find(root, "browser"), "context")
	if len(c.Headers) > 0 && len(c.Origins) == 0 {
		d.FaultAt(d.Pos(document.Find(at, "headers")), "browser.context.headers", "say which sites are sent them: give base_url, or origins")
	}
	if c.Credentials != nil && c.Credentials.Origin.Empty() {
		d.FaultAt(d.Pos(document.Find(at, "credentials")), "browser.context.credentials", "say which site is told them: give base_url, or origin")
	}
}

// Credentials are for HTTP authentication, basic or digest.
type Credentials struct {
	Username expr.Template `yaml:"username" required:"true" doc:"the user"`
	Password expr.Template `yaml:"password" required:"true" doc:"the password"`
	Origin   expr.Address  `yaml:"origin" doc:"the only origin that is told, such as https://example.com; default: that of base_url"`
}

// Certificate is a client certificate: cert and key in PEM, or pfx.
type Certificate struct {
	Origin     expr.Address  `yaml:"origin" required:"true" doc:"the origin that asks for it, such as https://example.com"`
	Cert       expr.Template `yaml:"cert" doc:"the path of the certificate, in PEM"`
	Key        expr.Template `yaml:"key" doc:"the path of its key, in PEM"`
	Pfx        expr.Template `yaml:"pfx" doc:"the path of both in one, instead of cert and key"`
	Passphrase expr.Template `yaml:"passphrase" doc:"of the key or the pfx"`
}

// Viewport is a page's size.
type Viewport struct {
	Width  int `yaml:"width" required:"true" min:"1" doc:"in pixels"`
	Height int `yaml:"height" required:"true" min:"1" doc:"in pixels"`
}

// Proxy is a proxy server.
type Proxy struct {
	Server   expr.Template `yaml:"server" short:"true" required:"true" doc:"such as http://proxy:3128 or socks5://proxy:1080"`
	Username expr.Template `yaml:"username" doc:"the user, where the proxy wants one; not with socks"`
	Password expr.Template `yaml:"password" doc:"the password"`
	Bypass   expr.Template `yaml:"bypass" doc:"hosts that are asked without it, separated by commas, as .example.com, localhost"`
}

// Headers are HTTP headers by name.
type Headers map[string]*expr.Template

func (h *Headers) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	*h = Headers{}
	d.templates(n, at, func(name string, t *expr.Template) { (*h)[name] = t })
}

type plainProxy Proxy

func (p *Proxy) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	d.decode(n, reflectOf((*plainProxy)(p)), at)
	if p.Username.Empty() != p.Password.Empty() {
		d.Fault(n, "username and password go together")
	}
	if text, fixed := p.Server.Fixed(); fixed {
		d.Refuse(n, CheckProxy(text, !p.Username.Empty()))
	}
}

// CheckProxy finds what is wrong with a proxy's address; login is true when a
// user and a password go with it.
func CheckProxy(server string, login bool) error {
	if !strings.Contains(server, "://") {
		server = "http://" + server
	}
	u, err := url.Parse(server)
	switch {
	case err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme):
		return errors.New("the proxy's server is no address such as http://proxy:3128 or socks5://proxy:1080")
	case u.User != nil:
		return errors.New("give the proxy's user and password as username and password beside its server")
	case login && u.Scheme == "socks5":
		return errors.New("browsers know no username and password for a socks proxy: use one that wants none, or an http proxy")
	}
	return nil
}

type plainCertificate Certificate

func (c *Certificate) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	d.decode(n, reflectOf((*plainCertificate)(c)), at)
	if n.Kind != yaml.MappingNode {
		return
	}
	if pem, pfx := !c.Cert.Empty() && !c.Key.Empty(), !c.Pfx.Empty(); pem == pfx || c.Cert.Empty() != c.Key.Empty() {
		d.Fault(n, "give cert and key, or pfx")
	}
	if text, fixed := c.Origin.Fixed(); fixed {
		d.Refuse(n, CheckOrigin(text))
	}
	for _, path := range []expr.Template{c.Cert, c.Key, c.Pfx} {
		if text, fixed := path.Fixed(); fixed && d.reads != nil {
			d.Refuse(n, d.reads(text))
		}
	}
}

var localeForm = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$`)

// CheckLocale finds what is wrong with the name of a locale.
func CheckLocale(name string) error {
	if !localeForm.MatchString(name) {
		return fmt.Errorf("%q is no locale: want one such as de-DE", name)
	}
	return nil
}

// CheckTimezone finds what is wrong with the name of a time zone, where the
// system knows them.
func CheckTimezone(name string) error {
	if _, err := time.LoadLocation("Europe/London"); err != nil {
		return nil //nolint:nilerr // it knows none: the browser does
	}
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return fmt.Errorf("%q is no time zone: want one such as Europe/Berlin", name)
	}
	return nil
}
