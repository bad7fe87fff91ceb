package steps

// AlertsJS is a function of a document that gives the texts by which it tells its user
// that something is wrong: of the most and the size that are given, each once.
const AlertsJS = `([most, size]) => {
	const texts = new Set();
	for (const e of document.querySelectorAll('[role=alert], [role=alertdialog], [role=status], [aria-live]:not([aria-live=off]), dialog[open], .error, .errors, .alert, .toast, .warning, .message, [class*=error i]')) {
		if (texts.size >= most) break;
		const text = (e.innerText || '').trim();
		if (text && e.getClientRects().length) texts.add(text.slice(0, size));
	}
	return [...texts];
}`
