package htmlpage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/client"
	"pipe/steps"
)

// formsPage has the links and forms that are followed and sent off both ways.
const formsPage = `<!doctype html><meta charset="%s"><title>Forms</title>
<a id="plain" href="/there?x=1&amp;y=%%20z#part">plain</a> <a id="hidden" href="/there" rel="noreferrer">no referrer</a>
<a id="policy" href="/there" referrerpolicy="origin">origin alone</a> <a id="inner" href="two/../three"><b>inner</b></a> <a id="led" href="/led">led on</a>
<a id="refreshed" href="/refreshed">refreshed</a> <a id="cookie" href="/cookie">sets a cookie</a> <a id="anchor" href="#part">anchor</a>
<form id="get" action="/search?old=1"><input name="q" value="a b&amp;c"><input name="é" value="ä€ü"><input type="hidden" name="token" value="t&#10;u">
<input name="off" value="x" disabled><input value="nameless"><input type="checkbox" name="box" checked><input type="checkbox" name="box2" value="2">
<input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked><select name="s"><option>One<option value="2" selected>Two</select>
<select name="m" multiple><option selected>a<option>b<option selected>c</select><textarea name="t">line 1
line 2</textarea><fieldset disabled><input name="in-disabled" value="1"></fieldset><datalist><input name="in-list" value="1"></datalist>
<input type="submit" name="go" value="Go"><input type="submit" name="other" value="Other"><button name="b" value="bv">B</button><input type="file" name="f"></form>
<form id="post" method="post" action="/post"><input name="q" value="ü ~*-._()'!"><input type="hidden" name="_charset_"><button formaction="/post2">elsewhere</button>
<button id="as-get" formmethod="get">as get</button><button id="multi" formenctype="multipart/form-data" name="n&quot;1" value="v">multi</button>
<button id="as-text" formenctype="text/plain">text</button><input type="file" name="file"></form>
<form id="here" method="post"><label>Remarks <textarea name="remarks"></textarea></label><label for="far">Far</label><button>here</button></form>
<input id="far" name="far" form="here" type="email"><form id="enter" action="/enter"><input name="e"></form>
<form id="needs" action="/needs"><input name="n" required><button>send</button></form>
<h2 id="part">Part</h2>`

// journal is what a site was asked for.
type journal struct {
	mu   sync.Mutex
	seen []string
}

var boundaries = regexp.MustCompile(`----WebKitFormBoundary\w+`)

func (j *journal) note(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if strings.HasSuffix(r.URL.Path, ".ico") {
		return
	}
	line := []string{r.Method, r.URL.RequestURI()}
	for _, name := range []string{"Content-Type", "Referer", "Origin", "Cookie", "Upgrade-Insecure-Requests", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-User", "Sec-Fetch-Dest", "User-Agent"} {
		line = append(line, name+": "+r.Header.Get(name))
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seen = append(j.seen, boundaries.ReplaceAllString(strings.Join(append(line, string(body)), "\n  "), "BOUNDARY"))
}

func (j *journal) take() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	seen := j.seen
	j.seen = nil
	return seen
}

func formsSite(t *testing.T) (*httptest.Server, *journal) {
	t.Helper()
	j := &journal{}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		charset := r.URL.Query().Get("charset")
		if charset == "" {
			charset = "utf-8"
		}
		j.note(r)
		w.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/led":
			http.Redirect(w, r, "/led/on?a=1", http.StatusFound)
		case "/post2":
			http.Redirect(w, r, "/there", http.StatusSeeOther)
		case "/refreshed":
			fmt.Fprint(w, `<!doctype html><meta http-equiv="refresh" content="0; url='/there?r=1'">`)
		case "/cookie":
			http.SetCookie(w, &http.Cookie{Name: "set", Value: "by the site", Path: "/"})
			fmt.Fprint(w, `<!doctype html><a id="next" href="/there">next</a>`)
		case "/forms":
			fmt.Fprintf(w, formsPage, charset)
		default:
			fmt.Fprint(w, `<!doctype html><p>there`)
		}
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	return site, j
}

// testSession is a session that nothing ends.
type testSession struct {
	cookies *client.Cookies
	via     *client.Transport
	agent   string
}

func (s *testSession) Send(ctx context.Context, r *client.Request) (*http.Response, error) {
	r.UserAgent = s.agent
	return r.DoWith(ctx, s.cookies, s.via)
}

func (*testSession) Settle(context.Context)       {}
func (*testSession) LostAt(string) bool           { return false }
func (*testSession) LostBy(int, string) bool      { return false }
func (*testSession) Signs() (all, texts []string) { return nil, nil }
func (*testSession) LoseSession()                 {}

func withSession(t *testing.T, base, agent string) *Page {
	t.Helper()
	s := &testSession{agent: agent}
	var err error
	if s.cookies, err = client.NewCookies(); err != nil {
		t.Fatal(err)
	}
	if s.via, err = client.NewTransport(client.ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{Locale: playwright.String("en-US")}}); err != nil {
		t.Fatal(err)
	}
	p := New(s, base)
	p.Begin(t.Context())
	return p
}

// doings are done to a page in a browser and to one without.
var doings = map[string]func(p playwright.Page) error{
	"a link":                    clicking("#plain"),
	"a link without Referer":    clicking("#hidden"),
	"a link with its origin":    clicking("#policy"),
	"in a link":                 clicking("#inner b"),
	"a link that leads on":      clicking("#led"),
	"a page that leads on":      clicking("#refreshed"),
	"a cookie":                  clicking("#cookie", "#next"),
	"within the page":           clicking("#anchor"),
	"a form":                    clicking("#get [name=go]"),
	"a form by another button":  clicking("#get button"),
	"a form by POST":            clicking("#post >> text=elsewhere"),
	"a form by its button":      clicking("#as-get"),
	"a form in parts":           clicking("#multi"),
	"a form as text":            clicking("#as-text"),
	"a form reset":              clicking("#get [name=box]", "#get [name=go]"),
	"a label":                   clicking("#get >> nth=0 >> [name=box2]", "#get [name=other]"),
	"a form that is filled":     filling,
	"a form that is chosen of":  choosing,
	"Enter":                     entering,
	"the page again, and again": func(p playwright.Page) error { _, err := p.Goto("/there?again=1#x"); return err },
}

func clicking(selectors ...string) func(playwright.Page) error {
	return func(p playwright.Page) error {
		for _, one := range selectors {
			if err := p.Locator(one).First().Click(); err != nil {
				return err
			}
			if err := loaded(p); err != nil {
				return err
			}
		}
		return nil
	}
}

// loaded waits until a page is loaded.
func loaded(p playwright.Page) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return steps.WaitForState(ctx, p, *playwright.LoadStateLoad)
}

// awaitURL waits until a page has an address, in short waits: the driver's library may miss
// one that comes as it begins to listen.
func awaitURL(p playwright.Page, glob string) error {
	for end := time.Now().Add(time.Minute); ; {
		err := p.WaitForURL(glob, playwright.PageWaitForURLOptions{Timeout: playwright.Float(250)})
		if !errors.Is(err, playwright.ErrTimeout) || time.Now().After(end) {
			return err
		}
	}
}

func filling(p playwright.Page) error {
	return errors.Join(p.GetByLabel("Remarks").Fill("one\ntwo ß €"), p.GetByLabel("Far").Fill("a@b.c"), p.Locator("#here button").Click())
}

func choosing(p playwright.Page) error {
	_, one := p.Locator("[name=s]").SelectOption(playwright.SelectOptionValues{ValuesOrLabels: &[]string{"One"}})
	_, many := p.Locator("[name=m]").SelectOption(playwright.SelectOptionValues{ValuesOrLabels: &[]string{"b", "c"}})
	return errors.Join(one, many, p.Locator("[name=r][value='1']").SetChecked(true), p.Locator("[name=box]").SetChecked(false), p.Locator("[name=box2]").SetChecked(true), p.Locator("#get [name=go]").Click())
}

func entering(p playwright.Page) error {
	return errors.Join(p.Locator("[name=e]").Fill("x"), p.Locator("[name=e]").Press("Enter"))
}

// compareRequests does the same both ways, and compares what the site was asked for.
func compareRequests(t *testing.T, real playwright.Page) {
	t.Helper()
	site, asked := formsSite(t)
	agent, err := real.Evaluate("navigator.userAgent")
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range doings {
		for _, charset := range []string{"utf-8", "iso-8859-1"} {
			var both [2][]string
			var at [2]string
			for i, p := range []playwright.Page{real, withSession(t, site.URL, fmt.Sprint(agent))} {
				if i == 0 {
					_ = real.Context().ClearCookies()
				}
				_, err := p.Goto(site.URL + "/forms?charset=" + charset)
				if err == nil {
					err = do(&based{p, site.URL})
				}
				if err == nil {
					err = loaded(p)
				}
				if i == 0 && name == "a page that leads on" {
					err = awaitURL(p, "**/there?r=1")
				}
				if err != nil {
					t.Errorf("%s, %s: %v", name, charset, err)
				}
				both[i], at[i] = asked.take(), p.URL()
			}
			if one, other := strings.Join(both[0], "\n"), strings.Join(both[1], "\n"); one != other || at[0] != at[1] {
				t.Errorf("%s, %s:\n got %s at %s\nwant %s at %s", name, charset, other, at[1], one, at[0])
			}
		}
	}
}

// based opens addresses relative to a site's.
type based struct {
	playwright.Page
	base string
}

func (b *based) Goto(url string, options ...playwright.PageGotoOptions) (playwright.Response, error) {
	return b.Page.Goto(b.base+url, options...)
}

// What a browser would not do, or only it can, is told as what needs a page.
func TestNeedsPage(t *testing.T) {
	t.Parallel()
	p := static(t, `<!doctype html><a href="#">script</a><a id=js href="javascript:go()">js</a><div id=d>div</div><button type=button>dead</button>
<form onsubmit="x()"><button id=s>s</button></form><a id=tab href=/x target=_blank>tab</a><iframe id=f></iframe><input id=no disabled><b hidden id=h>x</b>
<form><input name=n required><button id=r>r</button></form><span onclick="x()"><a id=o href=/y>o</a></span>`)
	for _, selector := range []string{"text=script", "#js", "#d", "text=dead", "#s", "#tab", "#no", "#h", "#r", "#o", "#none", "a"} {
		var needs *steps.NeedsPageError
		if err := p.Locator(selector).Click(); !errors.As(err, &needs) {
			t.Errorf("clicking %s: %v", selector, err)
		}
	}
	for _, selector := range []string{"div:near(a)", "css=p:hover", "_react=X", "xpath=//a/@href", "*css=a >> b"} {
		var needs *steps.NeedsPageError
		if _, err := p.Locator(selector).Count(); !errors.As(err, &needs) {
			t.Errorf("looking for %s: %v", selector, err)
		}
	}
	var needs *steps.NeedsPageError
	if _, err := p.FrameLocator("#f").Locator("a").Count(); !errors.As(err, &needs) {
		t.Errorf("a frame: %v", err)
	}
}
