package specs

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Login is how a context logs in and how a lost session is noticed.
type Login struct {
	Accounts []Account    `yaml:"accounts" scope:"spec" doc:"who logs in; fields of your choice, as account.NAME in login and item steps"`
	Steps    []Step       `yaml:"steps" required:"true" doc:"from a blank page to the logged-in one"`
	Success  *Check       `yaml:"success" required:"true" doc:"the proof that the login worked"`
	Lost     *Lost        `yaml:"lost" doc:"the sign, seen anywhere later, that the session is gone"`
	Logout   []Step       `yaml:"logout" doc:"from any page: ends the session at the end of the run; logins are not kept then"`
	Keep     *bool        `yaml:"keep" doc:"keep the login for the next run, in sessions/ of the output folder; default true, unless there is a logout"`
	Check    expr.Address `yaml:"check" doc:"the page on which a kept login is tried by success; default navigate.home"`
	Until    *Until       `yaml:"until" doc:"how far the page of check must have come; default: navigate.until, where that page is navigate.home"`
	Tries    int          `yaml:"tries" default:"2" min:"1" doc:"how often a login may not come to success, before the run does without its account; one that the site refuses is not tried again until its credentials change"`
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
	pool := document.Find(root, "pool")
	if pool.Kind == yaml.AliasNode {
		pool = pool.Alias
	}
	if s.Pool.PerAccount > 0 {
		if document.Find(pool, "contexts") != pool {
			d.FaultAt(d.Pos(document.Find(pool, "contexts_per_account")), "pool", "give one of contexts and contexts_per_account")
		}
		s.Pool.Contexts = s.Pool.PerAccount * max(1, s.accounts())
	} else if document.Find(pool, "contexts") == pool {
		s.Pool.Contexts = max(s.Pool.Contexts, s.accounts())
	}
	if !s.Account.Empty() && s.Pool.Contexts < s.accounts() {
		d.FaultAt(d.Pos(pool), "pool.contexts", "%d is fewer than the %d accounts that items may name: use contexts_per_account", s.Pool.Contexts, s.accounts())
	}
	if !s.Account.Empty() && s.accounts() == 0 {
		d.FaultAt(d.Pos(document.Find(root, "account")), "account", "login has no accounts that an item could name")
	}
	if s.Login != nil {
		d.checkLogin(document.Find(root, "login"), s)
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
		d.FaultAt(d.Pos(document.Find(at, "keep")), "login.keep", "a login that logout ends cannot be kept: leave one of the two out")
	}
	lost := s.Login.Lost
	if lost == nil {
		return
	}
	if !lost.Any() {
		d.FaultAt(d.Pos(document.Find(at, "lost")), "login.lost", "give one of url, selector, text and status at least")
	}
	for _, selector := range lost.Selector {
		node := document.Find(document.Find(at, "lost"), "selector")
		if err := parseCSS(selector); err != nil {
			d.FaultAt(d.Pos(node), "login.lost.selector", "the selector %q does not parse: %v", selector, err)
		} else if why := notCSS(selector); why != "" {
			d.FaultAt(d.Pos(node), "login.lost.selector", "%q is not CSS that a page itself knows: it watches for this without Playwright; use plain CSS, or text", why)
		}
	}
	for _, status := range lost.Status {
		if status < 400 || status > 599 {
			d.FaultAt(d.Pos(document.Find(document.Find(at, "lost"), "status")), "login.lost.status", "%d is no status of an error: want 400 to 599", status)
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

// Account is the set of fields with which one account logs in.
type Account map[string]*expr.Template

func (a *Account) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	*a = Account{}
	d.templates(n, at, func(name string, t *expr.Template) {
		(*a)[name] = t
		if !slices.Contains(d.env.Account, name) {
			d.env.Account = append(d.env.Account, name)
		}
	})
}

// Values evaluates the account's fields.
func (a Account) Values(values expr.Values) (map[string]any, error) {
	out := make(map[string]any, len(a))
	for name, t := range a {
		v, err := t.Text(values)
		if err != nil {
			return nil, err
		}
		out[name] = v
	}
	return out, nil
}
