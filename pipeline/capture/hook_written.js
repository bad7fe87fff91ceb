// A part of the hook: what a tab asks for that its opener writes waits until it is
// heard, or there would be nobody to tell how its answers end.
(window, hook, root) => {
	const {Promise, WeakSet, XMLHttpRequest, setTimeout} = window;
	const {wrap, quietly} = hook;
	const most = 3000, atOnce = new WeakSet();
	let expected = false;
	// expect is called by an opener that looks for files, and heard once the tab is
	// heard; a tab is waited for once.
	hook.expect = () => {
		if (expected) return;
		expected = true;
		hook.unheard = new Promise(done => {
			hook.heard = done;
			setTimeout(done, most);
		}).then(() => { hook.unheard = null; });
	};
	wrap(window, 'fetch', run => root.unheard ? root.unheard.then(run) : run());
	wrap(XMLHttpRequest.prototype, 'open', (run, self, [, , async = true]) => {
		quietly(() => async ? atOnce.delete(self) : atOnce.add(self));
		return run();
	});
	wrap(XMLHttpRequest.prototype, 'send', (run, self) => {
		if (!root.unheard || atOnce.has(self)) return run();
		root.unheard.then(() => quietly(run));
	});
}
