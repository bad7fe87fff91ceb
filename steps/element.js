// what is known of an element: see Element. It runs as a part of the driver's own script, whose
// module it takes the accessible names, the roles and the selectors from.
(el, options) => {
	const key = Symbol.for('pipe.locators');
	const driver = globalThis[key] ??= new (module.exports.InjectedScript())(globalThis, false, 'javascript', options.testID, 1, 'chromium', false, []);
	const {getAriaRole, getElementAccessibleName} = driver.utils;
	const text = (e, most) => (e?.innerText ?? e?.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, most);
	const visible = e => driver.utils.isElementVisible(e);
	// The nearest that has a text, before and after it in the document.
	const beside = (e, next) => {
		for (let at = e, up = 0; at && up < 4; at = at.parentElement, up++) {
			for (let s = at[next]; s; s = s[next]) if (visible(s) && text(s, 80)) return text(s, 80);
		}
		return '';
	};
	const path = e => {
		const parts = [];
		for (let at = e; at && at.nodeType === 1 && parts.length < 40; at = at.parentElement ?? at.getRootNode()?.host) {
			const same = at.parentElement ? [...at.parentElement.children].filter(c => c.localName === at.localName) : [];
			parts.unshift(at.localName + (same.length > 1 ? `:nth-of-type(${same.indexOf(at) + 1})` : ''));
		}
		return parts.join(' > ');
	};
	const ancestors = e => {
		const all = [], up = at => at.parentElement ?? at.getRootNode()?.host;
		for (let at = up(e); at && at.nodeType === 1 && all.length < 12; at = up(at)) {
			const more = [options.testID, 'role', 'name'].filter(a => at.hasAttribute(a)).map(a => `[${a}=${JSON.stringify(at.getAttribute(a))}]`);
			all.push(at.localName + (at.id ? '#' + CSS.escape(at.id) : '') + [...at.classList].map(c => '.' + CSS.escape(c)).join('') + more.join(''));
		}
		return all;
	};
	const heading = e => {
		const all = [...(e.getRootNode().querySelectorAll?.('h1,h2,h3,h4,h5,h6,legend,caption,[role=heading]') ?? [])];
		return text(all.filter(h => h.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING).pop(), 80);
	};
	const attributes = {};
	for (const a of el.attributes) if (a.name !== 'value' && a.name !== 'style' && !a.name.startsWith('on')) attributes[a.name] = a.value.slice(0, 200);
	const cell = el.closest('td, th, [role=cell], [role=gridcell]');
	const row = el.closest('tr, [role=row]');
	const column = cell && row && el.closest('table, [role=table], [role=grid]')
		?.querySelectorAll('tr, [role=row]')[0]?.children[[...row.children].indexOf(cell)];
	const box = el.getBoundingClientRect();
	const labelled = el.labels?.[0] ?? el.closest('label');
	const secret = el.matches('input[type=password]');
	let selectors = [];
	try {
		if (!options.plain) selectors = driver.generateSelector(el, {testIdAttributeName: options.testID, multiple: true}).selectors;
	} catch { /* of an element that is in no document there are none */ }
	return {
		tag: el.localName, role: getAriaRole(el) ?? '', name: getElementAccessibleName(el, false),
		text: secret || el.matches('input, textarea, select') ? '' : text(el, 200), label: text(labelled, 80),
		attributes, heading: heading(el), before: beside(el, 'previousElementSibling'), after: beside(el, 'nextElementSibling'),
		row: row ? text(row, 200) : '', column: column && row && !row.contains(column) ? text(column, 80) : '', path: path(el), ancestors: ancestors(el),
		place: {x: Math.round(box.x + scrollX), y: Math.round(box.y + scrollY), width: Math.round(box.width), height: Math.round(box.height)},
		visible: visible(el), selectors,
	};
}
