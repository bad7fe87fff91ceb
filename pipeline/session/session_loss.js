(signs, tell) => {
	// Runs in every document of a context, before its own scripts. It looks a few
	// times a second at most, and only after the document has changed.
	const pause = 200;
	try { void top.document; } catch { return; } // another site's frame
	let due = 0, told = false;
	const shown = e => !!e && (e.checkVisibility ? e.checkVisibility({visibilityProperty: true}) : e.getClientRects().length > 0);
	const seen = selector => {
		try { return [...document.querySelectorAll(selector)].some(shown); } catch { return false; }
	};
	// As Holds in package steps: in capitals or not, however the words are spaced.
	const fold = text => text.toLowerCase().replace(/\s+/g, ' ').trim();
	const reads = text => {
		if (!document.body || !fold(document.body.textContent).includes(fold(text))) return false;
		return !document.body.innerText || fold(document.body.innerText).includes(fold(text));
	};
	const look = () => {
		due = 0;
		if (told || !signs.selectors?.some(seen) && !signs.texts?.some(reads)) return;
		told = true;
		window[tell]();
	};
	const soon = () => { if (!due && !told) due = setTimeout(look, pause); };
	const start = () => {
		new MutationObserver(soon).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
		look();
	};
	document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', start) : start();
}
