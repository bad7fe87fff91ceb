package session

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/specs"
	"pipe/steps"
)

// Each tab has a sessionStorage of its own. A login that lives there is carried
// to every page of the session, and nothing else is: what a page keeps there of
// the item that it works on is that page's. What belongs to the login is what its
// page holds when the login is done. Pages take what another has renewed as they
// are lent, never while an item is under way.

// tabStorage is a sessionStorage: what is under which key, by origin.
type tabStorage map[string]map[string]string

func (t tabStorage) clone() tabStorage {
	out := tabStorage{}
	for origin, of := range t {
		out[origin] = maps.Clone(of)
	}
	return out
}

// renewed takes in what a page holds that it did not when it was filled. A key
// that it has taken away is no part of the login any more.
func (t tabStorage) renewed(filled, holds map[string]string, origin string) {
	of := t[origin]
	for key, was := range filled {
		now, there := holds[key]
		switch {
		case !there:
			delete(of, key)
		case now != was && of != nil:
			of[key] = now
		}
	}
}

// takeStorage takes what the page of a login that is done holds for the login's.
func (p *Pool) takeStorage(ctx context.Context, s *session, pg *Page) {
	s.shared = tabStorage{}
	holds, origin, err := p.readStorage(ctx, pg, storageLimit)
	if err != nil {
		p.log.WarnContext(ctx, "the sessionStorage of a login could not be read", "session", s.name, "error", err)
		return
	}
	if len(holds) > 0 {
		s.shared[origin] = holds
	}
	pg.storage = s.shared.clone()
}

// shareStorage brings a page what the login has in sessionStorage: all of it, if
// the page is new, and else what another page has renewed.
func (p *Pool) shareStorage(ctx context.Context, s *session, pg *Page) error {
	if len(s.shared) == 0 {
		return nil
	}
	pg.busy.Store(false)
	p.gatherStorage(ctx, s)
	return p.bringStorage(ctx, pg, s.shared)
}

// bringStorage brings a page what it has not of a login's sessionStorage.
func (p *Pool) bringStorage(ctx context.Context, pg *Page, all tabStorage) error {
	for _, origin := range slices.Sorted(maps.Keys(all)) {
		news := map[string]string{}
		for key, value := range all[origin] {
			if has, filled := pg.storage[origin][key]; !filled || has != value {
				news[key] = value
			}
		}
		if len(news) == 0 {
			continue
		}
		if err := p.fillStorage(ctx, pg, origin, news); err != nil {
			return fmt.Errorf("carrying a login to another page: %w", err)
		}
	}
	pg.storage = all.clone()
	return nil
}

// storageLimit is for a page of which something is wanted that it has at hand,
// siblingLimit for one that works on an item meanwhile. If that does not answer, it is
// not asked again before it is lent again.
const (
	storageLimit = 10 * time.Second
	siblingLimit = time.Second
)

// gatherStorage finds out what the session's pages have renewed.
func (p *Pool) gatherStorage(ctx context.Context, s *session) {
	var (
		reading sync.WaitGroup
		mu      sync.Mutex
	)
	for _, pg := range s.all() {
		if pg.storage == nil || pg.Context != s.home || pg.Lost() || !pg.Alive() || pg.busy.Load() {
			continue
		}
		reading.Go(func() {
			holds, origin, err := p.readStorage(ctx, pg, siblingLimit)
			if err != nil {
				pg.busy.Store(true)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			filled := pg.storage[origin]
			s.shared.renewed(filled, holds, origin)
			for key := range filled {
				if now, there := holds[key]; there {
					filled[key] = now
				} else {
					delete(filled, key)
				}
			}
		})
	}
	reading.Wait()
}

// readStorage reads the sessionStorage of what a page shows.
func (p *Pool) readStorage(ctx context.Context, pg *Page, limit time.Duration) (holds map[string]string, origin string, err error) {
	answer, err := steps.CallWithin(ctx, limit, "reading sessionStorage", func() (any, error) {
		return pg.Playwright().Evaluate(`() => {
			try { return [location.href, {...sessionStorage}]; } catch { return [location.href, {}]; }
		}`)
	})
	if err != nil {
		return nil, "", err
	}
	pair, _ := answer.([]any)
	if len(pair) != 2 {
		return nil, "", nil
	}
	holds = map[string]string{}
	for key, value := range browser.Fields(pair[1]) {
		holds[key] = browser.Text(value)
	}
	return holds, specs.OriginOf(browser.Text(pair[0])), nil
}

// storageScript puts values where they belong, if the page is the one that is
// opened for that.
const storageScript = `(at, values) => {
	if (at && location.href !== at) return;
	for (const [key, value] of Object.entries(values)) sessionStorage.setItem(key, value);
}`

// fillStorage puts values into a page's sessionStorage. It is before any script of
// the site there, which may answer for the empty page itself, by a service worker.
func (p *Pool) fillStorage(ctx context.Context, pg *Page, origin string, values map[string]string) error {
	text, err := json.Marshal(values)
	if err != nil {
		return err
	}
	on := pg.Playwright()
	return steps.DoWithin(ctx, storageLimit, "filling sessionStorage", func() error {
		if specs.OriginOf(on.URL()) == origin {
			_, err := on.Evaluate(fmt.Sprintf("(%s)('', %s)", storageScript, text))
			return err
		}
		pg.fills++
		at := fmt.Sprintf("%s%s?%d", origin, besidePath, pg.fills)
		script := fmt.Sprintf("(%s)(%q, %s)", storageScript, at, text)
		if err := on.AddInitScript(playwright.Script{Content: &script}); err != nil {
			return err
		}
		return emptyPage(on, at, func() error { return nil })
	})
}

// dropStorage takes a login that holds no more out of its page: the page where one
// logs in may take it for one that does.
func (p *Pool) dropStorage(ctx context.Context, s *session, pg *Page) error {
	held := s.shared
	s.shared = nil
	pg.storage = nil
	for _, origin := range slices.Sorted(maps.Keys(held)) {
		err := p.atOrigin(ctx, pg.Playwright(), origin, func() error {
			_, err := pg.Playwright().Evaluate("keys => keys.forEach(key => sessionStorage.removeItem(key))", slices.Sorted(maps.Keys(held[origin])))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
