package practice

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed web
var web embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"dollars": dollars,
	"next":    func(n int) int { return n + 1 },
	// In milliseconds, as scripts have it.
	"gridDelay": GridDelay.Milliseconds,
}).ParseFS(web, "web/templates/*.html", "web/variants/*.html"))

// pageData is what every page needs; the pages' own data embed it.
type pageData struct {
	Title string
	User  string // "" before the login
}

// show sends a page. It is made whole beforehand, so that it is either all
// there or a plain error.
func show(w http.ResponseWriter, status int, name string, data any) {
	b, err := rendered(name, data)
	if err != nil {
		http.Error(w, "showing "+name+": "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(b) // fails only for a client that has left
}

func rendered(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	err := templates.ExecuteTemplate(&b, name, data)
	return b.Bytes(), err
}

// asset reads an embedded file; the names are all known when the program is
// built, so one that is not there is a mistake of ours.
func asset(name string) []byte {
	b, err := web.ReadFile("web/assets/" + name)
	if err != nil {
		panic(err)
	}
	return b
}

// serveAsset serves /assets/{name}, and favicon.ico for those who never read
// the page's head.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.URL.Path)
	b, err := fs.ReadFile(web, "web/assets/"+name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "max-age=3600")
	if strings.HasSuffix(name, ".ttf") {
		w.Header().Set("Content-Type", "font/ttf") // not every system knows it
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(b))
}

// dollars writes a price as the site's pages do: "$46,120".
func dollars(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return "$" + s
}
