// A part of the hook: what a page prints. No window asks its user how, which
// would hold the page; a page that prints itself is told that it was printed. One
// that closes itself then is left open until its print is here.
(window, hook, root) => {
	const {Blob, Document, Event, setTimeout} = window;
	const {wrap, quietly} = hook;
	// patience is how long a window that has printed itself stays open for who may
	// want its print, in milliseconds.
	const patience = 10_000;
	let printed = false, closing = null;
	const wanted = on => on.kinds.includes('print');
	const release = () => {
		const close = closing;
		closing = null;
		if (close) quietly(close);
	};
	const print = () => {
		const tell = name => quietly(() => window.dispatchEvent(new Event(name)));
		tell('beforeprint');
		printed = true;
		const copy = quietly(() => wanted(root) && snapshot(window)), top = window.top === window;
		const address = top ? window.location.href : window.document.baseURI;
		tell('afterprint');
		// A page may show what it prints for that moment only.
		if (copy) root.later(() => {
			const stays = top && snapshot(window) === copy;
			root.offer('print', stays ? '' : address, stays ? null : new Blob([copy], {type: 'text/html'}), true);
		});
	};
	// A frame may be gone by then, with its timers.
	hook.later = f => setTimeout(() => quietly(f), 0);
	hook.armed = () => {
		if (wanted(hook)) printed = true;
		else release();
	};
	wrap(window, 'print', (run, self) => self && self.window !== self ? run() : print());
	wrap(Document.prototype, 'execCommand', (run, _, [name]) => String(name).toLowerCase() === 'print' ? (print(), true) : run());
	wrap(window, 'close', run => {
		if (!printed || window.top !== window) return run();
		if (!closing) setTimeout(() => { if (!wanted(hook)) release(); }, patience);
		closing = run;
	});
	// snapshot is the document as it stands, as a page without scripts.
	function snapshot({document}) {
		const copy = document.documentElement.cloneNode(true);
		const from = document.documentElement.querySelectorAll('*'), to = copy.querySelectorAll('*');
		from.forEach((e, i) => quietly(() => still[e.localName]?.(e, to[i])));
		for (const sheet of document.adoptedStyleSheets) quietly(() => copy.querySelector('head').append(styled(document, sheet)));
		if (!copy.querySelector('base')) copy.querySelector('head')?.prepend(Object.assign(document.createElement('base'), {href: document.baseURI}));
		return '<!doctype html>' + copy.outerHTML;
	}
	const styled = (document, sheet) => Object.assign(document.createElement('style'), {textContent: [...sheet.cssRules].map(rule => rule.cssText).join('\n')});
	// still keeps what an element shows and its markup does not say.
	const still = {
		script: (e, to) => to.remove(),
		canvas: (e, to) => to.replaceWith(Object.assign(e.ownerDocument.createElement('img'), {src: e.toDataURL(), width: e.width, height: e.height})),
		style: (e, to) => { to.textContent = styled(e.ownerDocument, e.sheet).textContent; },
		input: (e, to) => {
			to.setAttribute('value', e.value);
			to.toggleAttribute('checked', e.checked);
		},
		textarea: (e, to) => { to.textContent = e.value; },
		option: (e, to) => to.toggleAttribute('selected', e.selected),
	};
}
