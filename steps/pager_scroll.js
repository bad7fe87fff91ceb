async (rows, move) => {
	const html = document.scrollingElement || document.documentElement;
	const scrolls = e => e && e.scrollHeight > e.clientHeight + 1 && (e === html || /auto|scroll|overlay/.test(getComputedStyle(e).overflowY));
	const named = document[Symbol.for('pipe.box')];
	// What was named may hold what scrolls, or stand within it.
	let box = named && named.isConnected ? named : html;
	if (!scrolls(box)) {
		let around = rows[0];
		while (around && !scrolls(around)) around = around.parentElement;
		box = around || box;
	}
	const frame = () => new Promise(done => { const t = setTimeout(done, 100); requestAnimationFrame(() => { clearTimeout(t); done(); }); });
	const at = box.scrollTop;
	const to = {top: 0, view: at + Math.max(1, box.clientHeight * 0.75), back: Math.max(0, at - box.clientHeight / 2), end: box.scrollHeight}[move];
	if (to !== undefined) {
		box.scrollTo({top: to, behavior: 'instant'});
		await frame();
		await frame();
		return null;
	}
	const edge = box === html ? {top: 0, bottom: innerHeight} : (r => ({top: r.top + box.clientTop, bottom: r.top + box.clientTop + box.clientHeight}))(box.getBoundingClientRect());
	const rects = rows.map(e => e.getBoundingClientRect()).filter(r => r.height > 0);
	const end = box.scrollTop + box.clientHeight >= box.scrollHeight - 2;
	let covered = rects.length > 0 || rows.length > 0;
	if (rects.length > 0) {
		const slack = 1.5 * Math.max(...rects.map(r => r.height));
		const top = Math.min(...rects.map(r => r.top)), bottom = Math.max(...rects.map(r => r.bottom));
		covered = (box.scrollTop < 2 || top <= edge.top + slack) && (end || bottom >= edge.bottom - slack) && bottom > edge.top && top < edge.bottom;
	}
	const texts = rows.map(e => (e.innerText ?? e.textContent).trim());
	// The numbers of all rows, those among them that are not asked for.
	const around = rows[0] ? rows[0].closest('[aria-rowcount]') : null;
	return {
		texts,
		links: rows.map(e => { const a = e.matches('a[href]') ? e : e.querySelector('a[href]'); return a ? a.getAttribute('href') : ''; }),
		numbers: around ? [...around.querySelectorAll('[aria-rowindex]')].filter(e => !e.closest('[aria-rowcount]') || e.closest('[aria-rowcount]') === around).map(e => Number(e.getAttribute('aria-rowindex'))) : [],
		count: around ? Number(around.getAttribute('aria-rowcount')) : -1,
		place: [Math.round(box.scrollTop), box.scrollHeight, rects[0] ? Math.round(rects[0].top) : 0],
		end,
		covered,
		busy: !!box.closest('[aria-busy=true]') || !!box.querySelector('[aria-busy=true]'),
	};
}
