// Gives what finds the selectors of an element: by role and name, label, test id, placeholder and id,
// each alone in the document, and else the driver's own. To count in an index what a selector would
// find spares a walk through the document for each, which a page of 10,000 rows does not bear.
(driver, document, all, options) => {
	const cache = new Map(), roles = new Map(), labels = [], tests = new Map();
	const push = (map, k, v) => map.has(k) ? map.get(k).push(v) : map.set(k, [v]);
	const textOf = label => label.normalized.toLowerCase();
	const indexed = new Set(['button', 'link', 'textbox', 'searchbox', 'combobox', 'listbox', 'checkbox', 'radio', 'switch', 'slider', 'spinbutton', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'tab', 'treeitem', 'img', 'option']);
	const nameOf = new Map();
	for (const e of all) {
		const role = getAriaRole(e);
		if (indexed.has(role) && !isElementHiddenForAria(e)) {
			const name = normalizeWhiteSpace(getElementAccessibleName(e, false) || '');
			nameOf.set(e, {role, name});
			push(roles, role, name.toLowerCase());
		}
		if (e.labels?.length || e.hasAttribute('aria-label') || e.hasAttribute('aria-labelledby')) for (const l of getElementLabels(cache, e)) labels.push([e, textOf(l)]);
		if (e.hasAttribute(options.testID)) push(tests, e.getAttribute(options.testID), e);
	}
	const alone = (texts, text) => text && texts.filter(t => t.includes(text)).length === 1;
	const css = s => { try { return [...driver.querySelectorAll(driver.parseSelector('css=' + s), document)]; } catch { return []; } };
	const isAlone = (s, e) => {
		try {
			const hits = driver.querySelectorAll(driver.parseSelector(s), document);
			return hits.length === 1 && (hits[0] === e || hits[0].contains(e));
		} catch {
			return false;
		}
	};
	// A path of tags from the nearest ancestor with an id.
	const path = e => {
		const parts = [];
		for (let at = e; at?.parentElement; at = at.parentElement) {
			if (at.id && !/\d{3,}/.test(at.id) && css('#' + CSS.escape(at.id)).length === 1) { parts.unshift('#' + CSS.escape(at.id)); break; }
			const like = [...at.parentElement.children].filter(c => c.localName === at.localName);
			parts.unshift(at.localName + (like.length > 1 ? `:nth-of-type(${like.indexOf(at) + 1})` : ''));
		}
		return parts.join(' > ');
	};
	const cheap = e => {
		const out = [], known = nameOf.get(e);
		if (known?.name && known.name.length <= 80) {
			const lower = known.name.toLowerCase(), role = `internal:role=${known.role}`;
			if (alone(roles.get(known.role), lower)) out.push(`${role}[name=${escapeForAttributeSelector(known.name, false)}]`);
			else if (roles.get(known.role).filter(n => n === lower).length === 1) out.push(`${role}[name=${escapeForAttributeSelector(known.name, true)}]`);
		}
		for (const l of labels.length < 2000 ? getElementLabels(cache, e) : []) {
			if (alone(labels.map(([, t]) => t), textOf(l)) && l.normalized.length <= 80) out.push(`internal:label=${escapeForTextSelector(l.normalized, false)}`);
		}
		const test = e.getAttribute(options.testID);
		if (test && tests.get(test).length === 1) out.push(`internal:testid=[${options.testID}=${escapeForAttributeSelector(test, true)}]`);
		const placeholder = e.getAttribute('placeholder');
		if (placeholder && css(`[placeholder*=${JSON.stringify(placeholder)} i]`).length === 1) out.push(`internal:attr=[placeholder=${escapeForAttributeSelector(placeholder, false)}]`);
		if (e.id && !/\d{3,}|^:/.test(e.id) && css('#' + CSS.escape(e.id)).length === 1) out.push('#' + CSS.escape(e.id));
		return out;
	};
	// The driver's way takes a walk through the document for each try.
	const rows = new Set();
	let walks = options.walks / all.length;
	const inRow = e => { for (; e; e = e.parentElement ?? e.getRootNode().host) if (rows.has(e)) return true; return false; };
	const own = e => {
		if (inRow(e) || walks-- < 1) return [];
		try {
			const found = driver.generateSelector(e, {testIdAttributeName: options.testID, multiple: true}).selectors.filter(s => isAlone(s, e));
			const plain = found.filter(s => !s.includes('nth='));
			return plain.length ? plain : found.slice(0, 1);
		} catch {
			return []; // of an element that is in no document there are none
		}
	};
	const known = new Map();
	let left = options.targets;
	return {
		of: e => {
			if (!known.has(e) && left-- > 0) {
				let found = cheap(e);
				if (!found.length) found = own(e);
				if (!found.length) found = [path(e)].filter(s => isAlone(s, e));
				known.set(e, found.slice(0, 3));
			}
			return known.get(e) ?? [];
		},
		// What stands in rows of lists is found by its row.
		except: more => more.forEach(r => rows.add(r)),
		spent: () => left <= 0,
	};
}
