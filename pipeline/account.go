package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// namedBy are the fields that name an account, the first that it has.
var namedBy = []string{"name", "username", "user", "email"}

// Account is what is known of an account beside its fields.
type Account struct {
	// ID is the same in every run, and tells nothing: it names files.
	ID string
	// Name is its name, or "account 2" for one that has none or whose name is a
	// secret.
	Name string
}

// Accounts lists the spec's accounts.
func Accounts(spec *specs.Spec) []Account {
	if spec.Login == nil {
		return nil
	}
	secrets, _ := spec.Values["secret"].(map[string]any)
	hidden := slices.Collect(maps.Values(secrets))
	var all []Account
	var names []string
	for i := range spec.Login.Accounts {
		fields, _ := accountValues(spec, i)["account"].(map[string]any)
		a := Account{Name: fmt.Sprintf("account %d", i+1)}
		id := a.Name
		for _, f := range namedBy {
			if name, _ := fields[f].(string); name != "" {
				id = name
				break
			}
		}
		if !slices.Contains(hidden, any(id)) {
			a.Name = id
		}
		if names = append(names, id); slices.Index(names, id) < i {
			id = fmt.Sprintf("%s\x00%d", id, i) // the same user in two accounts
		}
		sum := sha256.Sum256([]byte(id))
		a.ID = hex.EncodeToString(sum[:8])
		all = append(all, a)
	}
	return all
}

// AccountNamed gives the index of the account that goes by this name, or an
// error that says who there is.
func AccountNamed(spec *specs.Spec, name string) (int, error) {
	if spec.Login != nil {
		for _, field := range namedBy {
			for i := range spec.Login.Accounts {
				fields, _ := accountValues(spec, i)["account"].(map[string]any)
				if fields[field] == name {
					return i, nil
				}
			}
		}
	}
	var there []string
	for _, a := range Accounts(spec) {
		there = append(there, a.Name)
	}
	return 0, fmt.Errorf("no account goes by %q: login.accounts has %s, by name, username, user or email", name, strings.Join(there, ", "))
}

// ContextOptions gives what the n-th browser context of an account is opened
// with.
func ContextOptions(spec *specs.Spec) func(account, n int) (playwright.BrowserNewContextOptions, error) {
	return func(account, n int) (playwright.BrowserNewContextOptions, error) {
		r := &texts{values: accountValues(spec, account)}
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
			return o, &placed{"browser.context", r.err}
		}
		return o, nil
	}
}

// texts evaluates many templates and keeps the errors.
type texts struct {
	values specs.Values
	err    error
}

func (r *texts) text(t specs.Template) string {
	v, err := t.Text(r.values)
	r.check(err)
	return v
}

func (r *texts) check(err error) { r.err = errors.Join(r.err, err) }

// option gives nil for what the spec does not say.
func (r *texts) option(t specs.Template) *string {
	if t.Empty() {
		return nil
	}
	v := r.text(t)
	return &v
}

func (r *texts) certificate(c specs.Certificate) playwright.ClientCertificate {
	out := playwright.ClientCertificate{Origin: r.text(c.Origin), Passphrase: r.option(c.Passphrase)}
	r.check(specs.CheckOrigin(out.Origin))
	for to, path := range map[*[]byte]specs.Template{&out.Cert: c.Cert, &out.Key: c.Key, &out.Pfx: c.Pfx} {
		if path.Empty() {
			continue
		}
		body, err := os.ReadFile(filepath.Clean(r.text(path)))
		r.check(err)
		*to = body
	}
	return out
}
