package capture

import (
	"strings"
	"time"

	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/steps"
)

// paused is a request that waits for a decision.
type paused struct {
	id, frame, url, kind string
	method, referer      string
	// redirected is true for what an answer before has led to.
	redirected bool
	// network is its id among the page's requests.
	network string
	// answered is true once the site has answered, or could not: status is 0
	// and failure says why.
	answered bool
	status   int
	reason   string
	failure  string
	headers  []any
	// sent is the request as the browser tells of it.
	sent map[string]any
}

func readPaused(event any) paused {
	e := browser.Fields(event)
	request := browser.Fields(e["request"])
	p := paused{
		id: browser.Text(e["requestId"]), frame: browser.Text(e["frameId"]), kind: browser.Text(e["resourceType"]),
		url: browser.Text(request["url"]), method: browser.Text(request["method"]), redirected: e["redirectedRequestId"] != nil,
		network: browser.Text(e["networkId"]), failure: browser.Text(e["responseErrorReason"]),
		reason: browser.Text(e["responseStatusText"]),
	}
	p.sent = request
	p.referer = browser.Text(browser.Fields(request["headers"])["Referer"])
	if status, ok := e["responseStatusCode"]; ok {
		p.status = browser.Number(status)
	}
	p.answered = p.status != 0 || p.failure != ""
	p.headers, _ = e["responseHeaders"].([]any)
	return p
}

// asAttachment makes a download of an answer, which keeps the name that the site
// gives it.
func asAttachment(headers []any) []any {
	_, params, _ := strings.Cut(header(headers, "content-disposition"), ";")
	return disposedAs(strings.TrimSuffix("attachment;"+params, ";"), headers)
}

// disposedAs gives headers with another Content-Disposition, in small letters as any
// version of HTTP may have it.
func disposedAs(disposition string, headers []any) []any {
	out := []any{map[string]any{"name": "content-disposition", "value": disposition}}
	for _, h := range headers {
		if !strings.EqualFold(browser.Text(browser.Fields(h)["name"]), "content-disposition") {
			out = append(out, h)
		}
	}
	return out
}

// header gives a header of a paused answer, "" when it is not there.
func header(headers []any, name string) string {
	for _, h := range headers {
		if f := browser.Fields(h); strings.EqualFold(browser.Text(f["name"]), name) {
			return browser.Text(f["value"])
		}
	}
	return ""
}

func statusError(req paused) *steps.StatusError {
	return &steps.StatusError{
		URL: steps.ShortURL(req.url), Status: req.status,
		RetryAfter: steps.RetryAfter(header(req.headers, "retry-after"), header(req.headers, "date"), time.Now()),
	}
}

func redirects(req paused) bool {
	return req.status >= 300 && req.status < 400 && header(req.headers, "location") != ""
}

func received(req paused) steps.Receipt {
	return steps.Receipt{
		Via: "popup", URL: steps.ShortURL(req.url), Name: client.SiteName(header(req.headers, "content-disposition"), req.url),
		ContentType: header(req.headers, "content-type"), OpenEnd: openEnded(req),
	}
}
