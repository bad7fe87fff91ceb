package capture

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pipe/steps"
)

// farPast is when a file was changed.
var farPast = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)

// decoys is a site that sends other things beside the file, or nothing. Each page
// has a button which brings what the page is named for.
type decoys struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
	// passed is what the listening must have passed by before the right file is sent.
	passed  string
	pending steps.PendingCapture
}

const decoyHead = `<!doctype html><title>decoys</title><p id=out></p><button id=go>go</button><script>
const save = (href, name) => { const a = document.createElement('a'); a.href = href; a.download = name || ''; document.body.append(a); a.click(); a.remove(); };
const wait = ms => new Promise(done => setTimeout(done, ms));
const blob = (text, type) => URL.createObjectURL(new Blob([text], {type: type || 'application/pdf'}));
const frame = src => { const f = document.createElement('iframe'); f.src = src; document.body.append(f); };
const get = (url, how) => fetch(url, how).then(r => r.blob());
document.getElementById('go').onclick = async () => { %s };
%s</script>`

// decoyPages are the pages: what their buttons do, and what they do from the start.
var decoyPages = map[string][2]string{
	"heartbeat":    {`await fetch('/start', {method: 'POST'}); setTimeout(() => location = '/pdf/mine?attach=mine.pdf', 600)`, `(async () => { for (;;) await fetch('/beat?t=' + Math.random()).then(r => r.text()); })()`},
	"prefetch":     {`await get('/pdf/other'); await get('/pdf/mine')`, ``},
	"thumbnail":    {`await get('/thumb.png'); await get('/octets/thumb'); await get('/pdf/mine')`, ``},
	"octets":       {`await get('/octets/state'); await get('/octets/mine')`, ``},
	"blobs":        {`frame(blob('%PDF-1.4 other')); await wait(50); frame(blob('%PDF-1.4 mine'))`, ``},
	"sameblob":     {`frame(blob('no file at all', 'text/plain')); await wait(50); save(blob('%PDF-1.4 mine'), 'x.pdf')`, ``},
	"frames":       {`frame('/pdf/other'); await wait(50); frame('/pdf/mine')`, ``},
	"downloads":    {`save('/pdf/other?attach=report.dat'); await wait(200); save('/pdf/mine?attach=other.dat')`, ``},
	"several":      {`await get('/pdf/a/mine'); await get('/data/b/mine'); await get('/pdf/c/mine')`, ``},
	"named":        {`save('/pdf/mine?attach=terms.pdf'); await wait(200); save('/pdf/mine/2?attach=invoice.pdf')`, ``},
	"tabkinds":     {`open('/thumb.png'); open('/pdf/mine')`, ``},
	"tabs":         {`open('/pdf/first/mine'); open('/pdf/second/mine')`, ``},
	"both":         {`save('/pdf/mine?attach=i.pdf'); await wait(300); save('/xml/mine?attach=i.xml')`, ``},
	"bothturned":   {`save('/xml/mine?attach=i.xml'); await wait(300); save('/pdf/mine?attach=i.pdf')`, ``},
	"bothby":       {`await get('/pdf/mine').then(b => save(URL.createObjectURL(b), 'i.pdf')); open('/xml/mine')`, ``},
	"bothtabs":     {`open('/pdf/mine'); open('/xml/mine')`, ``},
	"onlyone":      {`save('/pdf/mine?attach=i.pdf')`, ``},
	"refused":      {`await fetch('/no/403/mine')`, ``},
	"nothing":      {`await fetch('/no/204/mine')`, ``},
	"framerefused": {`frame('/no/404/mine')`, ``},
	"weak":         {`await fetch('/no/500')`, ``},
	"recovers":     {`const r = await fetch('/no/500/mine'); if (!r.ok) await get('/pdf/mine?slow=1')`, ``},
	"background":   {`fetch('/no/404/poll'); fetch('/no/403/other.pdf'); await wait(100); await get('/pdf/mine?slow=1')`, ``},
	"analytics":    {`fetch('/no/500'); await fetch('/start', {method: 'POST'}); await wait(1500); await get('/pdf/mine')`, ``},
	"ranges":       {`await fetch('/ranged/mine', {headers: {Range: 'bytes=0-9'}}); await (await fetch('/ranged/mine', {headers: {Range: 'bytes=10-19'}})).text()`, ``},
	"rangedpost":   {`await fetch('/ranged/mine', {method: 'POST', headers: {Range: 'bytes=0-9'}})`, ``},
	"rangeswhole":  {`await fetch('/ranged/mine', {headers: {Range: 'bytes=0-9'}}); await get('/ranged/mine')`, ``},
	"never":        {`await fetch('/start', {method: 'POST'}); open('/page'); console.error('the key is sesame'); setTimeout(() => { throw new Error('no report module') }); out.innerHTML = '<div role=alert>The archive\u001b[31m is closed <b>on Saturdays</b></div>'`, ``},
	"wrong":        {`await get('/pdf/other')`, ``},
}

func newDecoys(t testing.TB) *decoys {
	s := &decoys{asked: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/at/{page}", func(w http.ResponseWriter, r *http.Request) {
		p := decoyPages[r.PathValue("page")]
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, decoyHead, p[0], p[1])
	})
	send := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			if name := r.FormValue("attach"); name != "" {
				w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
			}
			if strings.Contains(r.URL.Path, "/mine") && r.FormValue("attach") != "terms.pdf" {
				s.holdBack(r.Context())
			}
			if r.FormValue("slow") != "" {
				pause(r, 2*quietFor) // longer than a page may be quiet
			}
			fmt.Fprint(w, strings.ReplaceAll(body, "NAME", r.PathValue("name")))
		}
	}
	mux.HandleFunc("/beat", func(w http.ResponseWriter, r *http.Request) {
		pause(r, 100*time.Millisecond)
		send("application/octet-stream", `{"type":6}`)(w, r)
	})
	mux.HandleFunc("/pdf/{name...}", send("application/pdf", "%PDF-1.4 NAME"))
	mux.HandleFunc("/data/{name...}", send("application/x-report", "%PDF-1.4 data NAME"))
	mux.HandleFunc("/xml/{name...}", send("application/xml", "<x>NAME</x>"))
	mux.HandleFunc("/thumb.png", send("image/png", "\x89PNG"))
	mux.HandleFunc("/octets/{name}", func(w http.ResponseWriter, r *http.Request) {
		body := "\x89PNG"
		if r.PathValue("name") == "mine" {
			body = "%PDF-1.4 mine"
		}
		send("application/octet-stream", body)(w, r)
	})
	mux.HandleFunc("/page", send("text/html", "<title>One moment</title><script>1</script>"))
	mux.HandleFunc("/start", send("application/json", "{}"))
	mux.HandleFunc("/no/{status}/{name...}", s.refuse)
	mux.HandleFunc("/no/{status}", s.refuse)
	mux.HandleFunc("/ranged/{name}", func(w http.ResponseWriter, r *http.Request) {
		s.note(r.Method + " " + r.Header.Get("Range"))
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Cache-Control", "no-store")
		http.ServeContent(w, r, "", farPast, strings.NewReader("%PDF-1.4 all of mine, which is a little longer"))
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *decoys) refuse(w http.ResponseWriter, r *http.Request) {
	var status int
	_, _ = fmt.Sscan(r.PathValue("status"), &status)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
}

// pause holds an answer back.
func pause(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

// expect makes the right file wait until another one was passed by.
func (s *decoys) expect(pending steps.PendingCapture, passed string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending, s.passed = pending, passed
}

// holdBack waits for what is to be passed by first.
func (s *decoys) holdBack(ctx context.Context) {
	s.mu.Lock()
	pending, passed := s.pending, s.passed
	s.mu.Unlock()
	for passed != "" && ctx.Err() == nil && !strings.Contains(strings.Join(pending.PassedBy(), "; "), passed) {
		time.Sleep(5 * time.Millisecond)
	}
}

func (s *decoys) note(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[what]++
}

func (s *decoys) times(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[what]
}
