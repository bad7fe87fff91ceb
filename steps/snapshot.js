// What is on a document, for whoever writes a spec: see Snapshot. It runs as a part of the driver's
// own script, whose module it takes the roles, the accessible names and the selectors from.
(root, options, parts) => {
	const key = Symbol.for('pipe.locators');
	const driver = globalThis[key] ??= new (module.exports.InjectedScript())(globalThis, false, 'javascript', options.testID, 1, 'chromium', false, []);
	const {isElementVisible: visible, getAriaRole, getElementAccessibleName} = driver.utils;
	const document = root.ownerDocument ?? root;
	// Longer than it is shown: who takes secrets out of it must see them whole.
	const cut = (text, most = 120) => (text ?? '').replace(/\s+/g, ' ').trim().slice(0, most + options.margin);
	const query = (selector, within = document) => {
		try {
			return driver.querySelectorAll(driver.parseSelector(selector), within);
		} catch {
			return []; // no selector that the driver knows
		}
	};
	// Elements in the order of the document, those of open shadow roots too.
	const elements = function* (at) {
		for (const e of at.children ?? []) {
			yield e;
			if (e.shadowRoot) yield* elements(e.shadowRoot);
			yield* elements(e);
		}
	};
	const all = [];
	for (const e of elements(document)) if (all.push(e) >= options.elements) break;
	const parent = e => e.parentElement ?? e.getRootNode().host ?? null;
	const within = (e, selector) => { for (; e; e = parent(e)) if (e.matches(selector)) return e; return null; };
	// Whose values are shown to nobody.
	const secret = e => e.matches('input[type=password], [autocomplete*=password], [autocomplete=one-time-code], [autocomplete^=cc-]')
		|| /passw|passcode|secret|token|\botp\b|\bpin\b|cvv|cvc/i.test(`${e.getAttribute('name') ?? ''} ${e.id}`);
	// One round of the driver's caches: nothing changes meanwhile.
	driver._evaluator.begin();
	beginAriaCaches();
	try {
		const targets = parts.selectors(driver, document, all, options);
		const name = e => cut(getElementAccessibleName(e, false));
		const tools = {driver, document, all, cut, query, visible, parent, within, secret, selectors: targets.of, name, role: e => getAriaRole(e) ?? '', text: e => cut(e.shadowRoot ? elementText(new Map(), e).normalized : e.innerText ?? e.textContent)};
		const lists = parts.lists(tools, options);
		targets.except(lists.rows);
		const tree = parts.tree(tools, options, lists.beyond);
		const {forms, files, frames} = parts.fields(tools, options, lists.beyond);
		return {
			title: cut(document.title), url: document.location?.href ?? '', tree, lists: lists.found, forms, files, frames,
			elements: all.length, cut: all.length >= options.elements, untargeted: targets.spent(), shadow: all.filter(e => e.shadowRoot).length,
		};
	} finally {
		endAriaCaches();
		driver._evaluator.end();
	}
}
