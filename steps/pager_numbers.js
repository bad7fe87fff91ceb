(links, page) => {
	const digits = text => text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, c => String.fromCharCode(48 + (c.charCodeAt(0) & 15) % 10));
	// The one number of a text, as of 3, [3], Page 3 and 1.203; none of 11–20.
	const numberOf = text => {
		const m = /^\D*?(\d{1,3}(?:[.,'\u2019\u00a0\u202f]\d{3})+|\d+)\D*$/.exec(digits(text));
		return m ? Number(m[1].replace(/\D/g, '')) : NaN;
	};
	const leadsOn = /^(\u2026|\.{2,}|\u2022{2,}|\u22ef|>+|\u00bb|\u203a|\u2192|\u25b6|\u25ba|next.*|more.*|weiter.*|n\u00e4chste.*|suivante?s?.*|siguientes?.*)$/i;
	const textOf = e => ((e.innerText ?? e.textContent) || e.value || '').trim();
	const state = e => {
		if (!e.checkVisibility({visibilityProperty: true})) return 'gone';
		const names = e.className + ' ' + (e.parentElement ? e.parentElement.className : '');
		const off = e.matches(':disabled') || e.closest('[disabled],[aria-disabled=true],[inert]') || /(^|[\s_-])disabled($|\s)/.test(names);
		return off || getComputedStyle(e).pointerEvents === 'none' ? 'disabled' : 'usable';
	};
	const isCurrent = e => [e, e.parentElement].some(x => x && (/^(page|true|step)$/.test(x.getAttribute('aria-current')) ||
		/(^|[\s_-])(current|active|selected)($|\s)/.test(x.className)));
	const all = links.map((e, at) => {
		const text = textOf(e), label = e.getAttribute('aria-label') || e.title || '';
		const own = numberOf(text);
		return {e, at, text: text || label, number: isNaN(own) && !/\d/.test(text) && !leadsOn.test(text) ? numberOf(label) : own, state: state(e), current: isCurrent(e)};
	}).filter(l => l.state !== 'gone');
	// Whether a link stands behind the number of this page, as the nearest place that shows it tells.
	const behind = l => {
		for (let around = l.e.parentElement; around && around !== document.body; around = around.parentElement) {
			let before = -1, after = -1, link = -1, i = 0;
			const walk = document.createTreeWalker(around, NodeFilter.SHOW_TEXT);
			for (let t = walk.nextNode(); t; t = walk.nextNode(), i++) {
				if (l.e.contains(t)) link = i;
				else if (numberOf(t.data) !== page) continue;
				else if (link < 0) before = i;
				else if (after < 0) after = i;
			}
			if (before >= 0 && after >= 0) return link - before < after - link;
			if (before >= 0 || after >= 0) return before >= 0;
			if (links.every(x => around.contains(x))) break;
		}
		const shown = all.filter(x => !isNaN(x.number));
		return shown.length > 0 && shown.every(x => x.at < l.at);
	};
	// Whether a number stands in the least that holds all links and a number, be it a link or not.
	const shows = number => {
		for (let around = links[0]; around; around = around.parentElement) {
			if (!links.every(x => around.contains(x))) continue;
			const numbers = [], walk = document.createTreeWalker(around, NodeFilter.SHOW_TEXT);
			for (let t = walk.nextNode(); t; t = walk.nextNode()) numbers.push(numberOf(t.data));
			if (numbers.some(n => !isNaN(n))) return numbers.includes(number);
		}
		return false;
	};
	const usable = all.filter(l => l.state === 'usable' && !l.current);
	const control = l => l ? {at: l.at, text: l.text} : null;
	const current = all.find(l => l.current && !isNaN(l.number));
	const beyond = usable.filter(l => isNaN(l.number) && leadsOn.test(l.text) && behind(l));
	// One to the next page is better than one to the next numbers, and that than one to the last page.
	const rank = l => /^(\u00bb|>>+|\u25b6|\u25ba)$/.test(l.text) ? 2 : /^(\u2026|\.|\u2022|\u22ef)/.test(l.text) ? 1 : 0;
	return {
		current: current ? current.number : 0,
		next: control(usable.find(l => l.number === page + 1)),
		beyond: control(beyond.sort((a, b) => rank(a) - rank(b))[0]),
		further: control(usable.find(l => l.number > page + 1)),
		shown: links.length > 0 && shows(page + 1),
	};
}
