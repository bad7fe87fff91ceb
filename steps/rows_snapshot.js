(elements, plan) => {
	// The parts of a CSS selector at the commas.
	const split = css => {
		const parts = [];
		let depth = 0, quote = '', from = 0;
		for (let i = 0; i <= css.length; i++) {
			const c = css[i];
			if (c !== undefined && quote) { if (c === '\\') i++; else if (c === quote) quote = ''; continue; }
			if (c === '"' || c === "'") quote = c;
			else if (c === '[' || c === '(') depth++;
			else if (c === ']' || c === ')') depth--;
			else if (c === undefined || c === ',' && depth === 0) parts.push(css.slice(from, i).trim()), from = i + 1;
		}
		return parts;
	};
	// All of what is matched must be within the root, as it is for Playwright.
	const query = (root, css) => split(css).flatMap(part => [...root.querySelectorAll(part.startsWith(':scope') ? part : ':scope ' + part)]);
	const ordered = set => [...set].sort((a, b) => a === b ? 0 : a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
	const step = (roots, part) => {
		if (part.nth !== undefined) return roots.slice(part.nth).slice(0, part.nth === -1 ? undefined : 1);
		if (part.css === ':scope') return roots;
		return ordered(new Set(roots.flatMap(root => query(root, part.css))));
	};
	const find = (roots, target) => ordered(new Set(target.flatMap(parts => parts.reduce(step, roots))));
	const marked = (e, target) => target && (target.some(parts => parts.length === 1 && parts[0].css && e.matches(parts[0].css)) || find([e], target).length > 0);

	const value = {
		text: e => (e.innerText ?? e.textContent).trim(),
		attribute: (e, f) => e.getAttribute(f.attribute) ?? '',
		value: e => {
			const field = e.matches('input,textarea,select') ? e : e.control;
			if (!field) throw new Error('not a form field');
			return field.value;
		},
	};
	let missing = null;
	const read = (row, f, at) => {
		const found = find(row, f.target);
		if (f.kind === 'count') return found.length;
		if (f.kind === 'rows') return table(found, f, at + 'in it, ');
		if (found.length > 0) return value[f.kind](found[0], f);
		if (!f.optional) missing ??= {row: at, field: f.name, target: f.shown};
		return null;
	};
	const table = (found, plan, at) => {
		const kept = found.filter(e => !marked(e, plan.skip)), rows = [];
		if (kept.length % plan.span !== 0) throw new Error(kept.length + ' elements are no rows of ' + plan.span);
		if (kept.length === 0 && !plan.optional) missing ??= {row: at, field: plan.name, target: plan.shown};
		for (let i = 0; i < kept.length; i += plan.span) {
			const row = kept.slice(i, i + plan.span), here = at + 'row ' + (rows.length + 1);
			rows.push(plan.fields.map(f => read(row, f, here)));
		}
		return {rows, skipped: found.length - kept.length};
	};
	if (elements.some(e => e.shadowRoot || [...e.querySelectorAll('*')].some(inner => inner.shadowRoot))) return {hidden: true};
	try {
		return {...table(elements, plan, ''), missing};
	} catch (e) {
		return {failed: e.name === 'SyntaxError' ? '' : e.message, hidden: e.name === 'SyntaxError'};
	}
}
