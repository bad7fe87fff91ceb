// A part of the hook: what a document may yet do by itself, so that a tab is not
// given up which is about to ask for its file.
(window, hook, root) => {
	const {Math, Number, Set, WeakRef} = window;
	const {wrap, quietly} = hook;
	// most is the longest timer, in milliseconds, that may be one for the file: those
	// that end a session are longer.
	const most = 60_000;
	hook.longest = 0;
	hook.streams = [];
	const timer = (run, _, [, ms]) => {
		quietly(() => { if (Number(ms) <= most) root.longest = Math.max(root.longest, Number(ms)); });
		return run();
	};
	wrap(window, 'setTimeout', timer);
	wrap(window, 'setInterval', timer);
	const stream = run => {
		const made = run();
		quietly(() => root.streams.push(new WeakRef(made)));
		return made;
	};
	wrap(window, 'WebSocket', stream);
	wrap(window, 'EventSource', stream);
	// workers are those of the document: they may be at work on a file, and ask for
	// nothing meanwhile.
	hook.workers = new Set();
	wrap(window, 'Worker', run => {
		const made = run();
		quietly(() => root.workers.add(made));
		return made;
	});
	wrap(window.Worker.prototype, 'terminate', (run, self) => {
		quietly(() => root.workers.delete(self));
		return run();
	});
	// rest is how long the document may be quiet and yet go on, in milliseconds: as
	// long as its longest timer, or its refresh; -1 while the site can send to it, a worker
	// is there, or a link has begun a download.
	hook.rest = () => {
		if (hook.saves || hook.workers.size || hook.streams.some(ref => ref.deref()?.readyState < 2)) return -1;
		const refresh = Number.parseFloat(window.document.querySelector('meta[http-equiv=refresh i]')?.content) * 1000;
		return refresh <= most ? Math.max(hook.longest, refresh) : hook.longest;
	};
}
