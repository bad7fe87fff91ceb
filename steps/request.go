package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Request](170, "request", "asks the site beside the page, with the session's cookies; steps.NAME is its answer",
		`request: {name: api, url: "/api/vehicles/${{ item.reference }}"}`)
}

// Request asks the site for something beside the page, as the session.
type Request struct {
	URL     expr.Address   `yaml:"url" short:"true" required:"true" doc:"the address, absolute or relative to the page's"`
	Method  string         `yaml:"method" enum:"GET,HEAD,POST,PUT,PATCH,DELETE" default:"GET" doc:"how it is asked"`
	Query   specs.Headers  `yaml:"query" doc:"what is added to the address's query"`
	Headers specs.Headers  `yaml:"headers" doc:"headers, beside those of the session"`
	JSON    *expr.Template `yaml:"json" doc:"the body, as JSON: an expression's value, or a text of JSON with expressions in it"`
	Form    specs.Headers  `yaml:"form" doc:"the body, as the fields of a form"`
	Body    *expr.Template `yaml:"body" doc:"the body, as it is"`
	Expect  []int          `yaml:"expect" doc:"the statuses that are no failure; default: all below 400"`
}

// SiteRequest is what the site is asked for.
type SiteRequest struct {
	Method, URL string
	// Named is the origin that the spec gives in the address itself, "" where the
	// address comes of a value.
	Named   string
	Headers map[string]string
	Body    []byte
}

// SiteResponse is what the site answers. Its body is cut off nowhere: one that is too
// large is an error.
type SiteResponse struct {
	Status  int
	Headers http.Header
	Body    []byte
	// RetryAfter is how long the site asks to wait.
	RetryAfter time.Duration
	// Redirected is true when the site led elsewhere first.
	Redirected bool
}

// Requester is a [Capturer] that can ask the site beside the page.
type Requester interface {
	// Ask asks with the session's cookies and headers. An answer that says that
	// the session is gone is ErrSessionLost; what others say is no error.
	Ask(ctx context.Context, asked SiteRequest) (*SiteResponse, error)
}

// Fault tells of a body that is given in several ways.
func (r *Request) Fault() string {
	ways := 0
	for _, given := range []bool{r.JSON != nil, r.Form != nil, r.Body != nil} {
		if given {
			ways++
		}
	}
	switch {
	case ways > 1:
		return "give the body in one way: as json, form or body"
	case ways == 1 && !r.Writes():
		return r.Method + " takes no body: say which method, as POST"
	default:
		return ""
	}
}

func (*Request) readOnly() {}

// Writes is true but for what only asks.
func (r *Request) Writes() bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

func (*Request) withoutPage() string { return "" }

// Run asks; steps.NAME has the answer's status, headers, text and json.
func (r *Request) Run(ctx context.Context, on *StepContext) error {
	asker, ok := on.Files.(Requester)
	if !ok {
		return fmt.Errorf("there is nobody to ask the site beside the page")
	}
	asked, err := r.evaluate(on.Values)
	if err != nil {
		return err
	}
	if err := on.beforeActing(ctx); err != nil {
		return err
	}
	if r.Writes() && on.static() != nil {
		if err := on.BeforeSending(); err != nil {
			return err
		}
	}
	answer, err := asker.Ask(ctx, asked)
	if err != nil {
		return on.refusal(ctx, err)
	}
	if len(r.Expect) == 0 && answer.Status >= 400 || len(r.Expect) > 0 && !slices.Contains(r.Expect, answer.Status) {
		err = &StatusError{URL: ShortURL(asked.URL), Status: answer.Status, RetryAfter: answer.RetryAfter}
		if answer.Redirected {
			err = &RedirectedError{err}
		}
		return on.refusal(ctx, err)
	}
	headers := map[string]any{}
	for name, values := range answer.Headers {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	found := map[string]any{"status": answer.Status, "headers": headers, "text": string(answer.Body), "json": nil}
	var body any
	if json.Unmarshal(answer.Body, &body) == nil {
		found["json"] = body
	}
	on.setValue(found)
	return nil
}

// evaluate gives the request with its expressions evaluated.
func (r *Request) evaluate(values expr.Values) (SiteRequest, error) {
	out := SiteRequest{Method: r.Method, Headers: map[string]string{}}
	address, err := r.URL.Text(values)
	if err != nil {
		return out, err
	}
	if address == "" {
		return out, fmt.Errorf("the address is empty: is the value that it is made of missing?")
	}
	query, err := pairs(r.Query, values)
	if err != nil {
		return out, err
	}
	out.URL = withQuery(address, query)
	out.Named = specs.OriginOf(r.URL.Origin())
	if err := r.body(&out, values); err != nil {
		return out, err
	}
	headers, err := pairs(r.Headers, values)
	for name := range headers {
		out.Headers[http.CanonicalHeaderKey(name)] = headers.Get(name)
	}
	return out, err
}

func (r *Request) body(out *SiteRequest, values expr.Values) error {
	switch {
	case r.JSON != nil:
		v, err := r.JSON.Value(values)
		if err != nil {
			return err
		}
		text, isText := v.(string)
		if isText && json.Valid([]byte(text)) {
			out.Body = []byte(text)
		} else if out.Body, err = json.Marshal(v); err != nil {
			return fmt.Errorf("the body as JSON: %w", err)
		}
		out.Headers["Content-Type"] = "application/json"
	case r.Form != nil:
		form, err := pairs(r.Form, values)
		if err != nil {
			return err
		}
		out.Body = []byte(form.Encode())
		out.Headers["Content-Type"] = "application/x-www-form-urlencoded"
	case r.Body != nil:
		text, err := r.Body.Text(values)
		if err != nil {
			return err
		}
		out.Body = []byte(text)
	}
	return nil
}

// withQuery puts more into the query of an address, in place of what it has of
// the same names. The rest stays as it is written: some sites sign it.
func withQuery(address string, more url.Values) string {
	if len(more) == 0 {
		return address
	}
	address, fragment, _ := strings.Cut(address, "#")
	address, query, _ := strings.Cut(address, "?")
	kept := slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		return pair == "" || err == nil && more.Has(plain)
	})
	address += "?" + strings.Join(append(kept, more.Encode()), "&")
	if fragment != "" {
		address += "#" + fragment
	}
	return address
}

// pairs evaluates names and their values.
func pairs(templates specs.Headers, values expr.Values) (url.Values, error) {
	out := url.Values{}
	for name, t := range templates {
		text, err := t.Text(values)
		if err != nil {
			return nil, err
		}
		out.Set(name, text)
	}
	return out, nil
}
