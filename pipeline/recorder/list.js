// the list that an element stands in: what codegen.List has of it, null for none.
(el, injected) => {
	if (el.matches('input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=image]), select, textarea')) return null;
	const text = e => (e?.innerText ?? e?.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 200);
	const up = e => e.parentElement ?? e.getRootNode()?.host;
	const all = selector => { try { return injected.querySelectorAll(injected.parseSelector('css=' + selector), el.ownerDocument); } catch { return []; } };
	const within = (row, selector) => { try { return injected.querySelectorAll(injected.parseSelector('css=' + selector), row); } catch { return []; } };
	const steady = word => /^[a-z][\w-]{1,40}$/i.test(word) && !/\d{3}|^(active|selected|odd|even|hover|focus|first|last|current|open|is-|has-|css-|sc-)/i.test(word);
	const classes = e => [...e.classList].filter(steady);
	const named = e => e.localName + classes(e).map(c => '.' + CSS.escape(c)).join('');
	const menus = 'nav, header, footer, thead, [role=navigation], [role=menu], [role=menubar], [role=tablist], [role=toolbar], [role=listbox]';

	// shape is how an element is made, two levels deep.
	const shape = (e, deep = 2) => named(e) + (deep ? `(${[...(e.shadowRoot ?? e).children].filter(c => !c.matches('style, script')).map(c => shape(c, deep - 1)).join()})` : '');

	const cellsOf = r => [...r.children].filter(c => c.matches('td, th, [role=cell], [role=gridcell], [role=rowheader]'));
	const summing = word => /^(sums?|(sub|grand)?-?totals?|summary|footer|pager|pagination|spacer)$/i.test(word);
	const sums = r => [...r.classList].find(summing);
	const isData = r => cellsOf(r).length > 0 && !cellsOf(r).every(c => c.matches('th'));
	// Rows of a table or a grid, or brothers that are made alike.
	const find = () => {
		for (let at = el; at && at !== el.ownerDocument.body; at = up(at)) {
			if (at.matches(menus)) return null;
			const table = at.matches('tr, [role=row]') && at.closest('table, [role=table], [role=grid], [role=treegrid]');
			if (table) {
				const rows = [...table.querySelectorAll('tr, [role=row]')].filter(r => r.closest('table, [role=table], [role=grid], [role=treegrid]') === table && isData(r) && cellsOf(r).length === cellsOf(at).length && (!sums(r) || sums(at)));
				const fields = rows.filter(r => r.querySelector('input:not([type=checkbox], [type=radio], [type=hidden], [type=button], [type=submit]), select, textarea'));
				if (!rows.includes(at) || fields.length * 2 > rows.length) return null;
				return {row: at, rows, table};
			}
			const rows = [...(at.parentNode?.children ?? [])].filter(s => shape(s) === shape(at) && text(s.shadowRoot?.lastElementChild ?? s));
			if (rows.length > 2 && !at.matches('td, th, p, option, br, b, span, label')) return {row: at, rows};
		}
		return null;
	};
	const found = find();
	if (!found) return null;
	const {row, rows, table} = found;

	const leaves = r => {
		const out = [];
		const walk = e => {
			const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
			if (own && !e.matches('style, script')) out.push(e);
			for (const c of [...(e.shadowRoot?.children ?? []), ...e.children]) walk(c);
		};
		walk(r);
		return out.slice(0, 20);
	};
	// A selector that finds one element in each of the rows, and this one in its own.
	const selectorOf = (cell, fallback) => {
		const marks = [cell.dataset.testid && `[data-testid="${CSS.escape(cell.dataset.testid)}"]`, cell.getAttribute('itemprop') && `[itemprop="${CSS.escape(cell.getAttribute('itemprop'))}"]`,
			...classes(cell).map(c => '.' + CSS.escape(c)), cell.localName].filter(Boolean);
		return marks.find(m => within(row, m).length === 1 && within(row, m)[0] === cell && rows.every(r => within(r, m).length === 1)) ?? fallback;
	};
	const header = i => {
		const heads = [...table.querySelectorAll('tr, [role=row]')].map(r => [...r.children].filter(c => c.matches('th, [role=columnheader]'))).find(h => h.length > i);
		return heads ? text(heads[i]) : '';
	};
	const pathIn = e => {
		const parts = [];
		for (let at = e; at !== row && at; at = up(at)) {
			const same = [...(at.parentNode?.children ?? [])].filter(s => s.localName === at.localName);
			parts.unshift(same.length > 1 ? `${at.localName}:nth-of-type(${same.indexOf(at) + 1})` : at.localName);
		}
		return parts.join(' ');
	};
	// texts are those of the columns, in each of the rows.
	const columns = [], values = {}, texts = [];
	const add = (name, cell, fallback) => {
		const selector = selectorOf(cell, fallback);
		if (!selector) return;
		name = name || cell.dataset.testid || classes(cell)[0] || (table ? `column ${cellsOf(row).indexOf(cell) + 1}` : cell.localName);
		if (columns.some(c => c.name === name)) name += ' ' + (columns.length + 1);
		const each = rows.map(r => text(within(r, selector)[0]));
		columns.push({name, selector, unique: each.every(Boolean) && new Set(each).size === each.length});
		values[name] = text(cell);
		texts.push(each);
	};
	if (table) cellsOf(row).forEach((cell, i) => text(cell) && add(header(i), cell, `${cell.localName}:nth-child(${[...row.children].indexOf(cell) + 1})`));
	else leaves(row).forEach(leaf => add('', leaf, leaf === row ? '' : pathIn(leaf)));
	if (columns.length === 0) return null;

	// The rows, all of them and nothing else.
	const kind = named(row), place = [];
	if (table) {
		const body = row.parentElement.localName === 'tbody' ? 'tbody > ' : '';
		const tables = [table.id && steady(table.id) && '#' + CSS.escape(table.id), named(table), table.localName].filter(Boolean);
		for (const t of tables) for (const k of [row.localName, kind]) place.push(`${t} ${body.replace(' >', '')}${k}`.replace('  ', ' '), `${t} > ${body}${k}`);
	}
	const parent = row.parentElement ?? row.getRootNode()?.host;
	if (parent?.id && steady(parent.id)) place.push(`#${CSS.escape(parent.id)} > ${kind}`);
	if (kind !== row.localName || kind.includes('-')) place.push(kind);
	if (parent) place.push(`${named(parent)} > ${kind}`);
	for (let at = parent; at; at = up(at)) if (at.id && steady(at.id)) place.push(`#${CSS.escape(at.id)} ${kind}`);
	const holds = s => { const f = all(s); return f.length >= rows.length && rows.every(r => f.includes(r)) ? f.length - rows.length : Infinity; };
	place.sort((a, b) => holds(a) - holds(b));
	if (!place.length || holds(place[0]) === Infinity) return null;
	// What tells the rows of a table from others in the same place: those have fewer cells, or sum up.
	// One here and there with fewer cells may be an item: it is left to a run, which stumbles over
	// it, unless each row has one that goes with it.
	const strays = table ? all(place[0]).filter(e => !rows.includes(e)) : [], last = row.children.length;
	const short = strays.filter(e => e.children.length < last);
	const fewer = short.length >= rows.length && rows.every(r => r.children.length >= last) ? `:has(> :nth-child(${last}))` : '';
	const summed = sums(row) ? [] : [...new Set(strays.map(sums).filter(Boolean))];
	const narrowed = place[0] + fewer + summed.map(word => `:not(.${CSS.escape(word)})`).join('');
	const leftOut = strays.length - holds(narrowed);
	if (leftOut > 0) place.unshift(narrowed);

	// How it goes on: by what turns the page, brings more into it, has the numbers of the pages,
	// or scrolls.
	const clickable = 'a, button, [role=button], [role=link], input[type=button], input[type=submit]';
	const usable = e => !rows.some(r => r.contains(e)) && injected.utils.isElementVisible(e) && !e.disabled && e.getAttribute('aria-disabled') !== 'true';
	const called = e => injected.utils.getElementAccessibleName(e, false).trim();
	const turns = /^(next|next page|older|weiter|nächste( seite)?|suivant|siguiente|[›»>→])( [›»>→])?$/i;
	const brings = /^((load|show|view|see) more|more|more (results|rows|items)|mehr( (laden|anzeigen|zeigen))?|weitere( (laden|anzeigen))?|voir plus|ver más|cargar más)( ?[›»>→↓▾…])?$/i;
	const leads = e => e.localName === 'a' && /^(?!#|javascript:)./i.test(e.getAttribute('href') ?? '');
	const more = all(clickable).find(e => usable(e) && brings.test(called(e)) && !e.hasAttribute('aria-haspopup') && !e.closest(menus));
	// A link that is called More leads to another page, a button brings more into this one.
	const next = [...all('a[rel=next]'), ...all(clickable)].find(e => usable(e) && (e.rel === 'next' || turns.test(called(e)))) ?? (more && leads(more) ? more : undefined);

	// The links to pages by their numbers, of which the second page's must be one, beside this
	// page's own.
	const numberOf = e => +(/^\D{0,8}?(\d{1,4})\D?$/.exec(text(e))?.[1] ?? NaN);
	const pager = () => {
		for (const second of all(clickable).filter(e => usable(e) && numberOf(e) === 2)) {
			let at = up(second);
			while (at && !/(^|\D)1(\D|$)/.test(text(at).replace(text(second), ''))) at = up(at);
			for (; at && at !== el.ownerDocument.body && !rows.some(r => at.contains(r)); at = up(at)) {
				const links = [...at.querySelectorAll(second.localName)];
				const pages = links.every(e => numberOf(e) >= 0 || /^[\s.…›»>→‹«<←]*$|^(next|prev|previous|first|last|weiter|zurück)/i.test(text(e)));
				if (!pages || links.length > 40) break;
				const place = [at.id && steady(at.id) && '#' + CSS.escape(at.id), table?.contains(at) && `${table.id ? '#' + CSS.escape(table.id) : named(table)} ${named(at)}`, named(at)].filter(Boolean);
				const found = place.map(p => `${p} ${second.localName}`).find(s => /[.#]/.test(s) && all(s).length === links.length && links.every(e => all(s).includes(e)));
				if (found) return found;
			}
		}
		return '';
	};
	const numbers = more || next && !/^[»>→]+$/.test(called(next)) ? '' : pager();

	const scrolls = e => /auto|scroll|overlay/.test(e.ownerDocument.defaultView.getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight * 1.1;
	// What has all of its rows at once, as a table, may scroll as well.
	let scroller = table?.localName === 'table' ? null : parent;
	while (scroller && !scrolls(scroller)) scroller = up(scroller);
	if (scroller?.matches('html, body')) scroller = null;

	// How many there are in all, as the page says it: 1–25 of 39.
	const range = /^\D{0,20}(\d+)\s*[-–—]\s*(\d+)\s*(?:of|von|de|sur|di|\/)\s*(\d+)\D{0,20}$/i;
	const saysAll = e => {
		const [, from, to, of] = (range.exec(text(e)) ?? []).map(Number);
		return to - from + 1 === rows.length && of >= to ? of : 0;
	};
	const totals = [...el.ownerDocument.querySelectorAll('p, span, div, td, caption, b')].filter(e => e.childElementCount === 0 && saysAll(e) && injected.utils.isElementVisible(e));
	const total = totals.length === 1 ? totals[0] : null;

	const selector = e => e ? injected.generateSelector(e, {testIdAttributeName: 'data-testid'}).selector : '';
	// What is called otherwise meanwhile would not be found by its text.
	const placeOf = e => e?.id && steady(e.id) ? '#' + CSS.escape(e.id) : e && all(named(e)).length === 1 && classes(e).length ? named(e) : '';
	const byButton = more && more !== next;
	return {
		rows: place[0], columns, values, index: rows.indexOf(row), count: rows.length, leftOut: Math.max(0, leftOut),
		others: rows.slice(0, 500).map((_, i) => texts.map(each => each[i])),
		// A sign beside numbers may lead to further numbers alone.
		next: numbers ? '' : selector(next), more: next || !byButton ? '' : placeOf(more) || selector(more), numbers, scroller: next || byButton || numbers || !scroller ? '' : placeOf(scroller) || selector(scroller),
		// Cards are often put in while the page is scrolled; a table seldom.
		grows: !table && !next && !byButton && !numbers && !scroller,
		total: placeOf(total), allRows: total ? saysAll(total) : 0,
	};
}
