package specs

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Pool sizes the run.
type Pool struct {
	Contexts   int      `yaml:"contexts" default:"2" min:"1" doc:"logged-in browser contexts in all, spread over the accounts; the default is 2, or the number of accounts if that is higher"`
	PerAccount int      `yaml:"contexts_per_account" doc:"logged-in browser contexts of each account, instead of contexts; 1 for a site that allows an account one session"`
	Pages      int      `yaml:"pages" default:"1" min:"1" doc:"pages that work at once in each context"`
	PagesMin   int      `yaml:"pages_min" default:"1" min:"1" doc:"the fewest pages at work, over all contexts, when the site is in trouble"`
	Adaptive   bool     `yaml:"adaptive" default:"true" doc:"fewer pages at work while the site is slow or fails, more when it is well again"`
	Fetches    int      `yaml:"fetches" default:"8" min:"1" doc:"files that may be on their way at once without a page"`
	Block      []string `yaml:"block" enum:"image,font,media,stylesheet" doc:"what pages need not load"`
	Pace       Pace     `yaml:"pace" doc:"how fast items may follow each other"`
	Recycle    Recycle  `yaml:"recycle" doc:"when contexts and browsers are made new, so that a long run stays small; the logins are kept"`
}

// Recycle bounds the life of contexts and browsers.
type Recycle struct {
	Context int  `yaml:"context" default:"200" doc:"items after which a context is made new; 0 is never"`
	Browser int  `yaml:"browser" default:"2000" doc:"items after which the browser is made new; 0 is never"`
	Memory  Size `yaml:"memory" default:"2GB" doc:"memory of browser and driver above which they are made new; 0 is never"`
}

// Login is how a context logs in and how a lost session is noticed.
type Login struct {
	Accounts []Account `yaml:"accounts" scope:"spec" doc:"who logs in; fields of your choice, as account.NAME in login and item steps"`
	Steps    []Step    `yaml:"steps" required:"true" doc:"from a blank page to the logged-in one"`
	Success  *Check    `yaml:"success" required:"true" doc:"the proof that the login worked"`
	Lost     *Lost     `yaml:"lost" doc:"the sign, seen anywhere later, that the session is gone"`
	Logout   []Step    `yaml:"logout" doc:"from any page: ends the session at the end of the run; logins are not kept then"`
	Keep     *bool     `yaml:"keep" doc:"keep the login for the next run, in sessions/ of the output folder; default true, unless there is a logout"`
	Check    Template  `yaml:"check" doc:"the page on which a kept login is tried by success; default navigate.home"`
	Tries    int       `yaml:"tries" default:"2" min:"1" doc:"how often an account may fail to log in before the run does without it"`
}

// Keeps tells whether logins are kept for the next run.
func (l *Login) Keeps() bool {
	if l.Keep == nil {
		return len(l.Logout) == 0
	}
	return *l.Keep
}

// Lost is the sign of a lost session: any of its fields.
type Lost struct {
	URL      []string `yaml:"url" short:"true" doc:"a glob of the login page's address"`
	Selector []string `yaml:"selector" doc:"plain CSS; the session is gone when it can be seen"`
	Text     []string `yaml:"text" doc:"the session is gone when a page shows this text, in capitals or not"`
	Status   []int    `yaml:"status" doc:"the session is gone when the site answers so, as 401"`
}

// Any tells whether the spec names a sign.
func (l *Lost) Any() bool { return len(l.URL)+len(l.Selector)+len(l.Text)+len(l.Status) > 0 }

// checkSessions finds what is wrong between the fields of login, pool and
// browser.context.
func (d *decoder) checkSessions(root *yaml.Node, s *Spec) {
	pool := find(root, "pool")
	if pool.Kind == yaml.AliasNode {
		pool = pool.Alias
	}
	if s.Pool.PerAccount > 0 {
		if find(pool, "contexts") != pool {
			d.faultAt(d.pos(find(pool, "contexts_per_account")), "pool", "give one of contexts and contexts_per_account")
		}
		s.Pool.Contexts = s.Pool.PerAccount * max(1, s.accounts())
	} else if find(pool, "contexts") == pool {
		s.Pool.Contexts = max(s.Pool.Contexts, s.accounts())
	}
	if !s.Account.Empty() && s.Pool.Contexts < s.accounts() {
		d.faultAt(d.pos(pool), "pool.contexts", "%d is fewer than the %d accounts that items may name: use contexts_per_account", s.Pool.Contexts, s.accounts())
	}
	if !s.Account.Empty() && s.accounts() == 0 {
		d.faultAt(d.pos(find(root, "account")), "account", "login has no accounts that an item could name")
	}
	if s.Login != nil {
		d.checkLogin(find(root, "login"), s)
	}
}

func (s *Spec) accounts() int {
	if s.Login == nil {
		return 0
	}
	return len(s.Login.Accounts)
}

func (d *decoder) checkLogin(at *yaml.Node, s *Spec) {
	if len(s.Login.Logout) > 0 && s.Login.Keep != nil && *s.Login.Keep {
		d.faultAt(d.pos(find(at, "keep")), "login.keep", "a login that logout ends cannot be kept: leave one of the two out")
	}
	lost := s.Login.Lost
	if lost == nil {
		return
	}
	if !lost.Any() {
		d.faultAt(d.pos(find(at, "lost")), "login.lost", "give one of url, selector, text and status at least")
	}
	for _, selector := range lost.Selector {
		node := find(find(at, "lost"), "selector")
		if err := parseCSS(selector); err != nil {
			d.faultAt(d.pos(node), "login.lost.selector", "the selector %q does not parse: %v", selector, err)
		} else if why := notCSS(selector); why != "" {
			d.faultAt(d.pos(node), "login.lost.selector", "%q is not CSS that a page itself knows: it watches for this without Playwright; use plain CSS, or text", why)
		}
	}
	for _, status := range lost.Status {
		if status < 400 || status > 599 {
			d.faultAt(d.pos(find(find(at, "lost"), "status")), "login.lost.status", "%d is no status of an error: want 400 to 599", status)
		}
	}
}

// notCSS names what only Playwright knows in a selector, "" for nothing.
func notCSS(selector string) string {
	own := []string{
		">>", "text=", "xpath=", "id=", "role=", ":has-text(", ":text(", ":text-is(", ":text-matches(", ":visible",
		":right-of(", ":left-of(", ":above(", ":below(", ":near(", ":nth-match(",
	}
	if i := slices.IndexFunc(own, func(s string) bool { return strings.Contains(selector, s) && !strings.Contains(selector, "["+s) }); i >= 0 {
		return own[i]
	}
	return ""
}
