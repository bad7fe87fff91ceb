package web

import (
	"bytes"
	"embed"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed assets
var assets embed.FS

// servePage gives the one page: its script sees by the address what to show.
func servePage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" && !strings.HasPrefix(r.URL.Path, "/specs/") {
		fail(w, http.StatusNotFound, "there is no such page")
		return
	}
	serve(w, r, "index.html")
}

func serveAsset(w http.ResponseWriter, r *http.Request) { serve(w, r, r.PathValue("name")) }

func serve(w http.ResponseWriter, r *http.Request, name string) {
	text, err := assets.ReadFile(path.Join("assets", path.Clean("/"+name)))
	if err != nil {
		fail(w, http.StatusNotFound, "there is no such file")
		return
	}
	// Of the system's own list of types nothing is taken.
	types := map[string]string{".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
	w.Header().Set("Content-Type", types[path.Ext(name)]+"; charset=utf-8")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}
