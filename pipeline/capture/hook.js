// Runs in every document before the site's own scripts, and does nothing until
// a capture arms it. Then it notes the files that scripts make in the page:
// blobs, data: addresses, and documents that an element embeds where the
// browser itself has no viewer for them.
(() => {
	const KEY = Symbol.for('pipe.files');
	if (window[KEY]) return;
	const magic = {
		pdf: t => t.includes('%PDF-'),
		xlsx: t => t.startsWith('PK\x03\x04') || t.startsWith('\xd0\xcf\x11\xe0'),
		zip: t => t.startsWith('PK\x03\x04'),
		image: t => /^(\x89PNG|GIF8|\xff\xd8\xff|RIFF....WEBP|BM|II\*|MM\0\*)/.test(t) || t.includes('<svg'),
		html: t => /<(!doctype html|html)/i.test(t),
	};
	const kinds = {
		csv: /csv|excel|plain/, any: /^(?!text\/(html|css|javascript)|application\/(javascript|json|wasm)|image\/|font\/|video\/|audio\/)./,
	};
	const hook = {
		kinds: [], found: [], urls: new Map(), wake: null, seen: null,
		// arm tells whether it was not armed yet; late counts what was there before.
		arm(kinds, late) {
			if (late && hook.kinds.length) return false;
			hook.kinds = kinds.map(kind => kind || 'any');
			hook.found = [];
			hook.seen?.disconnect();
			hook.seen = new MutationObserver(hook.look);
			hook.seen.observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ['src', 'data']});
			if (late) {
				hook.urls.forEach(blob => hook.offer('blob', '', blob));
				hook.look();
			}
			return true;
		},
		disarm() {
			hook.kinds = [];
			hook.found = [];
			hook.seen?.disconnect();
			hook.wake?.();
		},
		// next resolves with what was found in that place, or with null once disarmed.
		async next(at) {
			while (hook.found.length <= at && hook.kinds.length) await new Promise(done => { hook.wake = done; });
			const f = hook.found[at];
			return f ? {via: f.via, url: f.url, type: f.blob ? f.blob.type : '', size: f.blob ? f.blob.size : -1} : null;
		},
		// read gives a part of what was found, in base64.
		read(at, from, size) {
			return new Promise((done, fail) => {
				const r = new FileReader();
				r.onload = () => done(r.result.slice(r.result.indexOf(',') + 1));
				r.onerror = () => fail(r.error);
				r.readAsDataURL(hook.found[at].blob.slice(from, from + size));
			});
		},
		async offer(via, url, blob, sure) {
			if (!hook.kinds.length || hook.found.length >= 20 || blob && hook.found.some(f => f.blob === blob)) return;
			if (blob && !sure) {
				const start = String.fromCharCode(...new Uint8Array(await blob.slice(0, 1024).arrayBuffer()));
				if (!hook.kinds.some(kind => magic[kind] ? magic[kind](start) : (kinds[kind] || kinds.any).test(blob.type))) return;
			}
			if (!hook.kinds.length || blob && hook.found.some(f => f.blob === blob)) return;
			hook.found.push({via, url, blob});
			hook.wake?.();
		},
		// address takes the file of an address that something opens.
		address(url, sure) {
			url = String(url);
			if (url.startsWith('blob:') && hook.urls.has(url)) hook.offer('blob', '', hook.urls.get(url), sure);
			if (!url.startsWith('data:')) return;
			const comma = url.indexOf(',');
			const head = url.slice(5, comma), body = decodeURIComponent(url.slice(comma + 1));
			const bytes = /;base64$/i.test(head) ? atob(body) : unescape(encodeURIComponent(body));
			hook.offer('data', '', new Blob([Uint8Array.from(bytes, c => c.charCodeAt(0))], {type: head.replace(/;base64$/i, '')}), sure);
		},
		// hold finds the file of an address, to be read.
		async hold(url) {
			hook.kinds = ['any'];
			hook.found = [];
			if (!hook.urls.has(url) && url.startsWith('blob:')) hook.urls.set(url, await fetch(url).then(r => r.blob(), () => null));
			hook.address(url, true);
			hook.kinds = [];
			const f = hook.found[0];
			return f?.blob ? {type: f.blob.type, size: f.blob.size} : null;
		},
		look() {
			for (const e of document.querySelectorAll('iframe, embed, object')) {
				const url = e.data || e.src || '';
				if (/^(blob|data):/.test(url)) hook.address(url);
				else if (e.localName !== 'iframe' && !navigator.pdfViewerEnabled && /^https?:/.test(url) &&
					hook.kinds.some(kind => ['pdf', 'any'].includes(kind)) && (e.type === 'application/pdf' || /\.pdf([?#]|$)/i.test(url) || (!e.type && hook.kinds.includes('pdf'))) && !hook.found.some(f => f.url === url)) hook.offer('frame', url, null);
			}
		},
	};
	let root = hook;
	try {
		root = window.top[KEY] || hook; // a frame of the same site tells its page
	} catch {}
	window[KEY] = hook;
	const wrap = (on, name, make) => { on[name] = make(on[name]); };
	wrap(URL, 'createObjectURL', create => function (o) {
		const url = create.call(this, o);
		if (o instanceof Blob) {
			root.urls.set(url, o);
			root.offer('blob', '', o);
		}
		return url;
	});
	wrap(URL, 'revokeObjectURL', revoke => function (url) {
		root.urls.delete(String(url));
		return revoke.call(this, url);
	});
	wrap(window, 'open', open => function (url, ...rest) {
		if (url) root.address(url, true);
		return open.call(this, url, ...rest);
	});
	const link = a => { if (a && /^(blob|data):/.test(a.href)) root.address(a.href, true); };
	wrap(HTMLAnchorElement.prototype, 'click', click => function () {
		link(this);
		return click.call(this);
	});
	document.addEventListener('click', e => link(e.target.closest?.('a[href]')), true);
})();
