package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nicholas-fedor/shoutrrr/pkg/format"
	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
	"github.com/sourcegraph/conc/panics"

	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/expr"
	"pipe/specs/secret"
)

const (
	// tries is how often a message is sent that does not go, tryLimit bounds each time,
	// and the waits between them grow from firstWait.
	tries     = 3
	tryLimit  = 15 * time.Second
	firstWait = time.Second
)

// Target is one that is told.
type Target struct {
	spec *specs.Notify
	// name tells which it is, and nothing of its URL but the service.
	name    string
	scheme  string
	service types.Service
	// own takes the URL and its credentials out of a text, parts all that it is made of:
	// that is for what a service says, which may quote any of it.
	own, parts *secret.Store
}

// Targets gives those of a spec. The error is a document.Faults that has each whose URL
// is of no use, and tells nothing of that.
func Targets(spec *specs.Spec) ([]*Target, error) {
	var all []*Target
	var faults document.Faults
	for i := range spec.Notify {
		place := fmt.Sprintf("notify[%d]", i)
		t, err := newTarget(&spec.Notify[i], place, spec.Values)
		if err != nil {
			faults = append(faults, spec.FaultAt(spec.PlaceOf(place+".to"), place+".to", err.Error()))
			continue
		}
		all = append(all, t)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return all, nil
}

func newTarget(of *specs.Notify, place string, values expr.Values) (*Target, error) {
	text, err := of.To.Text(values)
	if err != nil {
		return nil, err
	}
	if text = strings.TrimSpace(text); text == "" {
		return nil, errors.New("the address is empty")
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		return nil, errors.New("want a URL of a service, such as smtp://…, slack://… or generic+https://…")
	}
	scheme, _, _ := strings.Cut(strings.ToLower(u.Scheme), "+")
	t := &Target{spec: of, name: place + " (" + scheme + ")", scheme: scheme}
	t.own, t.parts = hidden(text, u)
	if scheme == "logger" {
		return nil, errors.New("logger tells nobody: want a service that does")
	}
	var services router.ServiceRouter
	if t.service, err = services.Locate(text); err != nil {
		return nil, errors.New(t.hide(cmp.Or(unusable(t.service, u, scheme), err)))
	}
	return t, nil
}

// unusable is why a service takes no URL, which the router does not tell; nil where it is
// the router's own fault.
func unusable(service types.Service, u *url.URL, scheme string) error {
	if service == nil || u.Scheme != scheme {
		return nil
	}
	return service.Initialize(u, nil)
}

// Name tells which of the spec's it is.
func (t *Target) Name() string { return t.name }

// Send sends a message, and again a few times where it does not go.
func (t *Target) Send(ctx context.Context, m Message) error {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval = firstWait
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, t.once(ctx, m) }, backoff.WithBackOff(waits), backoff.WithMaxTries(tries))
	return err
}

// once sends a message within a limit. The services take no context: one that does not
// come back is left to its own limits, or to the end of the program.
func (t *Target) once(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, tryLimit)
	defer cancel()
	text, params := t.form(m)
	sent := make(chan error, 1)
	var sending sync.WaitGroup
	sending.Go(func() {
		var err error
		// What goes wrong in a service is no more than a message that was not sent.
		if panicked := panics.Try(func() { err = t.service.Send(text, params) }); panicked != nil {
			err = panicked.AsError()
		}
		sent <- err
	})
	select {
	case err := <-sent:
		sending.Wait()
		if err != nil {
			return errors.New(t.hide(err))
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("no answer: %w", ctx.Err())
	}
}

// form gives the message as the service takes it: one without titles has it as its
// first line, and mail has it as a header.
func (t *Target) form(m Message) (string, *types.Params) {
	resolver := format.NewPropKeyResolver(format.GetServiceConfig(t.service))
	if _, err := resolver.Get(types.TitleKey); err != nil {
		return m.Title + "\n" + m.Text, &types.Params{}
	}
	if t.scheme == "smtp" {
		m.Title = mime.QEncoding.Encode("utf-8", m.Title)
	}
	return m.Text, &types.Params{types.TitleKey: m.Title}
}

// address is what looks like a web address.
var address = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>]+`)

// hide gives the text of a service's error, which may quote the URL or what it has made
// of it, without either.
func (t *Target) hide(err error) string {
	return t.parts.Redact(address.ReplaceAllString(err.Error(), "***"))
}

// partLeast is how long a part of a URL must be for it to be taken out of texts:
// shorter ones are words like yes.
const partLeast = 4

// partEnds are what the parts of a URL end with, in the forms that services give them.
var partEnds = regexp.MustCompile(`[/:,&=?@+.-]`)

// hidden gives what hides a URL.
func hidden(text string, u *url.URL) (own, parts *secret.Store) {
	as := func(value string) (string, bool) { return value, true }
	own, parts = secret.New(as), secret.New(as)
	hide := func(value string) {
		for _, part := range append(partEnds.Split(value, -1), value) {
			if len(part) >= partLeast {
				parts.Lookup(part)
			}
		}
	}
	own.Lookup(text)
	for _, value := range []string{u.Host, u.Path, u.Fragment} {
		hide(value)
	}
	for _, values := range u.Query() {
		for _, value := range values {
			hide(value)
		}
	}
	if u.User != nil {
		password, _ := u.User.Password()
		own.Lookup(password)
		for _, value := range []string{u.User.Username(), password} {
			parts.Lookup(value)
			hide(value)
		}
	}
	return own, parts
}
