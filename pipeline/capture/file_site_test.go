package capture

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// files is a small site that delivers one file in many ways. It counts how
// often it produces each.
type files struct {
	*httptest.Server
	mu       sync.Mutex
	produced map[string]int
	// slow is how long the site takes to produce a file.
	slow time.Duration
}

const home = `<!doctype html><title>files</title>
<button id=open onclick="window.open('/file?id=open-%[1]s')">open</button>
<a id=big target=_blank href="/file?id=big-%[1]s">a big one</a>
<button id=bigxhr onclick="fetch('/file?id=bigxhr-%[1]s').then(r=>r.blob()).then(b=>out.textContent=b.size)">a big one for a script</button>
<form method=post target=_blank action="/file?id=post-%[1]s"><input name=x value=y><button id=post>post</button></form>
<a id=noopener target=_blank rel=noopener href="/file?id=noopener-%[1]s">noopener</a>
<button id=blank onclick="var w=window.open('about:blank');setTimeout(()=>w.location='/file?id=blank-%[1]s',50)">blank</button>
<a id=aspage target=_blank href="/file?id=aspage-%[1]s">named a page</a>
<a id=redirect target=_blank href="/moved?id=redirect-%[1]s">redirect</a>
<a id=here href="/file?id=here-%[1]s">in this tab</a>
<a id=attached href="/file?attach=1&id=attached-%[1]s">attached</a>
<a id=save download=x.pdf href="/file?id=save-%[1]s">save</a>
<button id=blob onclick="let a=document.createElement('a');a.download='b.pdf';a.href=window.URL.createObjectURL(new Blob(['%%PDF-1.4 blob-%[1]s']));a.click()">blob</button>
<button id=shut onclick="let w=window.open('about:blank');setTimeout(()=>w.close(),50)">shut</button>
<a id=broken target=_blank href="/file?cut=1&id=broken-%[1]s">broken</a>
<a id=gone target=_blank href="/gone">gone</a>
<a id=tomorrow target=_blank href="/later">later</a>
<a id=lost target=_blank href="/void">lost</a>
<a id=page href="/other">a page</a>
<button id=xhr onclick="fetch('/file?id=xhr-%[1]s').then(r=>r.blob()).then(b=>out.textContent=b.size)">fetch</button>
<button id=reader onclick="save(fetch('/file?id=reader-%[1]s'))">read part by part, whatever happens</button>
<button id=oldxhr onclick="let x=new XMLHttpRequest();x.responseType='blob';x.open('POST','/file?id=oldxhr-%[1]s');x.onload=()=>out.textContent=x.response.size;x.send('q')">xhr</button>
<button id=frame onclick="show.src='/file?id=frame-%[1]s'">frame</button>
<button id=newframe onclick="add('iframe',{src:'/file?id=newframe-%[1]s'})">new frame</button>
<button id=farframe onclick="add('iframe',{src:'//localhost:'+location.port+'/file?free=1&id=farframe-%[1]s'})">frame of another site</button>
<button id=farmade onclick="add('iframe',{src:'//localhost:'+location.port+'/made?free=1&id=farmade-%[1]s'})">a script in a frame of another site</button>
<button id=embed onclick="add('embed',{type:'application/pdf',src:'/file?id=embed-%[1]s'})">embed</button>
<button id=object onclick="add('object',{type:'application/pdf',data:'/file?id=object-%[1]s'})">object</button>
<button id=blobopen onclick="window.open(window.URL.createObjectURL(pdf('blobopen-%[1]s')))">blob in a tab</button>
<button id=blobframe onclick="show.src=window.URL.createObjectURL(pdf('blobframe-%[1]s'))">blob in a frame</button>
<button id=bloblink onclick="let a=add('a',{href:window.URL.createObjectURL(pdf('bloblink-%[1]s')),target:'_blank'});a.click()">blob by a link</button>
<a id=data download=d.pdf href="data:application/pdf;base64,%[2]s">data</a>
<button id=dataframe onclick="add('embed',{type:'application/pdf',src:'data:application/pdf;base64,%[2]s'})">data in a frame</button>
<a id=meta target=_blank href="/meta?id=meta-%[1]s">preparing, by a refresh</a>
<a id=script target=_blank href="/script?id=script-%[1]s">preparing, by a script</a>
<a id=prepared target=_blank href="/script?attach=1&id=prepared-%[1]s">preparing a download</a>
<a id=made target=_blank href="/made?id=made-%[1]s">preparing in a script</a>
<a id=preparehere href="/script?id=preparehere-%[1]s">preparing in this tab</a>
<a id=second target=_blank href="/hop?id=second-%[1]s">a second tab</a>
<button id=shutandsave onclick="let w=window.open('about:blank');setTimeout(()=>{w.close();location='/file?attach=1&id=shutandsave-%[1]s'},50)">shut, then save</button>
<a id=document target=_blank href="/document?n=%[1]s">a document</a>
<a id=documenthere href="/document?n=%[1]s">a document in this tab</a>
<button id=writtenframe onclick="put('<iframe src=&quot;/file?id=writtenframe-%[1]s&quot;></iframe>')">frame in a written tab</button>
<button id=writtensave onclick="put('<iframe src=&quot;/file?attach=1&id=writtensave-%[1]s&quot;></iframe>')">download in a written tab</button>
<button id=writtenfetch onclick="put('<p>preparing', w => w.fetch('/file?id=writtenfetch-%[1]s').then(r=>r.blob()))">fetched by a written tab</button>
<button id=writtenxhr onclick="put('<p>preparing', w => { let x=new w.XMLHttpRequest();x.responseType='blob';x.open('GET','/file?id=writtenxhr-%[1]s');x.onload=()=>out.textContent=x.response.size;x.send() })">fetched by a written tab of old</button>
<iframe id=show></iframe><p id=out></p>
<script>
	function put(html, then) { const w = open(''); w.document.write('<title>x</title>' + html); w.document.close(); if (then) then(w); }
	function add(name, how) { const e = document.createElement(name); Object.assign(e, how); document.body.append(e); return e; }
	async function save(asked) {
		const parts = [];
		try {
			for (const r = (await asked).body.getReader();;) {
				const {done, value} = await r.read();
				if (done) break;
				parts.push(value);
			}
		} catch {}
		const a = document.createElement('a');
		a.href = URL.createObjectURL(new Blob(parts)); a.download = 'x.pdf'; a.click();
	}
	function pdf(text) { return new Blob(['%%PDF-1.4 ' + text], {type: 'application/pdf'}); }
</script>`

// ways are the ways that the site of these tests delivers a file.
var ways = []struct {
	// via lists what may win: a script that makes a file and saves it does both
	// at once.
	way, via string
	// made is true where a script of the page makes the file, a short one.
	made bool
}{
	{way: "open", via: "popup"},
	{way: "big", via: "popup"},
	{way: "bigxhr", via: "response"},
	{way: "post", via: "popup"},
	{way: "noopener", via: "popup"},
	{way: "blank", via: "popup"},
	{way: "redirect", via: "popup"},
	{way: "aspage", via: "popup"},
	{way: "here", via: "download"},
	{way: "attached", via: "download"},
	{way: "save", via: "download"},
	{way: "blob", via: "blob download", made: true},
	{way: "xhr", via: "response"},
	{way: "reader", via: "response blob download"},
	{way: "oldxhr", via: "response"},
	{way: "frame", via: "frame"},
	{way: "newframe", via: "frame"},
	{way: "farframe", via: "frame"},
	{way: "farmade", via: "response blob download"},
	{way: "embed", via: "frame"},
	{way: "object", via: "frame"},
	{way: "blobopen", via: "blob download", made: true},
	{way: "blobframe", via: "blob download", made: true},
	{way: "bloblink", via: "blob download", made: true},
	{way: "data", via: "data download", made: true},
	{way: "dataframe", via: "data", made: true},
	{way: "meta", via: "popup"},
	{way: "script", via: "popup"},
	{way: "prepared", via: "popup"},
	{way: "made", via: "response blob download"},
	{way: "preparehere", via: "download"},
	{way: "second", via: "popup"},
	{way: "writtenframe", via: "frame"},
	{way: "writtensave", via: "frame download"},
	{way: "writtenfetch", via: "response"},
	{way: "writtenxhr", via: "response"},
	{way: "shutandsave", via: "download"},
}

func newFiles(t testing.TB) *files {
	f := &files{produced: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "abc", HttpOnly: true})
		w.Header().Set("Content-Type", "text/html")
		n := r.URL.Query().Get("n")
		fmt.Fprintf(w, home, n, base64.StdEncoding.EncodeToString([]byte("%PDF-1.4 data-"+n)))
	})
	mux.HandleFunc("/document", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><title>Report</title><h1>Report of %s</h1><div style='break-before:page'>second page</div>", r.URL.Query().Get("n"))
	})
	for path, body := range map[string]string{
		"/meta":   `<title>Preparing</title><meta http-equiv=refresh content="0;url=/file?%[1]s">preparing your file…`,
		"/script": `<title>Preparing</title>preparing your file…<script>setTimeout(() => location = '/file?%[1]s', 100)</script>`,
		"/made": `<title>Preparing</title>preparing your file…<script>fetch('/file?%[1]s').then(r => r.blob()).then(b => {
			const a = document.createElement('a'); a.href = URL.createObjectURL(b); a.download = 'x.pdf'; a.click() })</script>`,
		"/hop": `<title>One moment</title><script>open('/file?%[1]s'); close()</script>`,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, "<!doctype html>"+body, r.URL.RawQuery)
		})
	}
	mux.HandleFunc("/file", f.file)
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/file?"+r.URL.RawQuery, http.StatusFound)
	})
	mux.HandleFunc("/void", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) })
	mux.HandleFunc("/login", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "log in") })
	mux.HandleFunc("/other", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<h1>another page</h1>")
	})
	mux.HandleFunc("/later", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		http.Error(w, "slow down", http.StatusTooManyRequests)
	})
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func (f *files) file(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	f.mu.Lock()
	f.produced[id]++
	f.mu.Unlock()
	if c, err := r.Cookie("sid"); (err != nil || c.Value != "abc") && !r.URL.Query().Has("free") {
		http.Error(w, "no session", http.StatusForbidden)
		return
	}
	time.Sleep(f.slow)
	disposition, kind, own := "", "text/csv", "application/pdf"
	if r.URL.Query().Has("attach") {
		disposition = "Content-Disposition: attachment; filename=\"site.csv\"\r\n"
	}
	switch way, _, _ := strings.Cut(id, "-"); {
	case way == "aspage":
		kind, own = "text/html", "text/html"
	case slices.Contains(framed, way):
		kind = own
	}
	if misbehave(w, id, kind, disposition) {
		return
	}
	body := content(id)
	w.Header().Set("Content-Type", own)
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	if r.URL.Query().Has("attach") {
		w.Header().Set("Content-Disposition", `attachment; filename="site.pdf"`)
	}
	if r.URL.Query().Has("cut") {
		body = body[:len(body)/2]
	}
	_, _ = w.Write(body)
}

// content is the file of an id, and its own; a big one is over one chunk.
func content(id string) []byte {
	body, lines := []byte("%PDF-1.4 "+id+"\n"), 1000
	if strings.HasPrefix(id, "big") {
		lines = 60_000
	}
	for i := range lines {
		body = fmt.Appendf(body, "line %d of %s\n", i, id)
	}
	return body
}

func (f *files) count(id string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.produced[id]
}

// forget has the site begin to count anew.
func (f *files) forget(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.produced, id)
}
