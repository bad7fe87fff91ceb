package capture

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"pipe/pipeline/client"
	"pipe/pipeline/session"
	"pipe/steps"
)

// secureSite sends a file over TLS whose end nothing announces: over HTTP/2, which
// has an end of its own, or over HTTP/1.1, with what it is asked for as its first
// line and headers.
func secureSite(t *testing.T, second bool) *httptest.Server {
	site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch head := r.URL.Query().Get("head"); {
		case r.URL.Path != "/file":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<!doctype html><title>x</title><button id=tab>tab</button><button id=script>script</button><button id=frame>frame</button><button id=here>here</button><script>
	const at = () => '/file' + location.search;
	tab.onclick = () => open(at());
	here.onclick = () => location = at();
	script.onclick = () => fetch(at()).then(r => r.blob());
	frame.onclick = () => { const f = document.createElement('iframe'); f.src = at(); document.body.append(f); };
</script>`)
		case second:
			w.Header().Set("Content-Type", "application/pdf")
			fmt.Fprint(w, "%PDF-1.4 ")
			_ = http.NewResponseController(w).Flush()
			fmt.Fprint(w, "second")
		default:
			conn, out, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			fmt.Fprint(out, head, "\r\n\r\n%PDF-1.4 first")
			_ = out.Flush()
			_ = conn.Close()
		}
	}))
	site.EnableHTTP2 = second
	site.Config.ErrorLog = log.New(io.Discard, "", 0)
	site.StartTLS()
	t.Cleanup(site.Close)
	return site
}

// Whether anything but the end of the connection says where an answer ends is known
// of every version of HTTP, whether it has words beside its status or not.
func TestOpenEndOverTLS(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	first, second := secureSite(t, false), secureSite(t, true)
	any := true
	pool := launch(t, "chromium", session.Options{Context: func(int, int) (client.ContextOptions, error) {
		var o client.ContextOptions
		o.IgnoreHttpsErrors = &any
		return o, nil
	}})
	pg := open(ctx, t, pool, 0)
	for _, c := range []struct {
		name string
		site *httptest.Server
		head string
		open bool
	}{
		{"words", first, "HTTP/1.1 200 OK\r\nContent-Type: application/pdf", true},
		{"no words", first, "HTTP/1.1 200\r\nContent-Type: application/pdf", true},
		{"no words, small letters", first, "HTTP/1.1 200 \r\ncontent-type: application/pdf\r\nconnection: close", true},
		{"old", first, "HTTP/1.0 200 \r\nContent-type: application/pdf", true},
		{"second version", second, "", false},
	} {
		for _, way := range []string{"tab", "script", "frame", "here"} {
			if err := visit(ctx, pg, c.site.URL+"/?head="+url.QueryEscape(c.head)); err != nil {
				t.Fatal(err)
			}
			d, err := clicked(ctx, pg, "#"+way, steps.CaptureOptions{Kind: "pdf"})
			if err != nil {
				t.Errorf("%s, %s: %v", c.name, way, err)
				continue
			}
			var got bytes.Buffer
			how, err := d.Receive(ctx, &got)
			if err != nil || how.OpenEnd != c.open {
				t.Errorf("%s, %s: open %t via %s, %q, %v", c.name, way, how.OpenEnd, how.Via, got.String(), err)
			}
			if err := pg.CloseStrays(ctx); err != nil {
				t.Error(err)
			}
		}
	}
}
