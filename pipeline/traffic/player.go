package traffic

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Player answers requests from an archive, and asks nobody. It matches them by method,
// address and body, whatever their order; of several that are the same in these, the
// first one's answer comes first, and the last one's again and again.
type Player struct {
	began, recorded time.Time
	// same makes the values of requests comparable with those recorded.
	same func(string) string

	mu sync.Mutex
	// groups are what was recorded, by method and address without its query.
	groups map[string][]*recording
	// said are the bodies and headers of all answers: a value that is in none was made
	// by who asked.
	said    []string
	missing []Missing
	// asked is how many requests there were, answered how many of them are over.
	asked, answered int
}

// recording is an exchange, and what tells it from others.
type recording struct {
	*Exchange
	params []param
	used   bool
	// passing are the parameters of which another value will do.
	passing map[string]bool
}

// Missing is a request that the recording has no answer to.
type Missing struct {
	Method, URL string
	// Near says how what was recorded of the same address differs; "" when there is none.
	Near string
}

func (m Missing) String() string {
	text := m.Method + " " + m.URL
	if m.Near != "" {
		text += " (" + m.Near + ")"
	}
	return text
}

// NewPlayer plays an archive. same makes values of requests comparable, as one-time codes
// are replaced in what was recorded; nil leaves them.
func NewPlayer(a *Archive, same func(string) string) *Player {
	if same == nil {
		same = func(text string) string { return text }
	}
	p := &Player{began: time.Now(), same: same, groups: map[string][]*recording{}}
	for i, e := range a.Exchanges() {
		if i == 0 {
			p.recorded = e.Started
		}
		p.said = append(p.said, string(e.Body), strings.Join(append(e.Header["Location"], e.Header["Set-Cookie"]...), "\n"))
	}
	for _, e := range a.Exchanges() {
		r := &recording{Exchange: e, params: paramsOf(e.URL, e.RequestHeader, e.RequestBody), passing: map[string]bool{}}
		for _, one := range r.params {
			r.passing[one.name] = !p.isSaid(one.value)
		}
		group := groupOf(e.Method, e.URL)
		p.groups[group] = append(p.groups[group], r)
	}
	return p
}

// isSaid tells whether an answer has a value: who asks has taken it from there, and means
// that one.
func (p *Player) isSaid(value string) bool {
	return value != "" && slices.ContainsFunc(p.said, func(text string) bool { return strings.Contains(text, value) })
}

func groupOf(method string, u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return method + " " + u.Scheme + "://" + u.Host + path
}

// Missing are the requests that had no answer, each once.
func (p *Player) Missing() []Missing {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.missing)
}

// Requests tells how many requests there were, and whether one has not its whole answer yet.
func (p *Player) Requests() (asked int, underWay bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked, p.answered < p.asked
}

func (p *Player) count(which *int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*which++
}

// ServeHTTP answers a request as it was recorded.
func (p *Player) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.count(&p.asked)
	defer p.count(&p.answered)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMost))
	if err != nil {
		http.Error(w, "the request is too big", http.StatusRequestEntityTooLarge)
		return
	}
	e, near := p.find(r, body)
	if e == nil {
		p.refuse(w, r, near)
		return
	}
	if e.Status == 0 {
		panic(http.ErrAbortHandler) // as the site did
	}
	for name, values := range e.Header {
		w.Header()[name] = p.shifted(name, values)
	}
	if e.Length && !e.Cut && e.Status != http.StatusNoContent && e.Status != http.StatusNotModified {
		w.Header().Set("Content-Length", strconv.Itoa(len(e.Body)))
	}
	w.WriteHeader(e.Status)
	if !e.Length {
		_ = http.NewResponseController(w).Flush() // in parts, as it came
	}
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, bytes.NewReader(e.Body)) // who asked may have gone
	}
	if e.Cut {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// find gives what was recorded of such a request, or how what there is differs.
func (p *Player) find(r *http.Request, body []byte) (found *recording, near string) {
	asked := paramsOf(r.URL, r.Header, body)
	for i := range asked {
		asked[i].value = p.same(asked[i].value)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	best := -1
	for _, one := range p.groups[groupOf(r.Method, r.URL)] {
		differ, why := p.differences(one, asked)
		if why != "" {
			near = why
			continue
		}
		// The closest; of these the first that was not had, else the last.
		if best < 0 || differ < best || differ == best && found.used {
			best, found = differ, one
		}
	}
	if found != nil {
		found.used = true
	}
	return found, near
}

// differences counts the values that are others in passing; why says what else differs.
func (p *Player) differences(one *recording, asked []param) (count int, why string) {
	if len(one.params) != len(asked) {
		return 0, "recorded with other parameters: " + namesThatDiffer(one.params, asked)
	}
	for i, recorded := range one.params {
		now := asked[i]
		switch {
		case recorded.name != now.name:
			return 0, "recorded with other parameters: " + namesThatDiffer(one.params, asked)
		case recorded.value == now.value, isCutShort(recorded.value, now.value):
		case one.passing[recorded.name] && sameInPassing(recorded.value, one.Started, now.value, time.Now(), p.recorded):
			count++
		default:
			return 0, fmt.Sprintf("recorded with %s %q, not %q", recorded.name, short(recorded.value), short(now.value))
		}
	}
	return count, ""
}

func namesThatDiffer(recorded, asked []param) string {
	var differ []string
	for _, lists := range [][2][]param{{recorded, asked}, {asked, recorded}} {
		for _, one := range lists[0] {
			if !slices.ContainsFunc(lists[1], func(other param) bool { return other.name == one.name }) {
				differ = append(differ, one.name)
			}
		}
	}
	if len(differ) == 0 {
		return "one of them another number of times"
	}
	return strings.Join(differ, ", ")
}

// short is so much of a value as a line has room for.
func short(text string) string {
	const most = 60
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// refuse answers what was not recorded. Pictures and the like, which a page can do
// without, are not missed.
func (p *Player) refuse(w http.ResponseWriter, r *http.Request, near string) {
	if decoration(r) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	m := Missing{r.Method, r.URL.Redacted(), near}
	p.mu.Lock()
	if !slices.Contains(p.missing, m) {
		p.missing = append(p.missing, m)
	}
	p.mu.Unlock()
	http.Error(w, "the recording has no "+m.String(), http.StatusBadRequest)
}

func decoration(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "image", "font", "audio", "video", "track":
		return true
	}
	return strings.HasPrefix(r.Header.Get("Accept"), "image/") || strings.HasSuffix(r.URL.Path, "/favicon.ico")
}

// shifted moves the dates of an answer to now: a cookie that held for an hour still does.
func (p *Player) shifted(name string, values []string) []string {
	switch name {
	case "Set-Cookie", "Date", "Expires", "Last-Modified":
	default:
		return values
	}
	out := make([]string, len(values))
	for i, value := range values {
		before, date, after := "", value, ""
		if name == "Set-Cookie" {
			at := strings.Index(strings.ToLower(value), "expires=")
			if at < 0 {
				out[i] = value
				continue
			}
			before, date = value[:at+len("expires=")], value[at+len("expires="):]
			if end := strings.Index(date, ";"); end >= 0 {
				date, after = date[:end], date[end:]
			}
		}
		out[i] = value
		if t, err := http.ParseTime(strings.ReplaceAll(date, "-", " ")); err == nil && t.Year() > 1980 {
			out[i] = before + t.Add(p.began.Sub(p.recorded)).UTC().Format(http.TimeFormat) + after
		}
	}
	return out
}
