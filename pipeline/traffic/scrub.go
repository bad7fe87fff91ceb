package traffic

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"pipe/specs/secret"
)

// leastPersonal is how many characters a personal value has at least that is replaced:
// shorter ones are found in any text.
const leastPersonal = 3

// Scrubber takes out of what was recorded what is not to be kept: secrets, session cookies
// and tokens, and personal values. Each is replaced by one placeholder wherever it stands,
// so that what belongs together still does.
type Scrubber struct {
	// ReadPDF gives the text of a PDF, and how many pages it has.
	ReadPDF func(ctx context.Context, pdf []byte) (text string, pages int, err error)

	by map[string]string
	// hidden are the values that must be nowhere in the end, each with what it is.
	hidden map[string]string
	// codes are one-time codes, which are replaced in requests alone.
	codes    *strings.Replacer
	replacer *strings.Replacer
	// placeholders are those of the secrets, by name.
	placeholders map[string]string
	// tokens is how many of the site's are replaced.
	tokens int
	// TooShort counts personal values that are left, Unread the files whose text could
	// not be read.
	TooShort int
	Unread   []string
}

// NewScrubber takes out the secrets, by name, and their one-time codes.
func NewScrubber(secrets map[string]string, codes []string) *Scrubber {
	s := &Scrubber{by: map[string]string{}, hidden: map[string]string{}, placeholders: map[string]string{}}
	for n, name := range slices.Sorted(mapsKeys(secrets)) {
		value := secrets[name]
		if value == "" {
			s.placeholders[name] = ""
			continue
		}
		if by, known := s.by[value]; known {
			s.placeholders[name] = by
			continue
		}
		by := placeholder(n+1, value)
		s.placeholders[name] = by
		if len(value) > 2 && by != value {
			s.hide(value, by, "the secret "+name)
		}
	}
	s.codes = codeReplacer(codes)
	return s
}

func (s *Scrubber) hide(value, by, what string) {
	if _, known := s.by[value]; !known {
		s.by[value], s.hidden[value], s.replacer = by, what, nil
	}
}

// hideToken hides the forms of a token, which have one placeholder.
func (s *Scrubber) hideToken(t token) {
	by := ""
	for _, form := range t.forms {
		if by == "" {
			by = s.by[form]
		}
	}
	if by == "" {
		s.tokens++
		by = placeholderToken(s.tokens)
	}
	for _, form := range t.forms {
		s.hide(form, by, t.what)
	}
}

// Placeholders are the values that the secrets have in the recording, by name.
func (s *Scrubber) Placeholders() map[string]string { return s.placeholders }

// Personal takes values of a column out. All in the recording that is the same is replaced
// by one other value, of the same length and kind of characters.
func (s *Scrubber) Personal(column string, values ...string) {
	for _, value := range values {
		switch {
		case strings.TrimSpace(value) == "":
		case len([]rune(value)) < leastPersonal:
			s.TooShort++
		default:
			s.hide(value, alike(value), "a value of "+column)
		}
	}
}

// Text replaces all that is to be replaced in a text.
func (s *Scrubber) Text(text string) string {
	if s.replacer == nil {
		s.replacer = s.newReplacer()
	}
	return s.replacer.Replace(s.inBase64(text))
}

// newReplacer replaces every form of every value, the longest first: one may hold another.
func (s *Scrubber) newReplacer() *strings.Replacer {
	known := map[string]string{}
	for _, value := range slices.Sorted(mapsKeys(s.by)) {
		pairs := secret.Replacements(value, s.by[value])
		latin, err := charmap.Windows1252.NewEncoder().String(value)
		latinBy, errBy := charmap.Windows1252.NewEncoder().String(s.by[value])
		if err == nil && errBy == nil && latin != value {
			pairs = append(pairs, latin, latinBy)
		}
		for i := 0; i < len(pairs); i += 2 {
			if _, there := known[pairs[i]]; !there {
				known[pairs[i]] = pairs[i+1]
			}
		}
	}
	forms := slices.SortedFunc(mapsKeys(known), func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	var pairs []string
	for _, form := range forms {
		pairs = append(pairs, form, known[form])
	}
	return strings.NewReplacer(pairs...)
}

// Scrub gives the archive without what is to be taken out.
func (s *Scrubber) Scrub(ctx context.Context, a *Archive) (*Archive, error) {
	for _, e := range a.Exchanges() {
		for _, token := range tokensOf(e) {
			s.hideToken(token)
		}
	}
	out := &Archive{}
	for _, e := range a.Exchanges() {
		scrubbed, err := s.exchange(ctx, e)
		if err != nil {
			return nil, err
		}
		out.Add(scrubbed)
	}
	return out, nil
}

// notKept are headers that tell more of who has recorded than a test needs.
var (
	notAsked    = []string{"Cookie", "Content-Length", "User-Agent", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform", "Accept-Language", "Proxy-Connection", "Connection", "Accept-Encoding"}
	notAnswered = []string{"Content-Encoding", "Strict-Transport-Security", "Alt-Svc", "Report-To", "Nel", "Etag", "Content-Md5", "Digest", "Content-Digest"}
)

func (s *Scrubber) exchange(ctx context.Context, e *Exchange) (*Exchange, error) {
	out := *e
	address, err := url.Parse(s.Text(s.codes.Replace(e.URL.String())))
	if err != nil {
		return nil, err
	}
	out.URL = address
	out.URL.User = nil
	out.RequestHeader = s.header(e.RequestHeader, notAsked)
	if out.RequestHeader.Get("Authorization") != "" {
		out.RequestHeader.Set("Authorization", "scrubbed") // that there is one tells requests apart
	}
	out.RequestBody = []byte(s.Text(s.codes.Replace(string(e.RequestBody))))
	out.Header = s.header(e.Header, notAnswered)
	out.Body, err = s.body(ctx, e)
	if length, not := strconv.Atoi(out.Header.Get("Content-Length")); e.Cut && not == nil {
		out.Header.Set("Content-Length", strconv.Itoa(length+len(out.Body)-len(e.Body))) // so much is still missing
	}
	return &out, err
}

func (s *Scrubber) header(header http.Header, without []string) http.Header {
	out := http.Header{}
	for name, values := range header {
		if slices.Contains(without, name) {
			continue
		}
		for _, value := range values {
			out[name] = append(out[name], s.Text(value))
		}
	}
	return out
}

// Leaks names what is still in the archive of what was to be taken out, in any form.
func (s *Scrubber) Leaks(ctx context.Context, a *Archive, more ...string) []string {
	var texts []string
	for _, e := range a.Exchanges() {
		texts = append(texts, e.URL.String(), string(e.RequestBody), string(e.Body))
		for _, header := range []http.Header{e.RequestHeader, e.Header} {
			for _, values := range header {
				texts = append(texts, values...)
			}
		}
		texts = append(texts, s.inside(ctx, e)...)
	}
	texts = append(texts, more...)
	var found []string
	for value, what := range s.hidden {
		for _, form := range secretForms(value) {
			if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, form) }) {
				found = append(found, what)
				break
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// secretForms are those in which a value is looked for.
func secretForms(value string) []string {
	pairs := secret.Replacements(value, value)
	var forms []string
	for i := 0; i < len(pairs); i += 2 {
		forms = append(forms, pairs[i])
	}
	return forms
}
