package session

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/expr"
)

// ContextOptions gives what the n-th browser context of an account is opened
// with.
func ContextOptions(spec *specs.Spec) func(account, n int) (playwright.BrowserNewContextOptions, error) {
	return func(account, n int) (playwright.BrowserNewContextOptions, error) {
		r := &texts{values: pipeline.AccountValues(spec, account)}
		c := &spec.Browser.Context
		o := playwright.BrowserNewContextOptions{
			BaseURL: r.option(spec.BaseURL), UserAgent: r.option(c.UserAgent), Locale: r.option(c.Locale), TimezoneId: r.option(c.Timezone),
		}
		if c.AnyTLS {
			o.IgnoreHttpsErrors = &c.AnyTLS
		}
		if c.Viewport != nil {
			o.Viewport = &playwright.Size{Width: c.Viewport.Width, Height: c.Viewport.Height}
		}
		if c.Credentials != nil {
			o.HttpCredentials = &playwright.HttpCredentials{
				Username: r.text(c.Credentials.Username), Password: r.text(c.Credentials.Password), Origin: r.option(c.Credentials.Origin),
			}
		}
		for name, value := range c.Headers {
			if o.ExtraHttpHeaders == nil {
				o.ExtraHttpHeaders = map[string]string{}
			}
			o.ExtraHttpHeaders[name] = r.text(*value)
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
	out := playwright.ClientCertificate{Origin: r.text(c.Origin), Passphrase: r.option(c.Passphrase)}
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
