// A part of the hook: the windows that a page opens. A capture may be told of the
// request for one, or be given it: then no window opens, and what the page holds for
// its window answers by itself until the page wants more of it than a user would see.
// Whatever is unusual is left to the browser.
(window, hook, root) => {
	const {Array, Element, FormData, HTMLElement, HTMLFormElement, Map, Math, Object, Proxy, Reflect, String, URL, URLSearchParams, document, location, navigator, setTimeout} = window;
	const {wrap, quietly} = hook;
	const listen = window.EventTarget.prototype.addEventListener, unlisten = window.EventTarget.prototype.removeEventListener;
	const attribute = (e, name) => Element.prototype.getAttribute.call(e, name);
	const words = text => String(text || '').toLowerCase().split(/\s+/);
	const usual = () => /^https?:$/.test(location.protocol) && document.characterSet === 'UTF-8' && window.origin === location.origin &&
		!navigator.serviceWorker?.controller;
	// fresh tells whether a window of that name is a new one.
	const fresh = name => {
		if (/^(_blank)?$/i.test(name)) return true;
		if (name[0] === '_') return false;
		const taken = within => within.name === name || Array.from({length: within.length}, (_, i) => within[i]).some(taken);
		return quietly(() => taken(window.top)) === false;
	};
	// asks gives the request for a window, or nothing where it is unusual or not meant.
	const asks = (kind, address, method, how) => quietly(() => {
		const url = new URL(address, document.baseURI), plan = root.windows;
		if (!plan || !root.kinds.length || !usual() || !/^https?:$/.test(url.protocol) || url.username || url.password) return;
		if (location.protocol === 'https:' && url.protocol !== 'https:') return;
		const beside = plan.some(known => known.kind === kind && known.origin === url.origin && known.method === method);
		url.hash = '';
		const said = [...document.querySelectorAll('meta[name="referrer" i]')].map(m => m.content);
		return {
			beside, kind, url: url.href, method, page: document.URL, origin: location.origin, gesture: !!navigator.userActivation?.isActive, opener: !!how.opener,
			type: how.type || '', body: how.body || '', policies: [...said, how.policy || '', how.noreferrer ? 'no-referrer' : ''],
		};
	});
	const report = request => {
		root.found.push({via: 'window', url: '', request});
		root.wake?.();
	};
	// takes tells whether a request goes without its window: one of a listening does.
	const takes = request => {
		if (!request) return false;
		if (request.beside) root.windows = null;
		else report(request);
		return request.beside;
	};
	// handles end what pages hold for windows that are not there, by the numbers of their
	// requests: such a window is closed once its file is here.
	hook.handles = new Map();
	hook.gone = number => quietly(() => hook.handles.get(number)?.());
	let count = 0;
	const plain = window.open;
	wrap(window, 'open', (run, self, args) => {
		const tokens = String(args[2] ?? '').toLowerCase().split(/[\s,]+/).filter(word => /^no(opener|referrer)/.test(word));
		const odd = self && self !== window || args[0] === null || args[1] === null ||
			!fresh(String(args[1] ?? '')) || tokens.some(word => !/^no(opener|referrer)(=(1|yes|true))?$/.test(word));
		if (/^(about:blank)?$/.test(args[0] ?? '')) return odd || tokens.length ? run() : blank(run, String(args[1] ?? ''));
		const request = odd ? null : asks('open', args[0], 'GET', {noreferrer: tokens.some(word => word.startsWith('noreferrer'))});
		if (!takes(request)) return run();
		if (!tokens.length) return handle(request, run, String(args[1] ?? '').replace(/^_blank$/i, ''));
		report(request);
		return null;
	});
	// blank is what a page gets for a window that it opens empty, to lead it somewhere
	// later.
	function blank(run, name) {
		const request = asks('blank', document.baseURI, 'GET', {});
		if (!request) return run();
		if (root.windows.some(known => known.kind === 'blank')) return handle(null, run, name.replace(/^_blank$/i, ''));
		report({...request, url: ''});
		return run();
	}
	// handle is what a page holds for a window that is not there. Its request is told of
	// a moment later: what a page does to its window it does at once, and then it is the
	// browser's that opens. One that was opened empty has no request yet.
	function handle(request, run, name) {
		let real = null, sent = false, closed = false, opener = window;
		const empty = !request;
		const begin = () => {
			request.number = ++count;
			root.handles.set(request.number, () => {
				closed = true;
				real?.close();
			});
			setTimeout(() => {
				if (!real) sent = true, report(request);
			}, 0);
		};
		if (request) begin();
		const open = () => {
			if (real) return real;
			report({needed: true});
			real = sent ? plain.call(window, 'about:blank', name || '_blank') : run();
			if (empty && request && !sent) real.location.href = request.url;
			return real;
		};
		// go leads a window somewhere that was opened empty.
		const go = url => {
			const asked = request ? null : asks('blank', url, 'GET', {});
			if (takes(asked)) {
				request = asked;
				return begin();
			}
			if (!request) real ||= run(); // it is an unusual one
			open().location.href = url;
		};
		const place = new Proxy({}, {
			get(_, key) {
				if (real || !['href', 'toString', 'assign', 'replace'].includes(key)) return open().location[key];
				return key === 'href' ? 'about:blank' : key === 'toString' ? () => 'about:blank' : go;
			},
			set: (_, key, value) => key === 'href' ? (go(value), true) : Reflect.set(open().location, key, value),
		});
		const own = {
			get closed() { return closed; }, get opener() { return opener; }, get name() { return name; }, get window() { return proxy; }, get self() { return proxy; },
			get then() { return undefined; }, get [window.Symbol.toStringTag]() { return 'Window'; }, get [window.Symbol.toPrimitive]() { return undefined; },
			close() { sent || empty && !request ? closed = true : open().close(); },
			focus() {}, blur() {}, moveTo() {}, moveBy() {}, resizeTo() {}, resizeBy() {},
		};
		const proxy = new Proxy({}, {
			get(_, key) {
				if (!real && empty && key === 'location') return place;
				if (!real && Object.hasOwn(own, key)) return own[key];
				const value = Reflect.get(open(), key);
				// What the window's functions are called on is the window.
				return typeof value !== 'function' ? value : new Proxy(value, {apply: (f, self, args) => Reflect.apply(f, self === proxy ? real : self, args)});
			},
			set(_, key, value) {
				if (!real && empty && key === 'location') return go(value), true;
				if (real || key !== 'opener') return Reflect.set(open(), key, value);
				opener = value;
				return true;
			},
			has: (_, key) => key in window,
			getPrototypeOf: () => window.Window.prototype,
			ownKeys: () => Reflect.ownKeys(open()),
			deleteProperty: (_, key) => Reflect.deleteProperty(open(), key),
		});
		return proxy;
	}
	const onClick = e => quietly(() => {
		if (e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
		const a = e.composedPath().find(on => on.matches?.('a, area'));
		if (!a || !(a instanceof HTMLElement) || a.ownerDocument !== document || !a.href || ['download', 'ping', 'attributionsrc'].some(name => a.hasAttribute(name))) return;
		const target = attribute(a, 'target');
		if (!target || !fresh(target)) return;
		const request = asks('link', a.href, 'GET', {policy: a.referrerPolicy, noreferrer: words(a.rel).includes('noreferrer')});
		if (!takes(request)) return;
		e.preventDefault();
		report(request);
	});
	wrap(HTMLElement.prototype, 'click', (run, self) => {
		const top = quietly(() => self.getRootNode());
		if (!top || top === document) return run();
		listen.call(top, 'click', onClick); // what is in no document is clicked nowhere else
		try {
			return run();
		} finally {
			unlisten.call(top, 'click', onClick);
		}
	});
	// submits tells whether a form's request goes without its window.
	function submits(form, submitter, native) {
		const said = name => (submitter && attribute(submitter, 'form' + name)) ?? attribute(form, name);
		const method = String(said('method') || 'get').toUpperCase(), type = String(said('enctype') || encoded).toLowerCase();
		const target = said('target'), charset = attribute(form, 'accept-charset');
		if (!root.windows || form.ownerDocument !== document || !target || !fresh(target) || !/^(GET|POST)$/.test(method) || charset && !/^utf-?8$/i.test(charset.trim())) return false;
		if (![encoded, 'multipart/form-data'].includes(type) || submitter?.type === 'image') return false;
		if ([...Reflect.get(HTMLFormElement.prototype, 'elements', form)].some(e => e.type === 'file')) return false;
		const request = entries => {
			const rel = words(attribute(form, 'rel')), list = [...entries], noreferrer = rel.includes('noreferrer');
			const opener = !noreferrer && !rel.includes('noopener') && (!/^_blank$/i.test(target) || rel.includes('opener'));
			const how = {noreferrer, opener};
			if (list.some(([, value]) => typeof value !== 'string')) return;
			const url = new URL(said('action') || document.URL, document.baseURI);
			if (method === 'GET') {
				url.search = urlencoded(list);
				return url.search ? asks('form', url, method, how) : undefined;
			}
			how.type = type === encoded ? type : `${type}; boundary=${boundary()}`;
			how.body = type === encoded ? urlencoded(list) : multipart(list, how.type.split('=')[1]);
			return asks('form', url, method, how);
		};
		if (asks('form', said('action') || document.URL, method, {})?.beside) {
			const asked = request(new FormData(form, submitter));
			return takes(asked) && (report(asked), true);
		}
		// What the form sends is known as it is sent.
		const sends = e => quietly(() => takes(request(e.formData)));
		listen.call(form, 'formdata', sends, {once: true});
		native(() => unlisten.call(form, 'formdata', sends));
		return false;
	}
	const encoded = 'application/x-www-form-urlencoded', lines = text => text.replace(/\r\n?|\n/g, '\r\n');
	const urlencoded = list => new URLSearchParams(list.map(pair => pair.map(lines))).toString();
	const boundary = () => '----WebKitFormBoundary' + Array.from({length: 16}, () => letters[Math.floor(Math.random() * letters.length)]).join('');
	const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
	const escaped = name => lines(name).replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
	const multipart = (list, between) =>
		list.map(([name, value]) => `--${between}\r\nContent-Disposition: form-data; name="${escaped(name)}"\r\n\r\n${lines(value)}\r\n`).join('') + `--${between}--\r\n`;
	wrap(HTMLFormElement.prototype, 'submit', (run, self) => {
		let after = () => {};
		if (quietly(() => submits(self, null, done => { after = done; }))) return undefined;
		try {
			return run();
		} finally {
			after();
		}
	});
	const onSubmit = e => quietly(() => {
		if (!e.defaultPrevented && submits(e.target, e.submitter, done => setTimeout(done, 0))) e.preventDefault();
	});
	// The page's own listeners come first, whichever they are: what one of them
	// prevents opens nothing.
	for (const [name, last] of [['click', onClick], ['submit', onSubmit]]) {
		listen.call(window, name, () => quietly(() => {
			unlisten.call(window, name, last);
			if (root.windows) listen.call(window, name, last);
		}), true);
	}
}
