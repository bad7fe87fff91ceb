// Runs in every document before the site's own scripts, and does nothing until
// a capture arms it. Then it notes the files that scripts make in the page:
// blobs, data: addresses, files that they save, and documents that an element
// embeds where the browser itself has no viewer for them.
//
// It throws nothing into the page, and the page sees no difference: what it wraps
// looks like the browser's own, and its key is of this process alone.
(function install(window) {
	const KEY = Symbol.for('pipe.files');
	const {Blob, FileReader, Element, Function, HTMLAnchorElement, Map, MutationObserver, Object, Promise, Proxy, Reflect, Set, String, URL,
		Uint8Array, WeakMap, WeakRef, atob, fetch, navigator} = window;
	if (window[KEY]) { // a window that its opener wrote to shows its first page
		window[KEY].disarm();
		return void window[KEY].renew();
	}
	const quietly = f => {
		try {
			return f();
		} catch {}
	};
	const bytesOf = text => Uint8Array.from(text, c => c.charCodeAt(0));
	const zip = t => /^PK(\x03\x04|\x05\x06)/.test(t), ole = t => t.startsWith('\xd0\xcf\x11\xe0'), office = t => zip(t) || ole(t);
	// A text has no control characters, or is UTF-16.
	const text = t => /^(\xff\xfe|\xfe\xff)/.test(t) || !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(t);
	const code = /^(text\/(html|css|javascript)|application\/(javascript|json|wasm)|image\/|font\/|video\/|audio\/)/;
	const magic = {
		pdf: (t, type) => t.includes('%PDF-') && !code.test(type),
		xlsx: office, docx: office, pptx: office, xls: (t, type) => office(t) || /excel|spreadsheet/.test(type), doc: (t, type) => office(t) || /msword|rtf/.test(type), ppt: office,
		msg: ole, zip, odt: zip, ods: zip, odp: zip,
		rtf: t => t.startsWith('{\\rtf'),
		image: (t, type) => /^(\x89PNG|GIF8|\xff\xd8\xff|RIFF....WEBP|BM|II\*|MM\0\*)/s.test(t) || t.includes('<svg') || /^image\//.test(type),
		html: t => /<(!doctype html|html|table)/i.test(t),
		csv: (t, type) => /csv|excel|plain/.test(type) || !code.test(type) && text(t),
		txt: (t, type) => /plain/.test(type) || !code.test(type) && text(t),
		json: (t, type) => /json/.test(type) || /^\s*[[{]/.test(t),
		xml: (t, type) => /xml/.test(type) || /^(\xef\xbb\xbf)?\s*</.test(t),
		print: () => false,
		any: (t, type) => !code.test(type),
	};
	const hook = {
		kinds: [], windows: null, found: [], urls: new Map(), datas: new Map(), roots: new Set(), wake: null, seen: null, held: null,
		// arm tells whether it was not armed yet; late counts what was there before.
		// It leaves a frame of the same site to its page. windows are the requests
		// that go without the windows which the page opens for them; null leaves them be.
		arm(kinds, late, windows) {
			if (late && hook.kinds.length || root !== hook) return false;
			hook.kinds = kinds.map(kind => kind || 'any');
			hook.windows = late ? null : windows;
			hook.found = [];
			hook.datas.clear();
			if (!late) hook.saves = false;
			hook.seen?.disconnect();
			hook.seen = new MutationObserver(() => quietly(hook.look));
			hook.all(hook.watch);
			if (late) {
				hook.urls.forEach(blob => hook.offer('blob', '', blob));
				hook.look();
			}
			hook.armed?.(late);
			return true;
		},
		disarm() {
			hook.kinds = [];
			hook.windows = null;
			hook.found = [];
			hook.datas.clear();
			hook.seen?.disconnect();
			hook.wake?.();
		},
		// next resolves with what was found in that place, or with null once disarmed.
		async next(at) {
			while (hook.found.length <= at && hook.kinds.length) await new Promise(done => { hook.wake = done; });
			const f = hook.found[at];
			return f ? {via: f.via, url: f.url, name: f.name || '', type: f.blob ? f.blob.type : '', size: f.blob ? f.blob.size : -1, request: f.request || null} : null;
		},
		// read gives a part of what was found, or is held, in base64.
		read(at, from, size) {
			return new Promise((done, fail) => {
				const r = new FileReader();
				r.onload = () => done(r.result.slice(r.result.indexOf(',') + 1));
				r.onerror = () => fail(r.error);
				r.readAsDataURL((at < 0 ? hook.held : hook.found[at].blob).slice(from, from + size));
			});
		},
		offer(via, url, blob, sure, name) {
			const taken = () => !hook.kinds.length || hook.found.length >= 20 || hook.found.some(f => blob ? f.blob === blob : f.url && f.url === url);
			const add = () => {
				if (taken()) return;
				hook.found.push({via, url, blob, name});
				hook.wake?.();
			};
			if (taken()) return;
			if (!blob || sure) return void add();
			blob.slice(0, 1024).arrayBuffer().then(start => {
				const t = String.fromCharCode(...new Uint8Array(start));
				if (hook.kinds.some(kind => (magic[kind] || magic.any)(t, blob.type))) add();
			}).catch(() => {});
		},
		// address takes the file of an address that something opens.
		address(url, sure, name) {
			url = String(url);
			if (url.startsWith('blob:') && hook.urls.has(url)) hook.offer('blob', '', hook.urls.get(url), sure, name);
			else if (url.startsWith('data:') && hook.kinds.length) {
				if (!hook.datas.has(url)) hook.datas.set(url, dataFile(url));
				if (hook.datas.get(url)) hook.offer('data', '', hook.datas.get(url), sure, name);
			}
		},
		// hold finds the file of an address, to be read.
		async hold(url) {
			hook.held = await hook.file(url);
			return hook.held ? {type: hook.held.type, size: hook.held.size} : null;
		},
		async file(url) {
			return url.startsWith('data:') ? dataFile(url) : hook.urls.get(url) || fetch(url).then(r => r.blob()).catch(() => null);
		},
		// all tells of each document and shadow of the page's that can be reached.
		all(tell) {
			const into = (within, depth) => {
				tell(within);
				if (depth < 8) for (const e of within.querySelectorAll('iframe, frame')) quietly(() => e.contentDocument && into(e.contentDocument, depth + 1));
			};
			into(window.document, 0);
			for (const ref of hook.roots) ref.deref()?.isConnected ? into(ref.deref(), 1) : ref.deref() || hook.roots.delete(ref);
		},
		watch(within) {
			hook.seen?.observe(within, {subtree: true, childList: true, attributes: true, attributeFilter: ['src', 'data']});
		},
		look() {
			if (!hook.kinds.length) return;
			hook.renew();
			hook.all(within => {
				hook.watch(within);
				for (const e of within.querySelectorAll('iframe, frame, embed, object')) quietly(() => hook.shown(e));
			});
		},
		// shown takes the file that an element shows.
		shown(e) {
			const url = e.data || e.src || '', pdf = hook.kinds.includes('pdf');
			if (/^(blob|data):/.test(url)) hook.address(url);
			else if (/^(embed|object)$/.test(e.localName) && !navigator.pdfViewerEnabled && /^https?:/.test(url) && (pdf || hook.kinds.includes('any')) &&
				(e.type === 'application/pdf' || /\.pdf([?#]|$)/i.test(url) || !e.type && pdf)) hook.offer('frame', url, null);
		},
		// renew listens again in a window whose document was opened anew.
		renew() { quietly(() => listen.call(window, 'click', clicked, true)); },
		wrap, quietly,
	};
	// dataFile decodes a data: address as the browser does: a % that begins no
	// escape stays one, and an escape is a byte.
	function dataFile(address) {
		const url = new URL(address).href.replace(/#.*$/s, '');
		const comma = url.indexOf(',');
		if (comma < 0) return null;
		const head = url.slice(5, comma).split(';').map(part => unescaped(part).trim());
		let body = unescaped(url.slice(comma + 1));
		if (head.slice(1).some(part => part.toLowerCase() === 'base64')) body = quietly(() => atob(body));
		if (body === undefined) return null;
		return new Blob([bytesOf(body)], {type: head.filter((part, i) => part && (!i || part.toLowerCase() !== 'base64')).join(';')});
	}
	function unescaped(url) { return url.replace(/%([0-9a-f]{2})/gi, (all, hex) => String.fromCharCode(parseInt(hex, 16))); }
	// wrap has a function of the browser's do what call says, and looks as it did.
	const natives = new WeakMap(), {apply, construct} = Reflect;
	function wrap(on, name, call) {
		quietly(() => {
			const was = Object.getOwnPropertyDescriptor(on, name), native = was.value;
			const wrapped = new Proxy(native, {
				apply: (_, self, args) => call(() => apply(native, self, args), self, args),
				construct: (_, args, made) => call(() => construct(native, args, made), null, args),
			});
			natives.set(wrapped, natives.get(native) || native);
			Object.defineProperty(on, name, {...was, value: wrapped});
		});
	}
	let root = hook;
	try {
		root = window.top[KEY] || hook; // a frame of the same site tells its page
	} catch {}
	Object.defineProperty(window, KEY, {value: hook});
	const sizeOf = Object.getOwnPropertyDescriptor(Blob.prototype, 'size').get; // throws for what is no blob, of whichever frame
	const listen = window.EventTarget.prototype.addEventListener, source = Function.prototype.toString;
	wrap(Function.prototype, 'toString', (run, self) => natives.has(self) ? apply(source, natives.get(self), []) : run());
	wrap(URL, 'createObjectURL', (run, _, [o]) => {
		const url = run();
		quietly(() => {
			apply(sizeOf, o, []);
			root.urls.set(url, o);
			root.offer('blob', '', o);
		});
		return url;
	});
	wrap(URL, 'revokeObjectURL', (run, _, [url]) => {
		quietly(() => root.urls.delete(String(url)));
		return run();
	});
	wrap(window, 'open', (run, _, [url]) => {
		quietly(() => { if (url) root.address(url, true); });
		const opened = run();
		// Its opener may write it before the browser has run this there.
		quietly(() => {
			if (opened && !opened[KEY]) install(opened);
			if (opened && root.kinds.length) opened[KEY].expect();
		});
		return opened;
	});
	wrap(Element.prototype, 'attachShadow', run => {
		const shadow = run();
		quietly(() => {
			root.roots.add(new WeakRef(shadow));
			if (root.kinds.length) root.watch(shadow);
		});
		return shadow;
	});
	const link = a => quietly(() => {
		const url = a?.href?.baseVal ?? a?.href;
		if (/^(blob|data):/.test(url)) root.address(url, true, a.download);
		// The browser may ask for it without telling of the request.
		else if (a?.hasAttribute('download') && new URL(url).origin === new URL(a.baseURI).origin) root.saves = true;
	});
	const clicked = e => quietly(() => link(e.composedPath().find(on => on.matches?.('a, area'))));
	wrap(window.HTMLElement.prototype, 'click', (run, self) => {
		if (self instanceof HTMLAnchorElement) link(self);
		return run();
	});
	// A page that goes to a blob: address would take the file with it.
	quietly(() => window.navigation.addEventListener('navigate', e => quietly(() => {
		const url = e.destination.url;
		if (window.top !== window || !root.kinds.length || root.kinds.includes('print') || !root.urls.has(url)) return;
		root.address(url, true);
		e.preventDefault();
	})));
	hook.renew();
	quietly(() => { if (root.kinds.length) root.watch(window.document); });
	parts.forEach(part => quietly(() => part(window, hook, root)));
})(window);
