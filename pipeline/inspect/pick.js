// Outlines what the pointer is over, and gives what is pressed to __pipe_pick instead of to the
// page. With Alt held a press is the page's.
() => {
	const key = Symbol.for('pipe.pick');
	if (window[key]) return;
	window[key] = true;
	const box = document.createElement('div');
	box.popover = 'manual'; // above dialogs too
	box.style.cssText = 'all: initial; position: fixed; margin: 0; padding: 0; box-sizing: border-box; border: 2px solid #d6336c; background: rgba(214, 51, 108, .15); pointer-events: none;';
	const outline = el => {
		const r = el.getBoundingClientRect();
		if (!box.isConnected) document.documentElement.append(box);
		box.hidePopover();
		box.showPopover();
		Object.assign(box.style, {display: 'block', left: r.left + 'px', top: r.top + 'px', width: r.width + 'px', height: r.height + 'px'});
	};
	const clear = () => box.remove();
	const target = e => e.composedPath().find(n => n.nodeType === Node.ELEMENT_NODE);
	addEventListener('pointermove', e => e.altKey ? clear() : outline(target(e)), true);
	document.addEventListener('pointerleave', clear, true);
	for (const name of ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'auxclick', 'contextmenu']) {
		addEventListener(name, e => {
			if (e.altKey) return;
			e.preventDefault();
			e.stopImmediatePropagation();
			if (name === 'pointerdown') {
				clear();
				window.__pipe_pick(target(e));
			}
		}, true);
	}
}
