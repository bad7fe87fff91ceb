package browser

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// Context is one browser context. It is closed once it has been left and no
// attempt is under way in it.
type Context struct {
	Browser    *Browser
	Playwright playwright.BrowserContext
	// Transport asks beside the browser as the context's pages would.
	Transport Transport
	// UserAgent is how the browser names itself; the first page of the context
	// says.
	UserAgent string
	naming    sync.Mutex

	// uses are the attempts that are under way in it.
	uses *refcount
	// last is done before the context is closed; it may be nil.
	last func(ctx context.Context)
	// spoiled is true once its pages only fail, unserved once its proxy does not
	// serve it.
	spoiled, unserved atomic.Bool
}

// Transport is a way to ask beside the browser.
type Transport interface {
	http.RoundTripper
	// Headers gives those of the spec for an address, Trusted the origins that it
	// names.
	Headers(address string) map[string]string
	Trusted() []string
	Close()
}

// NewContext opens a context, which leaves the transport closed in the end.
// headers are what its requests have beside their own; it may be nil.
func (b *Browser) NewContext(ctx context.Context, opts playwright.BrowserNewContextOptions, via Transport, headers *OwnHeaders) (*Context, error) {
	if headers != nil {
		if err := b.putHeaders(ctx, *headers); err != nil {
			return nil, err
		}
		if headers.Mark != "" {
			opts.ExtraHttpHeaders = map[string]string{markHeader: headers.Mark}
		}
	}
	pw, err := steps.CallWithin(ctx, CallLimit, "opening a browser context", func() (playwright.BrowserContext, error) { return b.pw.NewContext(opts) })
	if err != nil {
		return nil, err
	}
	c := &Context{Browser: b, Playwright: pw, Transport: via}
	b.contexts.enter()
	c.uses = newRefcount(func() { b.supervisor.closeSoon("closing a browser context", c.close) })
	if e := b.supervisor.opts.Extension; e != nil {
		if err := e.ContextOpened(ctx, pw); err != nil {
			c.Leave(nil)
			return nil, err
		}
	}
	return c, nil
}

func (c *Context) close(ctx context.Context) error {
	defer c.Browser.contexts.exit()
	defer c.Transport.Close()
	if c.last != nil {
		c.last(ctx)
	}
	return c.Playwright.Close()
}

// Enter says that an attempt begins in the context, Exit that it is over.
func (c *Context) Enter() { c.uses.enter() }

// Exit takes one Enter back.
func (c *Context) Exit() { c.uses.exit() }

// Leave says that nobody enters any more. The context is closed once nothing is
// under way in it, after last, which may be nil.
func (c *Context) Leave(last func(ctx context.Context)) {
	c.last = last
	c.uses.leave()
}

// Spoil says that the context's pages only fail, Spoiled tells so.
func (c *Context) Spoil() { c.spoiled.Store(true) }

// Spoiled tells whether the context's pages only fail.
func (c *Context) Spoiled() bool { return c.spoiled.Load() }

// FailProxy says that the proxy does not serve the context.
func (c *Context) FailProxy() { c.unserved.Store(true) }

// ProxyFailed tells whether the proxy does not serve the context.
func (c *Context) ProxyFailed() bool { return c.unserved.Load() }
