// all elements below one that are to be seen, those of shadow roots too, as describe says of
// them but for their selectors, and the frames that it holds. What is kept is for later
// questions about them, by their numbers.
(on, options, describe) => {
	const kept = [], elements = [], frames = [];
	const walk = root => {
		for (const e of root.querySelectorAll('*')) {
			if (e.shadowRoot) walk(e.shadowRoot);
			if (e.matches('head, head *, script, style, noscript, template, br, option')) continue;
			const box = e.getBoundingClientRect();
			const frame = e.matches('iframe, frame');
			if (kept.length >= options.most || !frame && (box.width === 0 || box.height === 0)) continue;
			if (frame) frames.push(kept.length);
			kept.push(e);
		}
	};
	walk(on);
	globalThis[Symbol.for('pipe.page')] = {frame: options.frame, kept};
	for (const e of kept) elements.push(describe(e, {testID: options.testID, plain: true}));
	return {elements, frames};
}
