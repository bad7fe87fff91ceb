package session

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/client"
	"pipe/specs"
	"pipe/specs/expr"
)

// ContextOptions gives what the n-th browser context of an account is opened
// with.
func ContextOptions(spec *specs.Spec) func(account, n int) (client.ContextOptions, error) {
	return func(account, n int) (client.ContextOptions, error) {
		r := &texts{values: pipeline.AccountValues(spec, account)}
		c := &spec.Browser.Context
		o := client.ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{
			UserAgent: r.option(c.UserAgent), Locale: r.option(c.Locale), TimezoneId: r.option(c.Timezone),
		}}
		if c.AnyTLS {
			o.IgnoreHttpsErrors = &c.AnyTLS
		}
		if c.Viewport != nil {
			o.Viewport = &playwright.Size{Width: c.Viewport.Width, Height: c.Viewport.Height}
		}
		base, user, err := spec.Base()
		r.check(err)
		o.Authorities, err = pipeline.Authorities(spec)
		r.check(err)
		if base != "" {
			o.BaseURL = &base
		}
		o.HttpCredentials = r.credentials(c.Credentials, base, user)
		o.Headers = r.headers(spec)
		if len(o.Headers.Values) > 0 && headersVary(spec) {
			o.Headers.Mark = strconv.Itoa(account + 1)
		}
		for _, one := range c.Certificates {
			o.ClientCertificates = append(o.ClientCertificates, r.certificate(one))
		}
		if len(c.Proxy) > 0 {
			p := c.Proxy[n%len(c.Proxy)]
			r.check(specs.CheckProxy(r.text(p.Server), !p.Username.Empty()))
			o.Proxy = &playwright.Proxy{
				Server: r.text(p.Server), Username: r.option(p.Username), Password: r.option(p.Password), Bypass: r.option(p.Bypass),
			}
		}
		if o.Locale != nil {
			r.check(specs.CheckLocale(*o.Locale))
		}
		if o.TimezoneId != nil {
			r.check(specs.CheckTimezone(*o.TimezoneId))
		}
		if r.err != nil {
			return o, &pipeline.PlaceError{At: "browser.context", Err: r.err}
		}
		return o, nil
	}
}

// credentials gives those of the spec, or of its base_url, for the one origin
// that is told them.
func (r *texts) credentials(c *specs.Credentials, base string, user *url.Userinfo) *playwright.HttpCredentials {
	origin := specs.OriginOf(base)
	var told playwright.HttpCredentials
	switch {
	case c == nil && user == nil:
		return nil
	case c == nil:
		told.Username = user.Username()
		told.Password, _ = user.Password()
	default:
		told.Username, told.Password = r.text(c.Username), r.text(c.Password)
		if !c.Origin.Empty() {
			named := r.address(c.Origin)
			r.check(specs.CheckWebOrigin(named))
			origin = specs.OriginOf(named)
		}
	}
	if origin == "" {
		// The browser would take that for any.
		r.check(errors.New("credentials: no origin is known that is told them: give base_url, or origin"))
		return nil
	}
	told.Origin = &origin
	return &told
}

// headers gives those of the spec, and the origins that it names.
func (r *texts) headers(spec *specs.Spec) client.Headers {
	c := &spec.Browser.Context
	out := client.Headers{Origins: spec.Origins(r.values)}
	for _, one := range c.Origins {
		r.check(specs.CheckWebOrigin(r.address(one)))
	}
	for name, value := range c.Headers {
		if out.Values == nil {
			out.Values = map[string]string{}
		}
		out.Values[http.CanonicalHeaderKey(name)] = r.text(*value)
	}
	return out
}

// headersVary tells whether accounts have headers of their own.
func headersVary(spec *specs.Spec) bool {
	for _, value := range spec.Browser.Context.Headers {
		if value.Names("account", "") {
			return true
		}
	}
	return false
}

// texts evaluates many templates and keeps the errors.
type texts struct {
	values expr.Values
	err    error
}

func (r *texts) text(t expr.Template) string {
	v, err := t.Text(r.values)
	r.check(err)
	return v
}

func (r *texts) address(a expr.Address) string {
	v, err := a.Text(r.values)
	r.check(err)
	return v
}

func (r *texts) check(err error) { r.err = errors.Join(r.err, err) }

// option gives nil for what the spec does not say.
func (r *texts) option(t expr.Template) *string {
	if t.Empty() {
		return nil
	}
	v := r.text(t)
	return &v
}

func (r *texts) certificate(c specs.Certificate) playwright.ClientCertificate {
	out := playwright.ClientCertificate{Origin: r.address(c.Origin), Passphrase: r.option(c.Passphrase)}
	r.check(specs.CheckOrigin(out.Origin))
	for to, path := range map[*[]byte]expr.Template{&out.Cert: c.Cert, &out.Key: c.Key, &out.Pfx: c.Pfx} {
		if path.Empty() {
			continue
		}
		body, err := os.ReadFile(filepath.Clean(r.text(path)))
		r.check(err)
		*to = body
	}
	return out
}
