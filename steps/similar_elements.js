(body, want) => {
	const roles = {BUTTON: 'button', SELECT: 'combobox', TEXTAREA: 'textbox', IMG: 'img', TABLE: 'table', H1: 'heading', H2: 'heading', H3: 'heading'};
	const inputs = {button: 'button', submit: 'button', reset: 'button', checkbox: 'checkbox', radio: 'radio', search: 'searchbox'};
	const plain = s => (s || '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
	const pairs = s => {
		const found = new Set();
		for (let i = 0, p = '^' + plain(s) + '$'; i + 1 < p.length; i++) found.add(p.slice(i, i + 2));
		return found;
	};
	// Dice's measure: the pairs of letters that both have.
	const wanted = want.words.map(pairs);
	const like = text => {
		if (!plain(text)) return 0;
		const have = pairs(text);
		return Math.max(0, ...wanted.map(w => 2 * [...w].filter(p => have.has(p)).length / (w.size + have.size)));
	};
	const roleOf = el => el.getAttribute('role') || (el.tagName === 'A' && el.href ? 'link' : el.tagName === 'INPUT' ? inputs[el.type] || 'textbox' : roles[el.tagName] || '');
	const short = s => (s || '').trim().replace(/\s+/g, ' ').slice(0, 60);
	const quote = s => JSON.stringify(s);
	const one = css => { try { return body.ownerDocument.querySelectorAll(css).length === 1; } catch { return false; } };
	const found = [];
	for (const el of [...body.querySelectorAll('*')].slice(0, 5000)) {
		if (['SCRIPT', 'STYLE', 'BR', 'OPTION', 'LABEL'].includes(el.tagName) || !el.getClientRects().length) continue;
		const tag = el.tagName.toLowerCase(), role = roleOf(el);
		const text = short(el.children.length < 3 ? el.innerText || (role === 'button' ? el.value : '') : '');
		const label = short(el.labels && el.labels[0] ? el.labels[0].innerText : el.getAttribute('aria-label'));
		const of = [['id', el.id], ['label', label], ['text', text]];
		for (const name of ['name', 'data-testid', 'title', 'placeholder', 'alt']) of.push([name, el.getAttribute(name)]);
		for (const name of el.classList) of.push(['class', name]);
		const scored = of.map(([by, value]) => ({by, value, score: like(value)})).sort((a, b) => b.score - a.score);
		let score = scored[0].score;
		if (score < 0.2) continue;
		if (want.role && role === want.role || want.tag && tag === want.tag) score += 0.3;
		if (score < 0.35) continue;
		// The way that reads best and names this element alone.
		const ways = [];
		if (el.id && one('#' + CSS.escape(el.id))) ways.push('#' + CSS.escape(el.id));
		if (el.dataset.testid) ways.push(`{test_id: ${quote(el.dataset.testid)}}`);
		if (label) ways.push(`{label: ${quote(label)}}`);
		if (role && text && role !== 'textbox' && role !== 'table') ways.push(`{role: ${role}, name: ${quote(text)}}`);
		for (const name of ['name', 'title', 'placeholder', 'alt']) {
			const value = el.getAttribute(name), css = `${tag}[${name}=${quote(value)}]`;
			if (value && one(css)) ways.push(css);
		}
		for (const name of el.classList) if (one(`${tag}.${CSS.escape(name)}`)) ways.push(`${tag}.${CSS.escape(name)}`);
		// One of many is hardly it.
		if (!ways.length) score -= 0.25;
		for (const name of el.classList) ways.push(`${tag}.${CSS.escape(name)}`);
		if (text) ways.push(`{text: ${quote(text)}}`);
		if (ways.length) found.push({score, text: `${ways[0]} (${role || tag}${text && !ways[0].includes(text) ? ' ' + quote(text) : ''})`});
	}
	found.sort((a, b) => b.score - a.score);
	return [...new Set(found.map(f => f.text))].slice(0, want.most);
}
