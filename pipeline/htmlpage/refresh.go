package htmlpage

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html/atom"
)

// refreshSoon is the longest wait of a page that leads on by itself that is waited for;
// refreshNever is what is a session's end, and not the way on.
const (
	refreshSoon   = time.Second
	refreshNever  = 30 * time.Second
	refreshesMost = 10
)

var refreshPattern = regexp.MustCompile(`(?i)^\s*(\d*(?:\.\d*)?)\s*(?:[;,\s]\s*(?:url\s*=\s*)?["']?\s*([^"']*))?`)

// refresh gives where the page leads on to by itself, "" for nowhere.
func (p *Page) refresh(answer *http.Response) (time.Duration, string) {
	if p.doc == nil {
		return 0, ""
	}
	said := answer.Header.Get("Refresh")
	for n := range p.doc.elements(p.doc.root) {
		if said == "" && n.DataAtom == atom.Meta && strings.EqualFold(attr(n, "http-equiv"), "refresh") {
			said = attr(n, "content")
		}
	}
	found := refreshPattern.FindStringSubmatch(said)
	if found == nil || strings.TrimSpace(found[2]) == "" {
		return 0, ""
	}
	seconds, _ := strconv.ParseFloat(found[1], 64)
	to, err := p.doc.base.Parse(strings.TrimSpace(found[2]))
	wait := time.Duration(min(seconds, 3600) * float64(time.Second))
	if err != nil || wait > refreshNever {
		return 0, ""
	}
	return wait, to.String()
}
