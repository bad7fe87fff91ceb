package render

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"fmt"
	"html"
	"html/template"
	"io"

	"pipe/pipeline/report/console"
	"pipe/pipeline/report/summary"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

var page = template.Must(template.New("page").Parse(pageHTML))

// policy allows the page its own script and style, and images that it holds: it asks
// for nothing.
var policy = fmt.Sprintf("default-src 'none'; script-src '%s'; style-src '%s'; img-src data:; base-uri 'none'; form-action 'none'", digest(pageJS), digest(pageCSS))

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// HTML writes the report as a page that needs nothing beside itself.
func HTML(w io.Writer, r *summary.Report, o Options) error {
	out := bufio.NewWriter(w)
	data, err := foldItems(r)
	if err != nil {
		return err
	}
	v := newView(r, o, data.leftOut)
	fmt.Fprintf(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"+
		"<meta name=\"referrer\" content=\"no-referrer\">\n<title>%s: %s</title>\n<style>%s</style>\n</head>\n<body>\n",
		policy, html.EscapeString(console.Clean(r.Spec)), html.EscapeString(r.Outcome), pageCSS)
	if err := page.ExecuteTemplate(out, "top", v); err != nil {
		return err
	}
	fmt.Fprint(out, "<script type=\"application/json\" id=\"data\">")
	if err := data.write(out, o); err != nil {
		return err
	}
	fmt.Fprintf(out, "</script>\n<script>%s</script>\n</body>\n</html>\n", pageJS)
	return out.Flush()
}
