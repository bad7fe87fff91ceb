// A part of the hook: what a tab asks for that its opener writes waits until it is
// heard, or there would be nobody to tell how its answers end.
(window, hook, root) => {
	const {Promise, WeakSet, XMLHttpRequest, setTimeout} = window;
	const {wrap, quietly} = hook;
	const most = 3000, atOnce = new WeakSet();
	let written = null, unheard = null;
	// expect is called by an opener that looks for files, and heard once the tab is
	// heard; a tab is waited for once.
	hook.expect = () => {
		if (written) return;
		written = window.document;
		unheard = new Promise(done => {
			hook.heard = done;
			setTimeout(done, most);
		}).then(() => { unheard = null; });
	};
	// waits is what is waited for. A page of the site's own that comes to the window
	// waits for nothing: its answer was heard before it.
	hook.waits = () => window.document === written ? unheard : null;
	const waits = () => quietly(() => root.waits());
	wrap(window, 'fetch', run => waits()?.then(run) ?? run());
	wrap(XMLHttpRequest.prototype, 'open', (run, self, [, , async = true]) => {
		quietly(() => async ? atOnce.delete(self) : atOnce.add(self));
		return run();
	});
	wrap(XMLHttpRequest.prototype, 'send', (run, self) => {
		const until = atOnce.has(self) ? null : waits();
		if (!until) return run();
		until.then(() => quietly(run));
	});
}
