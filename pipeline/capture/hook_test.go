package capture

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"pipe/pipeline/browser"
	"pipe/pipeline/session"
	"pipe/steps"
)

// The hook is of no consequence to a page: what it wraps looks as the browser's
// own, and throws what that throws.
func TestHook(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	site := newWindows(t, "require-trusted-types-for 'script'; default-src 'none'; script-src 'unsafe-inline'")
	pool := launch(t, "shell", session.Options{})
	pg := open(ctx, t, pool, 0)
	pw := pg.Playwright()
	if _, err := pw.Goto(site.URL + "/?n=1"); err != nil {
		t.Fatal(err)
	}
	ask := func(t *testing.T, script string, arg ...any) any {
		t.Helper()
		got, err := pw.Evaluate(script, arg...)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	t.Run("looks", func(t *testing.T) {
		if wrong := ask(t, looksJS); wrong != "" {
			t.Error(wrong)
		}
	})
	t.Run("errors", func(t *testing.T) {
		if wrong := ask(t, errorsJS); wrong != "" {
			t.Error(wrong)
		}
	})
	t.Run("data", func(t *testing.T) {
		for address, want := range dataAddresses {
			f := browser.Fields(ask(t, "url => "+hooked+".hold(url)", address))
			if f == nil {
				if want != "" {
					t.Errorf("%s: nothing", address)
				}
				continue
			}
			data, err := base64.StdEncoding.DecodeString(fmt.Sprint(ask(t, hooked+".read(-1, 0, 1000)")))
			if got := browser.Text(f["type"]) + "|" + string(data); err != nil || got != want {
				t.Errorf("%s: got %q, want %q", address, got, want)
			}
		}
	})
	t.Run("kinds", func(t *testing.T) {
		if wrong := ask(t, kindsJS, hookKey); wrong != "" {
			t.Error(wrong)
		}
	})
	t.Run("windows", func(t *testing.T) {
		// One that is written waits until it is heard, one that has a page of its own does not.
		if got := ask(t, windowsJS, hookKey); got != "true false" {
			t.Errorf("they wait: %v", got)
		}
	})
	t.Run("own functions", func(t *testing.T) {
		// A page that has functions of its own, and lets nobody change any.
		script := `() => {
			const mine = URL.createObjectURL;
			URL.createObjectURL = o => mine.call(URL, o);
			[URL, HTMLElement.prototype, Element.prototype, Function.prototype, Document.prototype].forEach(Object.freeze);
			const button = document.body.appendChild(document.createElement('button'));
			button.id = 'mine';
			button.onclick = () => {
				const a = document.createElement('a');
				a.href = URL.createObjectURL(new Blob(['%PDF-1.4 mine']));
				a.download = 'mine.pdf';
				a.click();
			};
		}`
		ask(t, script)
		d, err := clicked(ctx, pg, "#mine", steps.CaptureOptions{Kind: "pdf"})
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		if _, err := d.Receive(ctx, &got); err != nil || got.String() != "%PDF-1.4 mine" {
			t.Errorf("got %q, %v", got.String(), err)
		}
	})
}

// looksJS compares the functions of the browser's that are wrapped with what they
// are in a browser.
const looksJS = `() => {
	const wrong = [], check = (what, is) => is || wrong.push(what);
	const wrapped = [[URL, 'createObjectURL', 1], [URL, 'revokeObjectURL', 1], [window, 'open', 0], [window, 'close', 0], [window, 'print', 0],
		[HTMLElement.prototype, 'click', 0], [Element.prototype, 'attachShadow', 1], [Document.prototype, 'execCommand', 1],
		[window, 'fetch', 1], [XMLHttpRequest.prototype, 'open', 2], [XMLHttpRequest.prototype, 'send', 0], [window, 'setTimeout', 1], [Function.prototype, 'toString', 0]];
	for (const [on, name, length] of wrapped) {
		const d = Object.getOwnPropertyDescriptor(on, name), f = on[name];
		check(name + ' is its own', d && d.writable && d.configurable && d.enumerable === (on !== Function.prototype));
		check(name + ' has its name and length', f.name === name && f.length === length && !('prototype' in f));
		check(name + ' has its source', f + '' === 'function ' + name + '() { [native code] }' && Function.prototype.toString.call(f) === f + '');
		try { new f(); check(name + ' is no constructor', false); } catch (e) { check(name + ' is no constructor', e instanceof TypeError); }
	}
	check('click is not on the link', !Object.hasOwn(HTMLAnchorElement.prototype, 'click'));
	check('one hidden property', Object.getOwnPropertySymbols(window).every(s => !Object.getOwnPropertyDescriptor(window, s).enumerable));
	check('no guess finds it', !window[Symbol.for('pipe.files')]);
	return wrong.join('; ');
}`

// errorsJS has the wrapped functions throw what the browser's own do, and nothing
// else.
const errorsJS = `() => {
	const wrong = [];
	const throws = (what, f, like) => {
		try { f(); wrong.push(what + ' throws nothing'); } catch (e) { like.test(e.name + ': ' + e.message) || wrong.push(what + ': ' + e); }
	};
	throws('no blob', () => URL.createObjectURL({}), /^TypeError: .*createObjectURL/);
	throws('no argument', () => URL.createObjectURL(), /^TypeError: .*1 argument/);
	throws('no element', () => Element.prototype.attachShadow.call({}, {mode: 'open'}), /^TypeError: Illegal invocation/);
	throws('no such element', () => document.createElement('input').attachShadow({mode: 'open'}), /^NotSupportedError/);
	throws('no link', () => HTMLElement.prototype.click.call({}), /^TypeError: Illegal invocation/);
	throws('no window', () => window.print.call({}), /^TypeError: Illegal invocation/);
	throws('no address', () => window.open('http://['), /^SyntaxError/);
	throws('no function', () => Function.prototype.toString.call({}), /^TypeError/);
	for (const url of ['data:', 'data:,%', 'data:;base64,%%', 'data:text/csv;charset=utf-8,12.5% off%0A%FC', 'blob:nothing']) {
		const a = document.createElement('a');
		a.href = url;
		a.onclick = e => e.preventDefault();
		try { a.click(); } catch (e) { wrong.push(url + ': ' + e); }
	}
	let told = '';
	addEventListener('beforeprint', () => told += 'before ');
	addEventListener('afterprint', () => told += 'after');
	window.print();
	told === 'before after' || wrong.push('printing tells ' + told);
	URL.createObjectURL(new MediaSource());
	return wrong.join('; ');
}`

// kindsJS makes blobs of all kinds, with and without their type, and has the hook
// look for each.
const kindsJS = `async key => {
	const hook = window[Symbol.for(key)], wrong = [];
	const zip = 'PK\x03\x04', ole = '\xd0\xcf\x11\xe0';
	const files = {
		pdf: '%PDF-', xlsx: zip, docx: zip, pptx: zip, odt: zip, ods: zip, zip: 'PK\x03\x04', xls: ole, doc: ole, ppt: ole, msg: ole,
		rtf: '{\\rtf1', xml: '<?xml version="1.0"?><a/>', json: '[{"a": 1}]', txt: 'some text', csv: 'a;b', html: '<!doctype html>', image: '\x89PNG', any: '\0\1',
	};
	for (const [kind, text] of Object.entries(files)) for (const type of ['', 'application/octet-stream']) {
		hook.arm([kind], false);
		const found = hook.next(0), code = new Blob(['addEventListener("x", () => {})'], {type: 'text/javascript'});
		if (kind !== 'txt') URL.createObjectURL(code);
		const blob = new Blob([Uint8Array.from(text, c => c.charCodeAt(0))], {type});
		URL.createObjectURL(blob);
		const got = await Promise.race([found, new Promise(done => setTimeout(done, 5000))]);
		if (got?.size !== blob.size) wrong.push(kind + ' of type "' + type + '"');
		hook.disarm();
	}
	return wrong.join('; ');
}`

// windowsJS opens a window that has a page of the site's own, and tells whether its
// requests wait before the page is there, and then.
const windowsJS = `async key => {
	const hook = window[Symbol.for(key)];
	hook.arm(['pdf'], false);
	const w = open('/?n=2'), waits = () => !!w[Symbol.for(key)].waits(), before = waits();
	while (w.location.href === 'about:blank' || w.document.readyState !== 'complete') await new Promise(done => setTimeout(done, 20));
	const after = waits();
	w.close();
	hook.disarm();
	return before + ' ' + after;
}`

// dataAddresses are data: addresses with the type and the bytes that Chromium
// makes of them.
var dataAddresses = map[string]string{
	"data:text/csv;charset=utf-8,12.5% off%0Anet":     "text/csv;charset=utf-8|12.5% off\nnet",
	"data:text/csv;charset=iso-8859-1,M%FCller":       "text/csv;charset=iso-8859-1|M\xfcller",
	"data:text/csv,Grüße%2":                           "text/csv|Grüße%2",
	"data:text/csv;base64,YTti\nCg==":                 "text/csv|a;b\n",
	"data:text/csv;base64,YTti%0ACg%3D%3D":            "text/csv|a;b\n",
	"data:text/csv;base64,YTtiCg":                     "text/csv|a;b\n",
	"data:text/csv;BASE64;charset=utf-8,YTtiCg==":     "text/csv;charset=utf-8|a;b\n",
	"data:application/pdf;name=a.pdf;base64,JVBERi0=": "application/pdf;name=a.pdf|%PDF-",
	"data:,a%20b,c":                                   "|a b,c",
	"data:text/csv,a%23b#c":                           "text/csv|a#b",
	"data:text/csv;base64,_-":                         "",
	"data:text/csv":                                   "",
}
