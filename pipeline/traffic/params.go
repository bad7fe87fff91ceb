package traffic

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// param is a part of a request by which it is told from others: of its query, its body, or
// of the few headers that change what is answered.
type param struct{ name, value string }

// paramsOf takes a request apart, in an order that does not depend on how it was written.
func paramsOf(u *url.URL, header http.Header, body []byte) []param {
	all := queryOf(u.RawQuery)
	all = append(all, bodyParams(header.Get("Content-Type"), body)...)
	all = append(all, param{"header authorization", fmt.Sprint(header.Get("Authorization") != "")})
	all = append(all, param{"header range", header.Get("Range")})
	if accept := header.Get("Accept"); strings.Contains(accept, "json") && !strings.Contains(accept, "html") {
		all = append(all, param{"header accept", "json"})
	}
	slices.SortStableFunc(all, func(a, b param) int { return strings.Compare(a.name, b.name) })
	return all
}

// queryOf reads a query, in its order.
func queryOf(raw string) []param {
	var all []param
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		all = append(all, param{unescaped(name), unescaped(value)})
	}
	return all
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// bodyParams reads the body of a form, or JSON; another is one value.
func bodyParams(contentType string, body []byte) []param {
	if len(body) == 0 {
		return nil
	}
	kind, options, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = ""
	}
	var all []param
	switch {
	case kind == "application/x-www-form-urlencoded":
		for _, p := range queryOf(string(body)) {
			all = append(all, param{"form " + p.name, p.value})
		}
	case kind == "multipart/form-data":
		all, err = multipartParams(body, options["boundary"])
	case strings.HasSuffix(kind, "json") || json.Valid(body):
		all, err = jsonParams(body)
	default:
		return []param{{"body", string(body)}}
	}
	if err != nil {
		return []param{{"body", string(body)}}
	}
	return all
}

func multipartParams(body []byte, boundary string) ([]param, error) {
	var all []param
	for parts := multipart.NewReader(bytes.NewReader(body), boundary); ; {
		part, err := parts.NextPart()
		if err == io.EOF { //nolint:errorlint // as the reader documents
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		all = append(all, param{"form " + part.FormName(), string(value)})
	}
}

func jsonParams(body []byte) ([]param, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return nil, err
	}
	var all []param
	flatten("json", value, &all)
	return all, nil
}

func flatten(path string, value any, all *[]param) {
	switch value := value.(type) {
	case map[string]any:
		for name, one := range value {
			flatten(path+"."+name, one, all)
		}
	case []any:
		for i, one := range value {
			flatten(fmt.Sprintf("%s[%d]", path, i), one, all)
		}
	default:
		*all = append(*all, param{path, fmt.Sprint(value)})
	}
}
