package session

import (
	"context"
	_ "embed"
	"maps"
	"slices"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/specs"
	"pipe/steps"
)

// The pages of a context share its databases by themselves; to another context
// they are carried. Playwright can, and its Go port cannot ask for it.

//go:embed indexed_db_read.js
var databasesReader string

//go:embed indexed_db_write.js
var databasesWriter string

// mostOfDatabase is how much of one database is carried, in bytes: a login is
// small, and what is large is a store of what the site shows.
const mostOfDatabase = 4 << 20

// databases are those of a login, as text, by their origins.
type databases map[string]string

// visited notes an origin that a page of the session shows.
func (s *session) visited(url string) {
	if !strings.HasPrefix(url, "http") {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.origins[specs.OriginOf(url)] = true
}

func (s *session) visitedOrigins() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.origins))
}

// readDatabases reads the databases of all origins that the session's pages have
// shown: where they are shown, or else on a page of its own. Those that cannot be
// read stay as they were known.
func (p *Pool) readDatabases(ctx context.Context, s *session, known databases) databases {
	all := databases{}
	maps.Copy(all, known)
	var aside *browser.Page
	defer func() {
		if aside != nil {
			aside.Discard()
		}
	}()
	for _, origin := range s.visitedOrigins() {
		of := p.databasesShown(ctx, s.showing(origin), origin)
		if of == nil && aside == nil {
			var err error
			if aside, err = s.home.NewPage(ctx); err != nil {
				p.log.WarnContext(ctx, "the databases of a login could not be read", "session", s.name, "error", err)
				return all
			}
		}
		if of == nil {
			err := p.atOrigin(ctx, aside.Playwright(), origin, func() error {
				answer, err := aside.Playwright().Evaluate(databasesReader, mostOfDatabase)
				of = browser.Fields(answer)
				return err
			})
			if err != nil {
				p.log.WarnContext(ctx, "the databases of a login could not be read", "session", s.name, "site", origin, "error", err)
				continue
			}
		}
		delete(all, origin)
		if text := browser.Text(of["databases"]); text != "" {
			all[origin] = text
		}
		if left, _ := of["left"].([]any); len(left) > 0 {
			p.log.InfoContext(ctx, "databases of the site are not kept: they hold what cannot be carried, or too much", "session", s.name, "site", origin, "databases", len(left))
		}
	}
	return all
}

// databasesShown reads the databases of an origin on a page that shows it, which is
// left where it is: an item may be under way on it. It gives nil where the page has gone
// elsewhere meanwhile, or there is none.
func (p *Pool) databasesShown(ctx context.Context, on playwright.Page, origin string) map[string]any {
	if on == nil {
		return nil
	}
	answer, err := steps.CallWithin(ctx, p.opts.Browser.CloseLimit, "reading the databases of "+origin, func() (any, error) {
		return on.Evaluate(databasesReader, mostOfDatabase)
	})
	of := browser.Fields(answer)
	if err != nil || specs.OriginOf(browser.Text(of["origin"])) != origin {
		return nil
	}
	return of
}

// writeDatabases puts the databases of a login into a new context.
func (p *Pool) writeDatabases(ctx context.Context, in *browser.Context, all databases) error {
	if len(all) == 0 {
		return nil
	}
	page, err := in.NewPage(ctx)
	if err != nil {
		return err
	}
	defer page.Discard()
	on := page.Playwright()
	for _, origin := range slices.Sorted(maps.Keys(all)) {
		err := p.atOrigin(ctx, on, origin, func() error {
			_, err := on.Evaluate(databasesWriter, all[origin])
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// showing gives a page of the session that shows the origin, nil for none.
func (s *session) showing(origin string) playwright.Page {
	for _, pg := range s.all() {
		if pg.Context == s.home && pg.Alive() && !pg.busy.Load() && specs.OriginOf(pg.Playwright().URL()) == origin {
			return pg.Playwright()
		}
	}
	return nil
}

// besidePath is an address of a site which nobody asks it for.
const besidePath = "/.well-known/pipe-storage"

// atOrigin does something on a page while it shows the origin: the page as it is,
// or an empty one that the site is not asked for.
func (p *Pool) atOrigin(ctx context.Context, on playwright.Page, origin string, f func() error) error {
	return steps.DoWithin(ctx, p.opts.Browser.CloseLimit, "reaching the storage of "+origin, func() error {
		if specs.OriginOf(on.URL()) == origin {
			return f()
		}
		return emptyPage(on, origin+besidePath, f)
	})
}

// emptyPage does something on a page while it shows an empty one at the address.
func emptyPage(on playwright.Page, address string, f func() error) error {
	const all = "**/*"
	empty := "<!doctype html>"
	kind := "text/html"
	err := on.Route(all, func(r playwright.Route) {
		// A page that closes meanwhile wants no answer.
		_ = r.Fulfill(playwright.RouteFulfillOptions{Body: empty, ContentType: &kind})
	})
	if err != nil {
		return err
	}
	if _, err := on.Goto(address, playwright.PageGotoOptions{WaitUntil: playwright.WaitUntilStateDomcontentloaded}); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	return on.Unroute(all)
}
