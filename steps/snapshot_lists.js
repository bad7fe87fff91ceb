// Tables, grids, lists and what repeats like one: a selector of all rows, the columns with a selector
// of each within a row, and how many there are. beyond are the rows that are not shown.
(tools, options) => {
	const {all, cut, query, visible, within, driver, role, name, text} = tools;
	const beyond = new Set(), rowsOfAll = new Set(), found = [];
	const escape = s => CSS.escape(s), quoted = s => JSON.stringify(s);
	const steady = s => s && !/\d{3,}|^\d|[0-9a-f]{8}/i.test(s);
	const css = (selector, root) => query('css=' + selector, root);
	const same = (hits, wanted) => hits.length === wanted.length && wanted.every((e, i) => hits[i] === e);
	const menus = 'nav, header, footer, [role=navigation], [role=menu], [role=menubar], [role=tablist], [role=toolbar], [role=banner], [role=contentinfo], select, datalist';
	// A selector in CSS that finds an element alone.
	const cssOf = e => {
		const tag = e.localName, own = [];
		if (steady(e.id)) own.push('#' + escape(e.id));
		const test = e.getAttribute(options.testID);
		if (test) own.push(`[${options.testID}=${quoted(test)}]`);
		const label = e.getAttribute('aria-label');
		if (label) own.push(`${tag}[aria-label=${quoted(label)}]`);
		if (e.getAttribute('name')) own.push(`${tag}[name=${quoted(e.getAttribute('name'))}]`);
		for (const c of e.classList) if (steady(c)) own.push(`${tag}.${escape(c)}`);
		own.push(tag);
		for (const s of own) if (same(css(s), [e])) return s;
		try {
			return driver.generateSelector(e, {testIdAttributeName: options.testID, noText: true, omitInternalEngines: true}).selector;
		} catch {
			return '';
		}
	};
	const columnsOf = (cells, rows) => {
		const sample = rows.slice(0, options.sample);
		const taken = new Set();
		return cells.slice(0, options.columns).map(({cell, header, tries}) => {
			const good = s => !taken.has(s) && css(s, sample[0])[0] === cell && sample.every(r => css(s, r).length <= 1) && sample.filter(r => css(s, r).length === 1).length * 2 > sample.length;
			const selector = tries.find(good);
			if (!selector) return null;
			taken.add(selector);
			const values = sample.map(r => { const c = css(selector, r)[0]; return c ? text(c) : ''; });
			const column = {header: cut(header, 60), class: [...cell.classList].find(steady) ?? '', selector, samples: values.slice(0, options.rows).map(v => cut(v, 60)),
				filled: values.filter(v => v).length === values.length, unique: values.every(v => v) && new Set(values).size === values.length};
			const link = cell.matches('a[href]') ? cell : css('a[href]', cell)[0];
			if (link) column.link = link === cell ? selector : css('a[href]', cell).length === 1 ? selector + ' a' : '';
			return column;
		}).filter(Boolean).filter(c => c.samples.some(v => v) || c.link || c.header);
	};
	// What can be acted on within the first row, by selectors that hold in the other rows too.
	const actionsOf = rows => {
		const sample = rows.slice(0, options.sample), out = [];
		for (const e of css('a, button, input, select, textarea, summary, [role=button], [role=link], [role=checkbox], [role=menuitem], [onclick]', sample[0]).filter(visible).slice(0, options.columns)) {
			let ways = [];
			for (const noText of [false, true]) {
				try {
					ways.push(driver.generateSelector(e, {testIdAttributeName: options.testID, root: sample[0], noText}).selector);
				} catch { /* there is none */ }
			}
			const label = e.getAttribute('title') || e.getAttribute('alt');
			if (label) ways.unshift(`${e.localName}[${e.getAttribute('title') ? 'title' : 'alt'}=${quoted(label)}]`);
			ways = ways.filter(s => query(s, sample[0]).includes(e) && sample.every(r => query(s, r).length === 1));
			if (ways.length) out.push({role: role(e) || e.localName, name: name(e), selector: ways[0]});
		}
		return out;
	};
	const marks = (r, s) => r.matches(s) || r.querySelector(s) !== null;
	// The first selector that finds all rows, with what marks others that it finds too.
	const finder = (rows, tries) => {
		const wanted = new Set(rows);
		for (const selector of tries) {
			if (!selector) continue;
			const hits = css(selector);
			if (same(hits, rows)) return {selector, skip: ''};
			const rest = hits.filter(r => !wanted.has(r));
			if (!rest.length || hits.length - rest.length !== rows.length || rest.length > rows.length + 5) continue;
			const signs = [...new Set(['th', 'td[colspan]', ...rest[0].classList].map((c, i) => i < 2 ? c : '.' + escape(c)))];
			const skip = signs.find(s => rest.every(r => marks(r, s)) && !rows.some(r => marks(r, s)));
			if (skip) return {selector, skip};
		}
		return null;
	};
	const add = (kind, box, rows, tries, cells, more = {}) => {
		rows.forEach((r, i) => { rowsOfAll.add(r); if (i >= options.rows) beyond.add(r); });
		if (found.length >= options.lists) return;
		const by = finder(rows, tries);
		if (!by) return;
		const shadow = rows[0].getRootNode() !== tools.document;
		found.push({kind, name: name(box) || cut(box.getAttribute('aria-label')), ...by, count: rows.length, columns: columnsOf(cells(rows[0]), rows), actions: actionsOf(rows), shadow, ...more});
	};
	const classTries = (e, tag) => [...e.classList].filter(steady).flatMap(c => [`.${escape(c)}`, `${tag}.${escape(c)}`]);
	const attributeTries = e => ['data-field', 'data-col', 'data-column', 'data-label', 'data-title', 'headers', 'col-id', 'aria-colindex', 'data-testid'].filter(a => e.getAttribute(a)).map(a => `[${a}=${quoted(e.getAttribute(a))}]`);

	const isTable = 'table, [role=table], [role=grid], [role=treegrid]', isRow = 'tr, [role=row]', isCell = 'td, [role=cell], [role=gridcell], [role=rowheader]';
	const table = box => {
		const rows = css(isRow, box).filter(r => within(r, isTable) === box && visible(r));
		const data = rows.filter(r => [...r.children].some(c => c.matches(isCell)));
		const head = rows.find(r => !data.includes(r)) ?? css('thead tr', box)[0];
		if (!data.length || data.length < 2 && css('table', box).length) return;
		// A table that only arranges a form.
		if (data.filter(r => css('input:not([type=hidden]):not([type=checkbox]), select, textarea', r).length).length * 2 > data.length) return;
		const headers = head ? [...head.children].flatMap(c => Array(Math.min(c.colSpan || 1, 50)).fill(text(c) || name(c))) : [];
		const width = Math.max(...data.slice(0, options.sample).map(r => r.children.length));
		const full = data.filter(r => r.children.length === width);
		const base = cssOf(box), native = box.matches('table');
		const tail = native ? ['tbody tr', 'tr', '> tbody > tr', '> tr'] : ['[role=row]', 'tr', '> [role=row]'];
		const cells = row => [...row.children].map((cell, i) => ({
			cell, header: cell.getAttribute('data-label') || headers[i] || '',
			tries: [...attributeTries(cell), ...classTries(cell, cell.localName), `${cell.localName}:nth-child(${i + 1})`, `:scope > :nth-child(${i + 1})`],
		}));
		const total = +box.getAttribute('aria-rowcount') || 0;
		const one = full.length === data.length ? data : full;
		add(native ? 'table' : 'grid', box, one, tail.map(t => base && `${base} ${t}`), cells, {total: total > one.length ? total : 0, odd: data.length - one.length});
		data.slice(options.rows).forEach(r => beyond.add(r));
	};
	for (const box of all) if (box.matches(isTable) && visible(box)) table(box);

	// The parts of a row that repeats: what shows a text of its own.
	const leaves = row => {
		const out = [], walk = e => {
			for (const c of [...(e.shadowRoot?.children ?? []), ...e.children]) {
				if (c.matches('script, style, svg, option')) continue;
				const own = [...c.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim());
				if (own || c.matches('a[href]') && !c.children.length) out.push(c);
				else walk(c);
			}
		};
		walk(row);
		return out.map(cell => {
			const at = [];
			for (let e = cell; e && e !== row && e.parentElement; e = e.parentElement) at.unshift(`${e.localName}:nth-child(${[...e.parentElement.children].indexOf(e) + 1})`);
			return {cell, header: cell.getAttribute('data-label') ?? '', tries: [...attributeTries(cell), ...classTries(cell, cell.localName), cell.localName, ':scope > ' + at.join(' > ')]};
		});
	};
	const repeated = (box, rows, kind) => {
		if (rows.some(r => within(r.parentElement, menus)) || rows.every(r => !text(r))) return;
		for (let e = box; e; e = tools.parent(e)) if (rowsOfAll.has(e)) return;
		// Those that are alike are built alike.
		const built = r => [...r.children].map(c => c.localName).join();
		if (rows.filter(r => built(r) === built(rows[1])).length < rows.length * 0.6) return;
		const tag = rows[0].localName, base = cssOf(box);
		const shared = [...rows[0].classList].filter(c => steady(c) && rows.every(r => r.classList.contains(c)));
		const role = rows[0].getAttribute('role');
		const tries = [...shared.flatMap(c => [`.${escape(c)}`, `${tag}.${escape(c)}`]), ...(role ? [`${base} [role=${role}]`] : []), `${base} ${tag}`, ...shared.map(c => `${base} .${escape(c)}`), `${base} > ${tag}`, ...shared.map(c => `${base} > .${escape(c)}`)];
		const cells = row => { const inner = leaves(row); return inner.length ? inner : [{cell: row, header: '', tries: [':scope']}]; };
		add(kind, box, rows, tries, cells);
	};
	for (const [box, inside] of all.flatMap(e => e.shadowRoot ? [[e, e.shadowRoot], [e, e]] : [[e, e]])) {
		if (inside.children.length < 3) continue;
		const children = [...inside.children].filter(visible);
		if (children.length < 3 || box.matches('table, thead, tbody, tfoot, tr, svg, svg *, select, head')) continue;
		const groups = new Map();
		for (const c of children) {
			const sign = c.localName + ' ' + (c.getAttribute('role') ?? '') + ' ' + ([...c.classList].find(steady) ?? '');
			groups.set(sign, [...(groups.get(sign) ?? []), c]);
		}
		const rows = [...groups.values()].sort((a, b) => b.length - a.length)[0];
		const listed = box.matches('ul, ol, [role=list], [role=feed]');
		if (rows.length < 3 || !listed && (rows.length * 2 < children.length || rows[0].matches('option, br, hr, p, label, input, button, a, td, th, dt, dd, li, span, script, style, h1, h2, h3, h4') || rows.every(r => !r.children.length && !r.shadowRoot))) continue;
		if (listed && rows.every(r => r.children.length === 1 && r.firstElementChild.matches('a, button') && text(r) === text(r.firstElementChild)) && rows.length < 8) continue;
		repeated(box, rows, listed ? 'list' : 'repeated');
	}
	// What turns to the next page.
	const next = found.length ? all.find(e => e.matches('a, button, [role=button], [role=link], input[type=button], input[type=submit]') && visible(e) && !within(e, isRow)
		&& (e.getAttribute('rel') === 'next' || /^(next( page)?|older|weiter|nächste( seite)?|suivant|siguiente|avanti|volgende|›|»|→|>)\W*$/i.test(name(e) || text(e)))) : null;
	const more = found.length && !next ? all.find(e => e.matches('button, a, [role=button]') && visible(e) && /^(load|show|view) more|^more$|mehr (laden|anzeigen)|voir plus/i.test(name(e) || text(e))) : null;
	const largest = found.toSorted((a, b) => b.count - a.count)[0];
	if (largest && next) largest.next = tools.selectors(next);
	if (largest && more) largest.more = tools.selectors(more);
	return {found, beyond, rows: rowsOfAll};
}
