// The accessibility tree, as the driver's snapshots have it, with the selectors of what can be acted
// on, and without what is beyond the first rows of a list.
(tools, options, beyond) => {
	const {cut, parent, secret, selectors, document, driver} = tools;
	const acts = new Set(['button', 'link', 'textbox', 'searchbox', 'combobox', 'listbox', 'checkbox', 'radio', 'switch', 'slider', 'spinbutton', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'tab', 'treeitem', 'iframe']);
	// A listener does not show, and the pointer over what has one does, as a rule: what is in it inherits that.
	const hand = e => getComputedStyle(e).cursor === 'pointer';
	const pointed = e => e.nodeName !== 'LABEL' && hand(e) && !(parent(e) && hand(parent(e)));
	const clickable = e => e.matches('[onclick], [tabindex]:not([tabindex="-1"]), [contenteditable=""], [contenteditable=true], summary, area[href]') || e.hasAttribute('jsaction') || pointed(e);
	let nodes = 0;
	const visited = new Set();
	const block = e => getComputedStyle(e).display !== 'inline' || e.nodeName === 'BR';
	const visit = (into, node) => {
		if (visited.has(node) || nodes > options.nodes) return;
		visited.add(node);
		if (node.nodeType === Node.TEXT_NODE) {
			if (into.role !== 'textbox') into.children.push(node.nodeValue);
			return;
		}
		if (node.nodeType !== Node.ELEMENT_NODE || isElementHiddenForAria(node)) return;
		if (beyond.has(node)) {
			into.children.push({more: 1, children: []});
			return;
		}
		const own = toAriaNode(node);
		if (own) {
			nodes++;
			if (secret(node)) own.children = [];
			into.children.push(own);
			if (acts.has(own.role) || clickable(node)) own.target = node;
		} else if (clickable(node) && node !== document.body) {
			// What has no role and can be clicked all the same.
			nodes++;
			const plain = {role: 'generic', name: '', children: [], props: {}, target: node};
			into.children.push(plain);
			descend(plain, node);
			return;
		}
		descend(own ?? into, node);
	};
	const descend = (into, e) => {
		const space = block(e) ? ' ' : '';
		into.children.push(space, getPseudoContent(e, '::before'));
		const slotted = e.nodeName === 'SLOT' ? e.assignedNodes() : [];
		for (const child of slotted.length ? slotted : e.childNodes) if (slotted.length || !child.assignedSlot) visit(into, child);
		for (const child of e.shadowRoot?.childNodes ?? []) visit(into, child);
		for (const id of (e.getAttribute('aria-owns') ?? '').split(/\s+/)) if (id && document.getElementById(id)) visit(into, document.getElementById(id));
		into.children.push(getPseudoContent(e, '::after'), space);
		if (into.role === 'link' && e.hasAttribute('href')) into.url = cut(e.getAttribute('href'), 300);
	};
	const top = {role: 'fragment', name: '', children: [], props: {}};
	if (document.body) visit(top, document.body);
	normalizeStringChildren(top);
	// Runs of one kind beyond what anybody reads.
	const shorten = children => {
		const out = [];
		let run = 0, role = null;
		for (const c of children) {
			const r = typeof c === 'string' ? 'text' : c.role;
			if (c.more) {
				if (out.at(-1)?.more) out.at(-1).more += c.more;
				else out.push(c);
				continue;
			}
			run = r === role ? run + 1 : 1;
			role = r;
			if (run <= options.run) out.push(c);
			else if (out.at(-1)?.more) out.at(-1).more++;
			else out.push({more: 1, children: []});
		}
		return out;
	};
	const plain = n => {
		if (typeof n === 'string') return {text: cut(n, 200)};
		if (n.more) return {more: n.more};
		const out = {role: n.role};
		if (n.name) out.name = cut(n.name);
		for (const state of ['checked', 'disabled', 'expanded', 'pressed', 'selected', 'level']) if (n[state]) out[state] = String(n[state]);
		if (n.url) out.url = n.url;
		if (n.target) out.selectors = selectors(n.target);
		const inside = shorten(n.children).map(plain);
		if (inside.length === 1 && inside[0].text) out.text = inside[0].text;
		else if (inside.length) out.children = inside;
		return out;
	};
	const tree = shorten(top.children).map(plain);
	if (nodes > options.nodes) tree.push({more: -1});
	return tree;
}
