package capture

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// windows is a site that delivers its files by windows that it writes or uses
// again, by frames of another site, and by scripts that save. It knows how often
// it was asked for each, and how often an answer was cut off.
type windows struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
	// served are the files that were sent, cut those whose answer was not waited
	// for.
	served map[string]bool
	cut    []string
	// arrived is told that the file was asked for which never comes.
	arrived chan string
}

const windowsHome = `<!doctype html><meta http-equiv="Content-Security-Policy" content="%[2]s"><title>windows</title>
<form method=post action="/file?id=named-%[1]s" target=report><button id=named>post</button></form>
<button id=namedopen onclick="window.open('/file?id=namedopen-%[1]s', 'report')">open</button>
<a id=namedlink target=report href="/file?id=namedlink-%[1]s">link</a>
<button id=namedempty onclick="window.open('', 'report'); plain.submit()">empty first</button>
<form id=plain method=post action="/file?id=namedempty-%[1]s" target=report></form>
<form method=post action="/file?id=hidden-%[1]s&attach" target=below><button id=hidden>into a frame</button></form><iframe name=below hidden></iframe>
<button id=handle onclick="if (!w || w.closed) w = window.open('/file?id=handle-%[1]s'); else w.location = '/file?id=handle-%[1]s'">by its handle</button>
<button id=written onclick="put('<embed src=' + make('written') + '>')">blob in a written window</button>
<button id=writtenframe onclick="put('<iframe src=/file?id=writtenframe-%[1]s></iframe>')">frame in a written window</button>
<button id=writtendata onclick="put('<embed type=application/pdf src=&quot;data:application/pdf,%%25PDF-1.4 writtendata-%[1]s&quot;>')">data in a written window</button>
<button id=later onclick="const v = put('<p>Preparing'); setTimeout(() => v.location = '/file?id=later-%[1]s', 100)">written, then moved</button>
<button id=refresh onclick="window.open('/refresh?id=refresh-%[1]s')">refresh</button>
<button id=save onclick="save('save')">save</button>
<button id=savepipe onclick="save('savepipe', true)">save a stream</button>
<button id=shadow onclick="shadow()">shadow</button>
<button id=bloblocation onclick="location = make('bloblocation')">blob here</button>
<button id=revoked onclick="const a = document.createElement('a'); a.href = make('revoked'); a.download = 'x.pdf'; a.click(); window.URL.revokeObjectURL(a.href)">revoked</button>
<button id=untyped onclick="const a = document.createElement('a'); a.href = window.URL.createObjectURL(new Blob(['%%PDF-1.4 untyped-%[1]s'])); a.download = 'x.pdf'; a.dispatchEvent(new MouseEvent('click'))">no type, by an event</button>
<button id=rewritten onclick="document.open(); document.write('<title>new</title><a id=go download=x.pdf href=&quot;data:application/pdf,%%25PDF-1.4 rewritten-%[1]s&quot;>x</a>'); document.close(); setTimeout(() => document.getElementById('go').click(), 50)">rewritten</button>
<button id=worker onclick="work()">made by a worker</button>
<button id=far onclick="frame('/viewer?id=far-%[1]s')">script in a frame of another site</button>
<button id=fardeep onclick="frame('/deep?id=fardeep-%[1]s')">and in its frame</button>
<button id=farblob onclick="frame('/maker?id=farblob-%[1]s')">blob in a frame of another site</button>
<button id=farmove onclick="frame('/mover?id=farmove-%[1]s')">a frame of another site that moves on</button>
<button id=faropen onclick="frame('/opener?id=faropen-%[1]s')">a tab of a frame of another site</button>
<button id=sandbox onclick="frame('/maker?id=sandbox-%[1]s', '', 'allow-scripts')">blob in a sandbox</button>
<button id=again onclick="const at = '/file?id=again-' + ++turn; if (!w || w.closed) w = window.open(at); else w.location = at">by its handle, again</button>
<button id=service onclick="serve()">streamed by a service worker</button>
<button id=printclose onclick="window.open('/document?n=%[1]s&do=print()%%3Bclose()')">print and close</button>
<a id=printlink target=_blank href="/document?n=%[1]s&do=print()%%3Bclose()">print and close, by a link</a>
<button id=printafter onclick="window.open('/document?n=%[1]s&do=onafterprint=close%%3Bprint()')">closes after its print</button>
<button id=printhere onclick="location = '/document?n=%[1]s&do=print()'">prints itself</button>
<button id=printwritten onclick="const v = put(report); v.print(); v.close()">print and close, written</button>
<button id=printswap onclick="const was = document.body.innerHTML; document.body.innerHTML = report; window.print(); document.body.innerHTML = was">shows it for its print only</button>
<button id=printframe onclick="const f = document.body.appendChild(document.createElement('iframe')); f.contentDocument.write(report); f.contentDocument.close(); f.contentWindow.print(); f.remove()">prints a frame</button>
<button id=printdialog onclick="document.body.innerHTML = report; document.execCommand('print')">prints by a command</button>
<script>
let w, turn = 0;
const report = '<h1>Report of %[1]s</h1><div style="break-before:page">second page</div>';
async function serve() {
	await navigator.serviceWorker.register('/service.js');
	await navigator.serviceWorker.ready;
	frame('/streamed/file?id=service-%[1]s', '');
}
const make = way => URL.createObjectURL(new Blob(['%%PDF-1.4 ' + way + '-%[1]s'], {type: 'application/pdf'}));
function put(html) { const v = open(''); v.document.write('<title>x</title>' + html); v.document.close(); return v; }
function frame(path, host = 'http://localhost:' + location.port, sandbox) {
	const f = document.createElement('iframe');
	if (sandbox) f.sandbox = sandbox;
	f.src = host + path;
	document.body.append(f);
}
async function save(way, stream) {
	const h = await showSaveFilePicker({suggestedName: way + '.pdf', types: [{accept: {'application/pdf': ['.pdf']}}]});
	const out = await h.createWritable(), text = '%%PDF-1.4 ' + way + '-%[1]s';
	if (stream) return new Blob([text]).stream().pipeTo(out);
	await out.write('xxxxx' + text.slice(5, 9));
	await out.write({type: 'write', position: 0, data: new TextEncoder().encode('%%PDF-')});
	await out.seek(9);
	await out.write(new Blob([text.slice(9), 'more']));
	await out.truncate(text.length);
	await out.close();
	if ((await (await h.getFile()).text()) !== text) document.title = 'wrong';
}
function shadow() {
	const e = document.createElement('div');
	document.body.append(e);
	e.attachShadow({mode: 'closed'}).innerHTML = '<embed type=application/pdf src="data:application/pdf,%%25PDF-1.4 shadow-%[1]s">';
}
function work() {
	const code = URL.createObjectURL(new Blob(["postMessage(URL.createObjectURL(new Blob(['%%PDF-1.4 worker-%[1]s'], {type: 'application/pdf'})))"], {type: 'text/javascript'}));
	new Worker(code).onmessage = e => { const a = document.createElement('a'); a.href = e.data; a.download = 'x.pdf'; a.click(); };
}
</script>`

func newWindows(t testing.TB, policy string) *windows {
	s := &windows{asked: map[string]int{}, served: map[string]bool{}, arrived: make(chan string, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, windowsHome, r.URL.Query().Get("n"), policy)
	})
	mux.HandleFunc("/file", s.file)
	mux.HandleFunc("/service.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `onactivate = e => e.waitUntil(clients.claim());
onfetch = e => { const u = new URL(e.request.url); if (u.pathname === '/streamed/file') e.respondWith(new Response('%PDF-1.4 ' + u.searchParams.get('id'),
	{headers: {'Content-Type': 'application/octet-stream; charset=utf-8', 'Content-Disposition': "attachment; filename=x.pdf"}})) }`)
	})
	mux.HandleFunc("/document", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><title>Report</title><body onload='%s'><h1>Report of %s</h1><div style='break-before:page'>second page</div>", r.URL.Query().Get("do"), r.URL.Query().Get("n"))
	})
	mux.HandleFunc("/refresh", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Refresh", "0; url=/file?"+r.URL.RawQuery)
		fmt.Fprint(w, "<p>Please wait.")
	})
	for path, body := range map[string]string{
		"/viewer": `<script>fetch('/file?%[1]s').then(r => r.blob())</script>`,
		"/deep":   `<iframe src="/viewer?%[1]s"></iframe>`,
		"/maker":  `<script>URL.createObjectURL(new Blob(['%%PDF-1.4 %[2]s'], {type: 'application/pdf'}))</script>`,
		"/mover":  `<script>setTimeout(() => location = '/file?%[1]s', 50)</script>`,
		"/opener": `<script>open('/file?%[1]s')</script>`,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, "<!doctype html>"+body, r.URL.RawQuery, r.URL.Query().Get("id"))
		})
	}
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *windows) file(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	s.mu.Lock()
	s.asked[id]++
	s.mu.Unlock()
	if id == "again-1" { // never answered
		s.arrived <- id
		<-r.Context().Done()
		s.mu.Lock()
		s.cut = append(s.cut, id)
		s.mu.Unlock()
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	if r.URL.Query().Has("attach") {
		w.Header().Set("Content-Disposition", `attachment; filename="site.pdf"`)
	}
	fmt.Fprint(w, "%PDF-1.4 ", strings.TrimSpace(id))
	s.mu.Lock()
	s.served[id] = true
	s.mu.Unlock()
}

// state tells how often a file was asked for, and whether it was sent.
func (s *windows) state(id string) (asked int, served bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[id], s.served[id]
}
