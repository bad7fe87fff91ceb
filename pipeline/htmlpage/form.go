package htmlpage

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"

	"pipe/steps"
)

// controls are the fields and buttons of a form, in the order of the document.
func (d *document) controls(form *html.Node) []*html.Node {
	var all []*html.Node
	for n := range d.elements(d.root) {
		if (isField(n) || n.DataAtom == atom.Button) && d.formOf(n) == form {
			all = append(all, n)
		}
	}
	return all
}

// entry is a name and a value that a form sends; of a file field that holds none, an
// empty file.
type entry struct {
	name, value string
	file        bool
}

// submission is how a form is sent off, by its attributes and its button's.
type submission struct {
	method, enctype, target string
	action                  *url.URL
	entries                 []entry
	encoding                encoding.Encoding
}

// submit sends a form off by a button, or by none.
func (p *Page) submit(d *document, form, button *html.Node, limit *float64) error {
	own := func(name string) string {
		if button != nil && has(button, "form"+name) {
			return attr(button, "form"+name)
		}
		return attr(form, name)
	}
	if has(form, "onsubmit") || has(form, "onformdata") {
		return needsPage("sending off a form at which a script acts (onsubmit)")
	}
	if !has(form, "novalidate") && (button == nil || !has(button, "formnovalidate")) {
		if fault := d.invalid(form); fault != "" {
			return &steps.NeedsPageError{Err: fmt.Errorf("a browser does not send the form: %s", fault)}
		}
	}
	s := &submission{method: strings.ToUpper(own("method")), enctype: strings.ToLower(own("enctype")), target: own("target")}
	var err error
	if s.action, err = d.base.Parse(strings.TrimSpace(own("action"))); err != nil || s.action.Scheme != "http" && s.action.Scheme != "https" {
		return needsPage("a form whose address is none of http")
	}
	if strings.TrimSpace(own("action")) == "" {
		at := *d.url
		s.action = &at
	}
	if s.method == "DIALOG" {
		return needsPage("a form of a dialog")
	}
	name := d.charset
	if given := strings.Fields(attr(form, "accept-charset")); len(given) > 0 {
		name = given[0]
	}
	if s.encoding, name = charset.Lookup(name); s.encoding == nil || strings.HasPrefix(name, "utf-16") {
		s.encoding, name = encoding.Nop, "utf-8"
	}
	if s.entries, err = d.entries(form, button, name); err != nil {
		return err
	}
	return p.send(d, s, limit)
}

// entries are what a form sends.
func (d *document) entries(form, button *html.Node, charset string) ([]entry, error) {
	var all []entry
	for _, f := range d.controls(form) {
		name, kind := attr(f, "name"), ""
		if f.DataAtom == atom.Input {
			kind = kindOf(f)
		}
		switch {
		case has(f, "dirname") || f.DataAtom == atom.Textarea && strings.EqualFold(attr(f, "wrap"), "hard"):
			return nil, needsPage("a form that sends how its texts are laid out")
		case isDisabled(f) || buttonKind(f) != "" && f != button:
		case name == "":
		case isBox(f) && !d.isTicked(f):
		case f.DataAtom == atom.Select:
			for _, o := range d.selected(f) {
				if !isDisabled(o) {
					all = append(all, entry{name: name, value: optionValue(o)})
				}
			}
		case kind == "file":
			all = append(all, entry{name: name, file: true})
		case kind == "hidden" && strings.EqualFold(name, "_charset_"):
			all = append(all, entry{name: name, value: standardName(charset)})
		default:
			all = append(all, entry{name: name, value: d.valueOf(f)})
		}
	}
	return all, nil
}

// standardName is an encoding's name as browsers tell it.
func standardName(charset string) string {
	switch {
	case charset == "big5":
		return "Big5"
	case charset == "shift_jis":
		return "Shift_JIS"
	case charset == "gb18030", charset == "macintosh", strings.HasPrefix(charset, "windows-"), strings.HasPrefix(charset, "x-"):
		return charset
	default:
		return strings.ToUpper(charset)
	}
}

// send asks for what a form brings.
func (p *Page) send(d *document, s *submission, limit *float64) error {
	if s.target != "" && !strings.EqualFold(s.target, "_self") && !strings.EqualFold(s.target, "_top") && !strings.EqualFold(s.target, "_parent") && !p.intercepting() {
		return needsPage("a form that opens another tab")
	}
	to := *s.action
	r := &request{method: http.MethodGet, from: d}
	if s.method == http.MethodPost {
		r.method = http.MethodPost
		to.Fragment = ""
		switch s.enctype {
		case "multipart/form-data":
			r.body, r.contentType = s.multipart()
		case "text/plain":
			r.body, r.contentType = s.plain(), "text/plain"
		default:
			r.body, r.contentType = []byte(s.urlencoded()), "application/x-www-form-urlencoded"
		}
	} else {
		to.RawQuery, to.ForceQuery = s.urlencoded(), true
	}
	r.url = to.String()
	return p.open(r, limit)
}

func (s *submission) encode(text string) string {
	text = strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(text)
	out, err := encoding.HTMLEscapeUnsupported(s.encoding.NewEncoder()).String(text)
	if err != nil {
		return text
	}
	return out
}

func (s *submission) urlencoded() string {
	pairs := make([]string, len(s.entries))
	for i, e := range s.entries {
		pairs[i] = formEscape(s.encode(e.name)) + "=" + formEscape(s.encode(e.value))
	}
	return strings.Join(pairs, "&")
}

// formEscape writes bytes as forms do.
func formEscape(text string) string {
	var out strings.Builder
	for i := range len(text) {
		switch b := text[i]; {
		case b == ' ':
			out.WriteByte('+')
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9', strings.IndexByte("*-._", b) >= 0:
			out.WriteByte(b)
		default:
			fmt.Fprintf(&out, "%%%02X", b)
		}
	}
	return out.String()
}

func (s *submission) plain() []byte {
	var out bytes.Buffer
	for _, e := range s.entries {
		fmt.Fprintf(&out, "%s=%s\r\n", s.encode(e.name), s.encode(e.value))
	}
	return out.Bytes()
}

func (s *submission) multipart() (body []byte, contentType string) {
	boundary := "----WebKitFormBoundary" + rand.Text()[:16]
	var out bytes.Buffer
	quoted := strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22")
	for _, e := range s.entries {
		fmt.Fprintf(&out, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, quoted.Replace(s.encode(e.name)))
		if e.file {
			out.WriteString("; filename=\"\"\r\nContent-Type: application/octet-stream")
		}
		fmt.Fprintf(&out, "\r\n\r\n%s\r\n", s.encode(e.value))
	}
	fmt.Fprintf(&out, "--%s--\r\n", boundary)
	return out.Bytes(), "multipart/form-data; boundary=" + boundary
}
