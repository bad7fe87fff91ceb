package artifact

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"pipe/pipeline"
)

// contentClass is what a file is that a site sends in place of the one that is wanted.
type contentClass int

const (
	ordinary contentClass = iota
	loginPage
	// loginTitled is a page that is called a login page and has no password
	// field: not wanted as a file, but perhaps as a page.
	loginTitled
	errorPage
	// viewerPage shows a PDF in the page: the site's, or the browser's own,
	// which no site ever sent.
	viewerPage
	ownViewerPage
	errorMessage
)

var (
	loginTitle   = regexp.MustCompile(`(?i)\b(sign|log)[ -]?(in|on)\b|\bsession\b.*\b(expired|timed? ?out|ended)\b|\b(anmelden|anmeldung|connexion|iniciar sesi)`)
	pdfEmbedded  = regexp.MustCompile(`(?is)<(embed|object)\b[^>]*\btype\s*=\s*["']?application/(x-google-chrome-)?pdf\b[^>]*>`)
	browsersOwn  = regexp.MustCompile(`(?i)about:blank|internalid|x-google-chrome-pdf|chrome-extension:`)
	firefoxsOwn  = regexp.MustCompile(`(?i)resource://pdf\.js/|<title>PDF\.js viewer`)
	browserError = regexp.MustCompile(`(?i)<body\b[^>]*class="neterror|id="main-frame-error"`)
	// errorText begins with what servers and frameworks say when they fail.
	errorText = regexp.MustCompile(`(?i)^\W*(http\b\W*)?(status\b\W*|error\b\W*)*(code\b\W*)?([45]\d\d\b\W*)?(error\b\W*)?(` +
		`internal server error|bad request|unauthori[sz]ed|forbidden|access (is )?denied|((the |this )?(requested )?(page|file|resource|document|report|url|item|record) )?((is|was|could) )?not (be )?found|` +
		`bad gateway|service (temporarily |is )?unavailable|gateway time-?out|(the )?request (has )?timed? ?-?out|too many requests|` +
		`(runtime|server|application) error|something went wrong|an? (\w+ )?error (has )?occurred|object reference not set|unhandled exception)` +
		`|^\W*((http|status|error|code)\W+)+[45]\d\d\b|^\W*error\W*$|^\W*(\w+\.)*(error|\w*exception)\s*:|^Traceback \(most`)
	xmlError = regexp.MustCompile(`(?is)^\s*(<\?xml[^>]*>|<!--.*?-->|\s)*<(\w+:)?(error|errors|exception|fault)\b`)
)

// classifyPage looks for the pages that come where a file was wanted.
func classifyPage(source string) contentClass {
	page := []byte(source)
	heading, title := pipeline.HTMLElement(page, "h1", "h2"), pipeline.HTMLTitle(page)
	if shown := pdfEmbedded.FindString(source); shown != "" && visible(source) == title {
		if browsersOwn.MatchString(shown) {
			return ownViewerPage
		}
		return viewerPage
	}
	switch {
	case firefoxsOwn.MatchString(source):
		return ownViewerPage
	case pipeline.AsksForPassword(page):
		return loginPage
	case browserError.MatchString(source), errorText.MatchString(title), errorText.MatchString(heading):
		return errorPage
	case loginTitle.MatchString(title):
		return loginTitled
	}
	return ordinary
}

// visible is what a page shows of its text, on one line.
func visible(source string) string {
	return strings.Join(strings.Fields(pipeline.HTMLText([]byte(source))), " ")
}

// shownText is what a page shows: its text, and what stands in its fields and for
// its pictures. Addresses, scripts and hidden fields prove nothing: the least key
// stands in some of them.
func shownText(source string) string {
	var more strings.Builder
	for z := html.NewTokenizer(strings.NewReader(source)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return pipeline.HTMLText([]byte(source)) + more.String()
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			attrs := map[string]string{}
			for _, a := range token.Attr {
				attrs[a.Key] = a.Val
			}
			switch {
			case token.Data == "input" && !strings.EqualFold(attrs["type"], "hidden"):
				more.WriteString("\n" + attrs["value"])
			case token.Data == "img":
				more.WriteString("\n" + attrs["alt"])
			}
		}
	}
}

// maxMessage is the longest text that is taken for an error message, in bytes.
const maxMessage = 16 << 10

// classifyText looks for error messages. The text is the start of a file.
func classifyText(kind, text string) contentClass {
	if len(text) > maxMessage {
		return ordinary
	}
	var is bool
	switch kind {
	case typeJSON:
		is = isErrorJSON(text)
	case typeXML:
		is = xmlError.MatchString(text)
	default:
		at := errorText.FindStringIndex(text)
		// What a delimiter or a quote follows is the first column of a table.
		is = at != nil && (at[1] == len(text) || !strings.ContainsRune(`,;|"`+"\t", rune(text[at[1]])))
	}
	if is {
		return errorMessage
	}
	return ordinary
}

// isErrorJSON tells the JSON by which an API says that it failed.
func isErrorJSON(text string) bool {
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil {
		return false
	}
	for key, value := range object {
		switch strings.ToLower(key) {
		case "error", "errors", "fault", "exception", "exceptionmessage", "stacktrace", "error_description":
			if !slices.Contains([]any{nil, false, "", 0.0}, scalarOrTrue(value)) {
				return true
			}
		case "success", "ok":
			if value == false {
				return true
			}
		case "status", "statuscode", "code":
			if code, ok := value.(float64); ok && code >= 400 && code < 600 {
				return true
			}
		}
	}
	return false
}

// scalarOrTrue makes a value comparable: lists and objects are empty or true.
func scalarOrTrue(value any) any {
	switch v := value.(type) {
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	return value
}

// describeHTML names a page by its sort and its title, else by the text it
// begins with.
func describeHTML(source string, s contentClass) string {
	what := "an HTML page"
	switch s {
	case loginPage, loginTitled:
		what = "the login page"
	case errorPage:
		what = "an error page"
	case ownViewerPage:
		return "a browser's PDF viewer page"
	case viewerPage:
		what = "a PDF viewer page"
	}
	if title := pipeline.HTMLTitle([]byte(source)); title != "" {
		return what + " titled " + excerpt(title)
	}
	if body := visible(source); body != "" {
		return what + " that begins " + excerpt(body)
	}
	return what
}

// htmlEnds tells whether the end of a page's source is that of a whole page: it
// closes what it opens, or leaves out the tags that a page need not have.
func htmlEnds(head, tail string) bool {
	if htmlOpen.MatchString(head) {
		return htmlClose.MatchString(tail)
	}
	return strings.LastIndexByte(tail, '<') <= strings.LastIndexByte(tail, '>')
}

var (
	htmlOpen  = regexp.MustCompile(`(?i)<html\b`)
	htmlClose = regexp.MustCompile(`(?i)</html\s*>`)
)
