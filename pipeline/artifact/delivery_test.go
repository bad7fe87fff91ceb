package artifact

import (
	"errors"
	"strings"
	"testing"

	"pipe/pipeline"
)

// viewer is what Chromium gives for the body of a PDF that it shows.
const viewer = `<!doctype html><html><body style='height: 100%; width: 100%; overflow: hidden; margin:0px; background-color: rgb(82, 86, 89);'>` +
	`<embed name='6D1F0C62D0B0A9E1' style='position:absolute; left: 0; top: 0;' width='100%' height='100%' src='about:blank' ` +
	`type='application/pdf' internalid='6D1F0C62D0B0A9E1'></body></html>`

const (
	signIn  = `<html><head><title>Practice Motors - Log In</title></head><body><form><input name=u><input name=p type="password"></form></body></html>`
	failure = `<!DOCTYPE html><html><head><title>500 - Internal Server Error</title></head><body><h1>Server Error</h1></body></html>`
	page    = `<!doctype html><html><head><title>Vehicle 24K0173</title></head><body><h1>Error Codes Read</h1>none</body></html>`
)

// What sites send in place of a file is refused for what it is, without any
// expectation and with each.
func TestBadDeliveries(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	report := makePDF(t, nil, "Stock 24K0173", "VIN 1FTFW1")
	const headed = `<html><body><h1>Access is denied</h1>You may not see this.</body></html>`
	for name, test := range map[string]struct {
		data   string
		types  string // "-" is none
		reason string
	}{
		"login page":              {signIn, "- pdf csv xlsx", `is the login page titled "Practice Motors - Log In", not {}`},
		"login page as a page":    {signIn, "html", `is the login page titled "Practice Motors - Log In", not the expected page`},
		"login page, no field":    {`<html><title>Your session has expired</title>`, "- pdf", `is the login page titled "Your session has expired", not {}`},
		"login page, no title":    {`<html>User <input type=password>`, "- image", `is the login page that begins "User", not {}`},
		"error page":              {failure, "- pdf zip docx", `is an error page titled "500 - Internal Server Error", not {}`},
		"error page as a page":    {failure, "html", `is an error page titled "500 - Internal Server Error", not the expected page`},
		"error page by heading":   {headed, "- pdf", `is an error page that begins "Access is denied You may not see this.", not {}`},
		"browser's error":         {`<html><head><title>site</title></head><body class="neterror">This site can't be reached`, "- pdf", `is an error page titled "site", not {}`},
		"HTML as PDF":             {page, "- pdf", `is an HTML page titled "Vehicle 24K0173", not {}`},
		"viewer page":             {viewer, "- pdf html any csv", `is a browser's PDF viewer page, not the PDF`},
		"new viewer page":         {`<html><body><embed id="plugin" type="application/x-google-chrome-pdf" src="x"></body></html>`, "- pdf", `is a browser's PDF viewer page, not the PDF`},
		"Firefox's viewer page":   {`<html><head><title>PDF.js viewer</title></head><body>1 of 3</body></html>`, "- pdf", `is a browser's PDF viewer page, not the PDF`},
		"site's viewer page":      {`<html><title>Report</title><object data="/r" type="application/pdf"></object></html>`, "- pdf", `is a PDF viewer page titled "Report", not {}`},
		"text error":              {"Internal Server Error", "- pdf csv", `is plain text with an error message that begins "Internal Server Error", not {}`},
		"text error with code":    {"HTTP Error 503. The service is unavailable.", "- pdf csv", `is plain text with an error message that begins "HTTP Error 503. The service is unavailable.", not {}`},
		"exception":               {"System.NullReferenceException: Object reference not set", "- csv", `is plain text with an error message that begins "System.NullReferenceException: Object reference not set", not {}`},
		"not found":               {"The report could not be found.\n", "- pdf", `is plain text with an error message that begins "The report could not be found.", not {}`},
		"JSON error":              {`{"error":{"message":"no report"}}`, "- pdf csv", `is JSON with an error message that begins "{"error":{"message":"no report"}}", not {}`},
		"JSON status":             {`{"title":"Not Found","status":404}`, "- pdf", `is JSON with an error message that begins "{"title":"Not Found","status":404}", not {}`},
		"JSON failure":            {`{"success":false,"file":null}`, "- pdf", `is JSON with an error message that begins "{"success":false,"file":null}", not {}`},
		"XML error":               {`<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>`, "- pdf", `is XML with an error message that begins "<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error…", not {}`},
		"empty":                   {"", "- pdf csv any", `is empty`},
		"blank":                   {" \r\n\t", "- csv", `is blank: 4 bytes of white space`},
		"blank page":              {"<html></html>", "- pdf", `is an HTML page, not {}`},
		"truncated":               {string(report[:len(report)-300]), "- pdf any", `is cut off: a PDF without its end (%%EOF)`},
		"truncated, linearized":   {"%PDF-1.5\n1 0 obj<</Linearized 1/L 999999/H[1 2]/N 1>>endobj\nstartxref\n9\n%%EOF", "- pdf any", `is cut off: a PDF of 77 bytes that tells of 999999`},
		"its middle is missing":   {string(report[:200]) + string(report[len(report)-40:]), "- pdf any", ``},
		"PDF of 0 pages":          {string(emptyPDF()), "- pdf any", `is a PDF without pages`},
		"page that ends early":    {page[:len(page)-20], "html", `is cut off: an HTML page titled "Vehicle 24K0173" without its end (</html>)`},
		"page that ends in a tag": {`<!doctype html><p>1<a href="/`, "html", `is cut off: an HTML page that begins "1<a href="/" without its end (</html>)`},
	} {
		for _, typ := range strings.Fields(test.types) {
			t.Run(name+" as "+typ, func(t *testing.T) {
				t.Parallel()
				typ, what := strings.TrimPrefix(typ, "-"), "the expected file"
				if typ != "" {
					what = noun(typ)
				}
				_, err := s.Prove(t.Context(), stage(t, s, []byte(test.data)), want{Type: typ})
				reason := strings.ReplaceAll(test.reason, "{}", what)
				if test.reason == "" {
					reason = "is cut off: a PDF of 240 bytes whose index is to be at "
				}
				var failed *pipeline.ProofError
				if !errors.As(err, &failed) || failed.Reason != reason && (test.reason != "" || !strings.HasPrefix(failed.Reason, reason)) {
					t.Errorf("got %v\nwant file %s", err, reason)
				}
			})
		}
	}
}

// What only looks like an error is not refused.
func TestGoodDeliveries(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	for name, test := range map[string]struct{ data, types string }{
		"table of errors":       {"Error,Count\n500,3\n", "- csv"},
		"table of one column":   {"Not found;Where\n1;2\n", "- csv"},
		"table by number":       {"500;Main Street\n404;High Street\n", "- csv"},
		"page":                  {page, "html any"},
		"page about a login":    {"<html><title>Login history</title>3</html>", "html any"},
		"page with a PDF in it": {`<html><title>Report</title><p>See:<embed type="application/pdf" src="/r"></html>`, "html any"},
		"login page, any":       {signIn, "any"},
		"JSON":                  {`{"status":"ok","error":null,"errors":[],"rows":[1]}`, "- any"},
		"JSON of a vehicle":     {`{"code":17,"price":404}`, "-"},
		"text":                  {"Vehicle 24K0173 found", "-"},
	} {
		for _, typ := range strings.Fields(test.types) {
			t.Run(name+" as "+typ, func(t *testing.T) {
				t.Parallel()
				if _, err := s.Prove(t.Context(), stage(t, s, []byte(test.data)), want{Type: strings.TrimPrefix(typ, "-")}); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
