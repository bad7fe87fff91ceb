// Acts on the one element that was picked, by events that are made in the page. It gives
// 'done' and what a field held before, or why it did not act: '' where that is for real input.
(picked, w) => {
	// A script that makes an element do something may come after it, which is why what is
	// done by the browser's own input, some frames later, finds it there. A document that
	// never ends is waited for as long as the last number says, in milliseconds.
	const beingRead = view => {
		const [page] = view.performance.getEntriesByType('navigation');
		return page?.domContentLoadedEventEnd === 0 && view.document.readyState !== 'complete' && view.performance.now() < 5000;
	};
	if (picked.length !== 1) return '';
	const el = picked[0];
	if (!el.isConnected) return '';
	const view = el.ownerDocument.defaultView;
	if (beingRead(view)) return 'its document is still being read';
	el.scrollIntoViewIfNeeded?.();
	const r = el.getBoundingClientRect();
	const at = {
		bubbles: true, cancelable: true, composed: true, view, detail: 1, button: 0,
		clientX: r.x + r.width / 2, clientY: r.y + r.height / 2,
	};
	const pointer = (type, buttons) => el.dispatchEvent(new PointerEvent(type, {...at, detail: 0, buttons, pointerId: 1, pointerType: 'mouse', isPrimary: true}));
	const mouse = (type, buttons) => el.dispatchEvent(new MouseEvent(type, {...at, buttons}));
	const focus = on => on?.focus?.({preventScroll: true});
	if (w.act === 'click') {
		const why = obstacle(el);
		if (why) return why;
		for (const type of ['over', 'move']) {
			pointer('pointer' + type, 0);
			mouse('mouse' + type, 0);
		}
		pointer('pointerdown', 1);
		if (mouse('mousedown', 1)) {
			const on = el.closest('a[href], area[href], button, input, select, textarea, summary, label, [tabindex], [contenteditable]');
			if (on?.localName !== 'label') focus(on);
		}
		pointer('pointerup', 0);
		mouse('mouseup', 0);
		mouse('click', 0);
		return 'done';
	}
	if (!el.matches('textarea, input:not([type]), input:is([type=text], [type=search], [type=tel], [type=url], [type=email], [type=password], [type=number])')) return '';
	if (el.disabled || el.readOnly || el.closest('[aria-disabled=true]')) return '';
	focus(el);
	const before = el.value;
	el.value = w.value;
	el.dispatchEvent(new InputEvent('input', {bubbles: true, composed: true, inputType: 'insertText', data: w.value}));
	el.dispatchEvent(new Event('change', {bubbles: true}));
	return 'done' + before;
}
