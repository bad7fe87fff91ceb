package traffic

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The parts of HAR 1.2 that are used, see http://www.softwareishard.com/blog/har-12-spec.
// What begins with _ is of its own, as the format foresees.
type (
	harFile struct {
		Log harLog `json:"log"`
	}
	harLog struct {
		Version string     `json:"version"`
		Creator harCreator `json:"creator"`
		Entries []harEntry `json:"entries"`
	}
	harCreator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harEntry struct {
		Started  time.Time   `json:"startedDateTime"`
		Time     int         `json:"time"`
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
	}
	harTimings struct {
		Send    int `json:"send"`
		Wait    int `json:"wait"`
		Receive int `json:"receive"`
	}
	harRequest struct {
		Method      string     `json:"method"`
		URL         string     `json:"url"`
		Version     string     `json:"httpVersion"`
		Cookies     []harField `json:"cookies"`
		Headers     []harField `json:"headers"`
		Query       []harField `json:"queryString"`
		Post        *harPost   `json:"postData,omitempty"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
	}
	harPost struct {
		MimeType string `json:"mimeType"`
		Text     string `json:"text"`
		Encoding string `json:"_encoding,omitempty"`
	}
	harResponse struct {
		Status      int        `json:"status"`
		StatusText  string     `json:"statusText"`
		Version     string     `json:"httpVersion"`
		Cookies     []harField `json:"cookies"`
		Headers     []harField `json:"headers"`
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
		Length      bool       `json:"_length,omitempty"`
		Cut         bool       `json:"_cut,omitempty"`
	}
	harContent struct {
		Size     int    `json:"size"`
		MimeType string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
		Encoding string `json:"encoding,omitempty"`
		// As is the number of the entry, from 0, that has the same body.
		As *int `json:"_bodyOf,omitempty"`
	}
	harField struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

const base64Encoding = "base64"

// Write writes the archive as HAR 1.2. A body that was there before is not written again.
func (a *Archive) Write(w io.Writer) error {
	file := harFile{harLog{Version: "1.2", Creator: harCreator{"pipe", "1"}, Entries: []harEntry{}}}
	bodies := map[[sha256.Size]byte]int{}
	for i, e := range a.Exchanges() {
		entry := entryOf(e)
		sum := sha256.Sum256(e.Body)
		if before, there := bodies[sum]; there && len(e.Body) > 0 {
			entry.Response.Content.Text, entry.Response.Content.Encoding, entry.Response.Content.As = "", "", &before
		} else {
			bodies[sum] = i
		}
		file.Log.Entries = append(file.Log.Entries, entry)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(file); err != nil {
		return fmt.Errorf("writing the recorded traffic: %w", err)
	}
	return nil
}

func entryOf(e *Exchange) harEntry {
	entry := harEntry{Started: e.Started.UTC(), Timings: harTimings{}, Request: harRequest{
		Method: e.Method, URL: e.URL.String(), Version: "HTTP/1.1", Cookies: []harField{}, Headers: fieldsOf(e.RequestHeader),
		Query: []harField{}, HeadersSize: -1, BodySize: len(e.RequestBody),
	}}
	for _, p := range queryOf(e.URL.RawQuery) {
		entry.Request.Query = append(entry.Request.Query, harField{p.name, p.value})
	}
	if len(e.RequestBody) > 0 {
		text, encoding := textOf(e.RequestBody)
		entry.Request.Post = &harPost{e.RequestHeader.Get("Content-Type"), text, encoding}
	}
	text, encoding := textOf(e.Body)
	entry.Response = harResponse{
		Status: e.Status, StatusText: http.StatusText(e.Status), Version: "HTTP/1.1", Cookies: []harField{}, Headers: fieldsOf(e.Header),
		Content:     harContent{Size: len(e.Body), MimeType: e.Header.Get("Content-Type"), Text: text, Encoding: encoding},
		RedirectURL: e.Header.Get("Location"), HeadersSize: -1, BodySize: len(e.Body), Length: e.Length, Cut: e.Cut,
	}
	return entry
}

func fieldsOf(header http.Header) []harField {
	all := []harField{}
	for name, values := range header {
		for _, value := range values {
			all = append(all, harField{name, value})
		}
	}
	slices.SortStableFunc(all, func(a, b harField) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// textOf writes a body as text where it is one.
func textOf(body []byte) (text, encoding string) {
	if utf8.Valid(body) && !bytes.ContainsRune(body, 0) {
		return string(body), ""
	}
	return base64.StdEncoding.EncodeToString(body), base64Encoding
}

func bodyOf(text, encoding string) ([]byte, error) {
	if encoding == base64Encoding {
		return base64.StdEncoding.DecodeString(text)
	}
	return []byte(text), nil
}

// Read reads an archive.
func Read(r io.Reader) (*Archive, error) {
	var file harFile
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, fmt.Errorf("reading the recorded traffic: %w", err)
	}
	a := &Archive{}
	for i, entry := range file.Log.Entries {
		e, err := a.exchangeOf(entry)
		if err != nil {
			return nil, fmt.Errorf("reading the recorded traffic: entry %d: %w", i, err)
		}
		a.Add(e)
	}
	return a, nil
}

func (a *Archive) exchangeOf(entry harEntry) (*Exchange, error) {
	u, err := url.Parse(entry.Request.URL)
	if err != nil {
		return nil, err
	}
	e := &Exchange{
		Started: entry.Started, Method: entry.Request.Method, URL: u, RequestHeader: headerOf(entry.Request.Headers),
		Status: entry.Response.Status, Header: headerOf(entry.Response.Headers), Length: entry.Response.Length, Cut: entry.Response.Cut,
	}
	if post := entry.Request.Post; post != nil {
		if e.RequestBody, err = bodyOf(post.Text, post.Encoding); err != nil {
			return nil, err
		}
	}
	content := entry.Response.Content
	if as := content.As; as != nil {
		if *as < 0 || *as >= len(a.exchanges) {
			return nil, errors.New("the body is that of an entry that does not come before")
		}
		e.Body = a.exchanges[*as].Body
		return e, nil
	}
	e.Body, err = bodyOf(content.Text, content.Encoding)
	return e, err
}

func headerOf(fields []harField) http.Header {
	header := http.Header{}
	for _, f := range fields {
		header.Add(f.Name, f.Value)
	}
	return header
}
