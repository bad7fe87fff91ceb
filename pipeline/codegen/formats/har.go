package formats

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"pipe/pipeline/codegen"
)

// harEntry is a request of an archive, and its answer.
type harEntry struct {
	ResourceType string `json:"_resourceType"`
	Request      struct {
		Method   string      `json:"method"`
		URL      string      `json:"url"`
		Headers  []harHeader `json:"headers"`
		PostData struct {
			MimeType string      `json:"mimeType"`
			Text     string      `json:"text"`
			Params   []harHeader `json:"params"`
		} `json:"postData"`
	} `json:"request"`
	Response struct {
		Status      int         `json:"status"`
		Headers     []harHeader `json:"headers"`
		RedirectURL string      `json:"redirectURL"`
		Content     struct {
			MimeType string `json:"mimeType"`
			Text     string `json:"text"`
			Encoding string `json:"encoding"`
		} `json:"content"`
	} `json:"response"`
}

type harHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func isHAR(_ []byte, top map[string]json.RawMessage) bool { return top["log"] != nil }

// readHAR reads an archive of requests. Pages are opened by their addresses, forms are filled
// and sent as on the page that they are on, so that their tokens are the session's own; what
// scripts have asked for is what the pages do by themselves, but for files.
func readHAR(src []byte) (codegen.Recording, error) {
	var file struct {
		Log struct {
			Entries json.RawMessage `json:"entries"`
		} `json:"log"`
	}
	if err := json.Unmarshal(src, &file); err != nil {
		return codegen.Recording{}, err
	}
	entries, lines, err := jsonItems(src, file.Log.Entries)
	if err != nil {
		return codegen.Recording{}, fmt.Errorf("its entries: %w", err)
	}
	r := &harReader{}
	for i, raw := range entries {
		var e harEntry
		if err := json.Unmarshal(raw, &e); err != nil {
			return r.rec, fmt.Errorf("line %d: %w", lines[i], err)
		}
		if err := r.entry(e, lines[i]); err != nil {
			return r.rec, fmt.Errorf("line %d: %w", lines[i], err)
		}
	}
	return r.rec, nil
}

type harReader struct {
	recorder
	// page is the page that is open, redirect where the last answer led.
	page     *harPage
	redirect string
}

func (r *harReader) entry(e harEntry, line int) error {
	address := webAddress(e.Request.URL)
	if address == nil {
		return nil // data: and blob: addresses, and what is no address
	}
	body, err := e.body()
	if err != nil {
		return err
	}
	file := e.file(address, body)
	document := e.document()
	if file == nil && !document {
		r.scripted(e, line)
		return nil
	}
	followed := r.redirect == address.String()
	r.redirect = ""
	if location := e.Response.RedirectURL; location != "" && e.Response.Status/100 == 3 {
		if to, err := address.Parse(location); err == nil {
			r.redirect = to.String()
		}
	}
	switch {
	case followed:
		r.goes(address.String())
		if last := r.last(); last != nil && file != nil {
			last.Effect.File = file
		}
	case e.Request.Method == http.MethodPost:
		r.submit(e, address, file, line)
	case e.Request.Method == http.MethodGet:
		r.open(address, file)
	default:
		r.note(line, "%s %s is left out: there is no step for it", e.Request.Method, shorten(address.Path))
	}
	if file == nil && e.Response.Status/100 != 3 {
		r.page = readPage(address, body)
	}
	return nil
}

// webAddress is an address of http or https, nil for another.
func webAddress(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	return u
}

// scripted notes what scripts of a page have sent: the page does so by itself.
func (r *harReader) scripted(e harEntry, line int) {
	if m := e.Request.Method; m != http.MethodGet && m != http.MethodHead && m != http.MethodOptions && strings.Contains(e.Response.Content.MimeType, "json") {
		address, _, _ := strings.Cut(e.Request.URL, "?")
		r.note(line, "%s %s is left out: a script of the page has sent it; do by hand what makes it do so", m, shorten(address))
	}
}

// open opens a page, or takes a file, by its address; or by the link to it, where the page
// that is open has one in the row of a list.
func (r *harReader) open(address *url.URL, file *codegen.File) {
	a := codegen.Action{Verb: "goto", Value: address.String()}
	if r.page != nil {
		a.Address = r.page.address.String()
		if l, row, ok := r.page.link(address); ok {
			a.Verb, a.Value, a.Locators, a.List = "click", "", l, row
			if file == nil {
				a.Effect.Address = address.String()
			}
		}
	}
	a.Effect.File = file
	r.add(a)
}

// body is what was answered.
func (e harEntry) body() ([]byte, error) {
	content := e.Response.Content
	if content.Encoding != "base64" {
		return []byte(content.Text), nil
	}
	body, err := base64.StdEncoding.DecodeString(content.Text)
	if err != nil {
		return nil, fmt.Errorf("the content of %s: %w", shorten(e.Request.URL), err)
	}
	return body, nil
}

// document tells whether a request was for a page, or for one of its frames.
func (e harEntry) document() bool {
	if e.ResourceType != "" {
		return e.ResourceType == "document"
	}
	for _, h := range e.Request.Headers {
		switch strings.ToLower(h.Name) {
		case "sec-fetch-dest":
			return h.Value == "document"
		case "x-requested-with":
			return false
		}
	}
	return strings.Contains(e.Response.Content.MimeType, "html") || e.Response.Status/100 == 3
}

// file is what was answered, where that is no page and nothing that pages are made of.
func (e harEntry) file(address *url.URL, body []byte) *codegen.File {
	if e.Response.Status != http.StatusOK {
		return nil
	}
	f := &codegen.File{Name: path.Base(address.Path), Type: e.Response.Content.MimeType, Address: address.String(), Body: body}
	for _, h := range e.Response.Headers {
		if !strings.EqualFold(h.Name, "Content-Disposition") {
			continue
		}
		if kind, params, err := mime.ParseMediaType(h.Value); err == nil && kind == "attachment" {
			if params["filename"] != "" {
				f.Name = path.Base(params["filename"])
			}
			return f
		}
	}
	for _, kind := range []string{"/pdf", "/csv", "spreadsheet", "excel", "/zip", "wordprocessing", "octet-stream"} {
		if strings.Contains(f.Type, kind) {
			return f
		}
	}
	return nil
}
